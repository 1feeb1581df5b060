using System.Data.Common;
using System.Text;
using System.Threading.Channels;
using Tangent.Access;

namespace Tangent.Collect;

/// <summary>What somebody who looks on is told of: one event that came in or was rejected, or how many were not shown.</summary>
/// <param name="Outcome">accepted, rejected or unseen.</param>
/// <param name="Count">Events; more than one only where they are not shown one by one.</param>
/// <param name="Received">When, UTC.</param>
/// <param name="Reason">Why it was rejected.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="Type">track, page, identify, …; empty where that cannot be told.</param>
/// <param name="Name">Name of the event.</param>
/// <param name="Identifier">Who: the user id, else the anonymous id.</param>
/// <param name="Body">What was sent, cut after some thousand characters.</param>
internal sealed record TailEvent(
    TailOutcome Outcome, int Count, DateTime Received, Rejection? Reason = null, string Detail = "", string Type = "", string Name = "", string Identifier = "", string Body = "")
{
    /// <summary>As a reader may see it.</summary>
    public TailEvent Masked(Masking masking) => masking.IsNone ? this : this with { Detail = masking.Text(Detail), Name = masking.Text(Name), Identifier = masking.Text(Identifier), Body = masking.Json(Body) };
}

internal enum TailOutcome
{
    Accepted,
    Rejected,
    Unseen,
}

/// <summary>
/// Shows those who look on what comes in from a source. It follows the event log only while somebody looks, shows at most so many events a
/// second and says how many it did not; whoever reads slowly loses the oldest. Collecting never waits for a viewer.
/// </summary>
internal sealed class LiveTail(EventLog log, IHostApplicationLifetime lifetime, ILogger<LiveTail> logger)
{
    public const int MostViewers = 1000;
    public const int MostInASecond = 50;
    private const int Buffered = 256;
    private const int MostBodyBytes = 4096;

    private readonly Lock _gate = new();
    private readonly CollectedEvent _event = new();
    private volatile Viewer[] _viewers = [];
    private bool _following;

    internal sealed class Viewer(int sourceId)
    {
        private readonly Channel<TailEvent> _channel = Channel.CreateBounded<TailEvent>(new BoundedChannelOptions(Buffered) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        public int SourceId => sourceId;

        public ChannelReader<TailEvent> Events => _channel.Reader;

        public void Show(TailEvent e) => _channel.Writer.TryWrite(e);
    }

    public int Viewers => _viewers.Length;

    /// <returns>Null where too many look on already.</returns>
    public Viewer? TryJoin(int sourceId)
    {
        lock (_gate)
        {
            if (_viewers.Length >= MostViewers) return null;
            var viewer = new Viewer(sourceId);
            _viewers = [.. _viewers, viewer];
            if (_following) return viewer;
            _following = true;
            var position = log.EndPosition;
            _ = Task.Run(() => FollowAsync(position));
            return viewer;
        }
    }

    public void Leave(Viewer viewer)
    {
        lock (_gate) _viewers = [.. _viewers.Where(v => v != viewer)];
    }

    /// <summary>Told of every rejection; costs nothing while nobody looks.</summary>
    public void Rejected(RejectedEvent rejected)
    {
        foreach (var viewer in _viewers)
        {
            if (viewer.SourceId != rejected.SourceId) continue;
            viewer.Show(new TailEvent(TailOutcome.Rejected, 1, rejected.ReceivedUtc, rejected.Reason, rejected.Detail, Body: rejected.Body.Length > MostBodyBytes ? rejected.Body[..MostBodyBytes] : rejected.Body));
        }
    }

    private async Task FollowAsync(long position)
    {
        var stopping = lifetime.ApplicationStopping;
        try
        {
            while (true)
            {
                var more = log.WaitForAsync(position, stopping);
                while (!more.IsCompleted && _viewers.Length > 0) await Task.WhenAny(more, Task.Delay(TimeSpan.FromSeconds(1), stopping));
                lock (_gate)
                {
                    _following = _viewers.Length > 0 && !stopping.IsCancellationRequested;
                    if (!_following) return;
                }

                position = ShowFrom(position);
                await Task.Delay(TimeSpan.FromSeconds(1) / 4, stopping);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidDataException or DbException)
        {
            if (e is not OperationCanceledException) logger.LogWarning(e, "The live tail ended; it begins again with the next viewer.");
            lock (_gate) _following = false;
        }
    }

    /// <returns>The position after what was there.</returns>
    private long ShowFrom(long position)
    {
        var left = new Dictionary<int, int>();
        var unseen = new Dictionary<int, int>();
        // What comes meanwhile is for the next look, which may show some of it.
        var end = log.EndPosition;
        foreach (var row in log.Read(position))
        {
            if (position >= end) break;
            position = row.Position + row.Count;
            if (row.Kind != LogKind.Events || !Array.Exists(_viewers, v => v.SourceId == row.SourceId)) continue;
            var budget = left.GetValueOrDefault(row.SourceId, MostInASecond / 4);
            var shown = Math.Min(budget, row.Count);
            left[row.SourceId] = budget - shown;
            if (row.Count > shown) unseen[row.SourceId] = unseen.GetValueOrDefault(row.SourceId) + row.Count - shown;
            foreach (var json in row.Events)
            {
                if (shown-- <= 0) break;
                Show(row.SourceId, Of(row, json));
            }
        }

        foreach (var (source, count) in unseen) Show(source, new TailEvent(TailOutcome.Unseen, count, DateTime.UtcNow));
        return position;
    }

    private void Show(int sourceId, TailEvent e)
    {
        foreach (var viewer in _viewers)
            if (viewer.SourceId == sourceId) viewer.Show(e);
    }

    private TailEvent Of(LogRow row, ReadOnlyMemory<byte> json)
    {
        var received = DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAtMs).UtcDateTime;
        var body = Encoding.UTF8.GetString(json.Span[..Math.Min(json.Length, MostBodyBytes)]);
        if (!_event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _)) return new TailEvent(TailOutcome.Accepted, 1, received, Body: body);
        return new TailEvent(TailOutcome.Accepted, 1, received, Type: _event.Type.ToString().ToLowerInvariant(), Name: Encoding.UTF8.GetString(_event.Name),
            Identifier: Encoding.UTF8.GetString(_event.UserId.IsEmpty ? _event.AnonymousId : _event.UserId), Body: body);
    }
}
