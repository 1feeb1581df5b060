using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Tangent.Collect;

/// <summary>What of one source was not accepted since it was last written down.</summary>
internal sealed class NotedRejections
{
    public Dictionary<Rejection, long> Counts { get; } = [];

    public Queue<RejectedEvent> Latest { get; } = new();
}

/// <summary>Counts rejections and keeps the latest of each source. It is written down every few seconds, not with each call, so that a flood of bad events costs no more than good ones; a killed server loses the last seconds of these counts.</summary>
internal sealed class RejectionJournal(IServiceScopeFactory scopes, IOptions<IngestionOptions> options, LiveTail tail, ILogger<RejectionJournal> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Rejection, long> _counts = [];
    private Dictionary<int, NotedRejections> _noted = [];

    /// <summary>Rejections since the server started.</summary>
    public IReadOnlyDictionary<Rejection, long> CountsOfThisRun => _counts;

    public void Note(int sourceId, DateTime receivedUtc, Finding finding, ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, options.Value.MaxEventBytes)]);
        var rejected = new RejectedEvent { SourceId = sourceId, ReceivedUtc = receivedUtc, Reason = finding.Reason, Detail = finding.Detail, Body = text };
        _counts.AddOrUpdate(finding.Reason, 1, (_, had) => had + 1);
        lock (_gate)
        {
            var noted = Of(sourceId);
            noted.Counts[finding.Reason] = noted.Counts.GetValueOrDefault(finding.Reason) + 1;
            Keep(noted, rejected);
        }

        tail.Rejected(rejected);
    }

    /// <summary>Writes down what was noted, so that a reader sees it.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            Dictionary<int, NotedRejections> noted;
            lock (_gate) (noted, _noted) = (_noted, []);
            if (noted.Count == 0) return;
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                await scope.ServiceProvider.GetRequiredService<RejectionQueries>().AddAsync(noted, options.Value.KeptRejections, ct);
            }
            catch
            {
                PutBack(noted);
                throw;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await FlushAsync(stoppingToken);
                }
                catch (Exception e) when (e is DbException or DbUpdateException)
                {
                    logger.LogWarning(e, "Rejected events could not be written down; they are kept in memory until they can.");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private NotedRejections Of(int sourceId)
    {
        if (!_noted.TryGetValue(sourceId, out var noted)) _noted[sourceId] = noted = new NotedRejections();
        return noted;
    }

    private void Keep(NotedRejections noted, RejectedEvent rejected)
    {
        noted.Latest.Enqueue(rejected);
        if (noted.Latest.Count > options.Value.KeptRejections) noted.Latest.Dequeue();
    }

    private void PutBack(Dictionary<int, NotedRejections> taken)
    {
        lock (_gate)
        {
            foreach (var (sourceId, old) in taken)
            {
                var noted = Of(sourceId);
                foreach (var (reason, count) in old.Counts) noted.Counts[reason] = noted.Counts.GetValueOrDefault(reason) + count;
                var newer = noted.Latest.ToArray();
                noted.Latest.Clear();
                foreach (var rejected in old.Latest.Concat(newer)) Keep(noted, rejected);
            }
        }
    }
}
