using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Tangent.Data;
using Tangent.Engine;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Everything a question needs, of one moment.</summary>
internal sealed record JourneySnapshot(JourneyView View, int Signatures, long Position);

/// <summary>Follows the event log and publishes a new snapshot of all journeys several times a second while events come in.</summary>
internal sealed class JourneyFeed(EventLog log, DataFolder folder, IOptions<JourneyOptions> options, CatchingUp catchingUp, ILogger<JourneyFeed> logger)
    : BackgroundService, ILogFollower
{
    // Under steady load a snapshot at least this often; the promise is one second from acknowledgement to answer.
    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan PublishAtLatest = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan FarBehindPublishEvery = TimeSpan.FromSeconds(2);

    // Some seconds of full load.
    private const int FarBehind = 1_000_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    // Following takes a quarter of a processor then.
    private const int ImportFirst = 3;
    private static readonly TimeSpan LongestYield = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private const int WorthKeeping = 20_000;

    private readonly Lock _waiting = new();
    private readonly List<(long Position, TaskCompletionSource Seen)> _waiters = [];
    private JourneyProjection _journeys = null!;
    private volatile JourneySnapshot _now = null!;
    private Task _compaction = Task.CompletedTask;

    // Log position up to which the base on disk reaches, or will when the compaction under way is done.
    private long _written;

    // Log position up to which the base on disk is asked to reach; and the signal that it was asked.
    private long _asked;
    private TaskCompletionSource _asking = NewSignal();
    private volatile IOException? _failure;

    public JourneySnapshot Now => _now;

    public JourneyProjection Journeys => _journeys;

    /// <summary>Why the log is no longer followed; null while it is.</summary>
    public string? Fault { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _journeys = JourneyFiles.Open(folder.Journeys, [.. options.Value.Properties]);
        if (_journeys.Position > log.EndPosition)
        {
            // Going on would throw away what may be the last copy of the journeys.
            _journeys.Table.Dispose();
            throw new InvalidOperationException(
                $"The event log ends at record {log.EndPosition}, but the journeys on disk were made from {_journeys.Position} records: events.db was lost or is an older one. "
                + $"Put the right events.db back, or delete the folder {folder.Journeys} to go on with this log.");
        }

        if (LastRewriting() >= _journeys.Position && _journeys.Position > 0)
        {
            // From a backup: the base may hold what was erased, and the log that would say so has been rewritten.
            logger.LogWarning("The journeys on disk are older than an erasure, or than the last time events aged out; they are rebuilt from the event log.");
            _journeys.Table.Dispose();
            Directory.Delete(folder.Journeys, recursive: true);
            _journeys = JourneyFiles.Open(folder.Journeys, [.. options.Value.Properties]);
        }

        if (_journeys.Table.Base is { State: BaseState.Damaged } report) logger.LogWarning("The journeys on disk are not usable ({Reason}); they are rebuilt from the event log.", report.Reason);
        Publish();
        catchingUp.Measure = () => (Now.Position, log.EndPosition);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Position of the last record after which the log was rewritten; −1 where there is none.</summary>
    private long LastRewriting() => Math.Max(
        log.Erasures().LastOrDefault(p => ErasureRecord.Of(log.Find(p)!.Value.Span).IsDone, -1), log.Agings().LastOrDefault(p => AgedRecord.Of(log.Find(p)!.Value.Span).IsDone, -1));

    /// <summary>Completes when every event before <paramref name="position"/> is in the snapshot.</summary>
    /// <exception cref="InvalidOperationException">The log is no longer followed.</exception>
    public Task WaitUntilVisibleAsync(long position, CancellationToken ct)
    {
        lock (_waiting)
        {
            if (_now.Position >= position) return Task.CompletedTask;
            if (Fault is not null) throw new InvalidOperationException(Fault);
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((position, seen));
            return seen.Task.WaitAsync(ct);
        }
    }

    public async Task WaitUntilKeptAsync(long position, CancellationToken ct)
    {
        await WaitUntilVisibleAsync(position, ct);
        _failure = null;
        InterlockedMax(ref _asked, position);
        Interlocked.Exchange(ref _asking, NewSignal()).SetResult();
        while (_journeys.Table.Watermark < position)
        {
            await Task.Delay(Look, ct);
            if (_failure is { } failure) throw new IOException(failure.Message, failure);
            if (_compaction is { IsFaulted: true, Exception.InnerException: { } other }) throw new IOException(other.Message, other);
            if (Fault is { } fault) throw new InvalidOperationException(fault);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _compaction;
        // So that the next start need not follow the log from the beginning; not where that would rewrite much for little.
        if (Fault is null && NotWritten >= WorthKeeping && NotWritten >= _now.View.Events / 10) Compact();
        await _compaction;
        _journeys.Table.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await WaitForMoreAsync(stoppingToken);
                CatchUp(stoppingToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The pages stay up and say so (doctor); the cause goes to the host, which logs it.
            lock (_waiting)
            {
                Fault = e.Message;
                foreach (var (_, seen) in _waiters) seen.SetException(new InvalidOperationException(e.Message));
                _waiters.Clear();
            }

            logger.LogCritical(e, "The event log is no longer followed; answers stand still until a restart.");
            throw;
        }
    }

    /// <summary>When nothing comes for a while, what a busy time or an import brought is written, so that the next start need not follow it again.</summary>
    private async Task WaitForMoreAsync(CancellationToken ct)
    {
        var more = log.WaitForAsync(_journeys.Position, ct);
        await Task.WhenAny(more, _compaction);
        if (!more.IsCompleted && NotWritten >= Math.Max(WorthKeeping, _now.View.Events / 100))
        {
            await Task.WhenAny(more, Task.Delay(Quiet, ct));
            if (!more.IsCompleted) Compact();
        }

        while (!more.IsCompleted)
        {
            // The signal is taken before the look, as with the log's.
            var asking = Volatile.Read(ref _asking).Task;
            if (IsAskedFor && _compaction.IsCompleted) Compact();
            await Task.WhenAny(IsAskedFor ? [more, asking, _compaction] : [more, asking]);
        }

        await more;
    }

    private bool IsAskedFor => Volatile.Read(ref _asked) > Volatile.Read(ref _written);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void InterlockedMax(ref long at, long value)
    {
        for (var seen = Volatile.Read(ref at); seen < value;) seen = Interlocked.CompareExchange(ref at, value, seen) is var found && found == seen ? value : found;
    }

    private long NotWritten => _journeys.Position - Volatile.Read(ref _written);

    private void CatchUp(CancellationToken ct)
    {
        var lastPublished = Stopwatch.GetTimestamp();
        var lastYield = lastPublished;
        var cost = TimeSpan.Zero;
        foreach (var row in log.Read(_journeys.Position))
        {
            if (ct.IsCancellationRequested) return;
            Yield(lastYield);
            lastYield = Stopwatch.GetTimestamp();
            if (row.Kind is LogKind.ImportUndone or LogKind.ImportRestored) ApplyUndo(row);
            _journeys.Apply(row);
            var isFarBehind = log.EndPosition - _journeys.Position > FarBehind;
            CompactIfFull(isFarBehind);
            if (Stopwatch.GetElapsedTime(lastPublished) < PublishAfter(cost, isFarBehind)) continue;
            var started = Stopwatch.GetTimestamp();
            Publish();
            cost = Stopwatch.GetElapsedTime(started);
            lastPublished = Stopwatch.GetTimestamp();
        }

        Publish();
    }

    /// <summary>While an import is all that comes, reading and writing its rows goes first: they are durable sooner, and nobody waits for the present.</summary>
    private void Yield(long since)
    {
        if (!log.TakesOnlyImports) return;
        // On a busy machine the time is also that of others, which gives nothing to the import.
        var wait = ImportFirst * Stopwatch.GetElapsedTime(since);
        Thread.Sleep(wait < LongestYield ? wait : LongestYield);
    }

    /// <summary>An import taken back, or that taken back: always where it stands in the log, so that a rebuild comes to the same.</summary>
    private void ApplyUndo(LogRow row)
    {
        foreach (var json in row.Events)
        {
            var undo = JsonSerializer.Deserialize(json.Span, ImportUndoJson.Default.ImportUndoRecord)!;
            if (row.Kind == LogKind.ImportUndone) _journeys.Withdraw(new PositionRanges(log.ReadImport(undo.Import, bodies: false).Select(r => (r.Position, r.Position + r.Count))));
            else foreach (var imported in log.ReadImport(undo.Import, bodies: true)) _journeys.Restore(imported);
        }
    }

    /// <summary>A snapshot costs what the journeys touched since the last one cost to copy. So that this takes a tenth of the time, under load the next one waits; at the most until a second is nearly over, and far behind, where nobody sees the present anyway, longer.</summary>
    private static TimeSpan PublishAfter(TimeSpan cost, bool isFarBehind)
    {
        if (isFarBehind) return Longer(FarBehindPublishEvery, 9 * cost);
        var wait = Longer(PublishEvery, 9 * cost);
        return wait < PublishAtLatest ? wait : Longer(PublishAtLatest, 3 * cost);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Publish()
    {
        var snapshot = new JourneySnapshot(_journeys.Table.View(), _journeys.Codes.SignatureCount, _journeys.Position);
        lock (_waiting)
        {
            _now = snapshot;
            foreach (var (position, seen) in _waiters)
                if (position <= snapshot.Position) seen.SetResult();
            _waiters.RemoveAll(w => w.Position <= snapshot.Position);
        }
    }

    private void CompactIfFull(bool isFarBehind)
    {
        if (!_compaction.IsCompleted) return;
        // Writing a large base anew for few events would be waste: the overlay may grow with it, and further while much more is known to come.
        // It also holds what its customers did before; only where that becomes too much does it count.
        long least = options.Value.CompactAtEvents, events = _now.View.Events;
        var isMuch = NotWritten >= Math.Max(isFarBehind ? 2 * least : least, events / 10);
        if (isMuch || IsAskedFor || (NotWritten >= least / 4 && _journeys.Table.OverlayEvents >= Math.Max(4 * least, events / 2))) Compact();
    }

    private void Compact()
    {
        Volatile.Write(ref _written, _journeys.Position);
        var compaction = _journeys.Table.StartCompaction(_journeys.Position);
        var state = JourneyFiles.Serialize(_journeys);
        _compaction = Task.Run(() => Complete(compaction, state));
    }

    private void Complete(Compaction compaction, byte[] state)
    {
        try
        {
            compaction.Complete(generation => JourneyFiles.Write(generation, state));
        }
        catch (IOException e)
        {
            // Nothing is lost: the events are in the log and the overlay goes on; the next attempt may find room.
            Volatile.Write(ref _written, _journeys.Table.Watermark);
            Volatile.Write(ref _asked, 0);
            _failure = e;
            logger.LogError(e, "The journeys could not be written to disk.");
        }
    }
}
