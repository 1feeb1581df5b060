using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>
/// The truth of the program: every accepted event, in the order of acknowledgement, as received. One thread writes; requests that wait
/// at the same time share a transaction and so one write to the disk.
/// </summary>
internal sealed class EventLog : IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxGroupBytes = 16 << 20;
    private const int LatestBytes = 32 << 20;
    private const int RowsAtOnce = 64;
    private const long LargeJournalBytes = 64 << 20;
    private const int ImportGapMs = 50, OnlyImportsAfterMs = 2000;
    private const int TidyingTries = 100;
    private static readonly TimeSpan TidyingPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly LogAppend NothingToAppend = new(0, LogKind.Erase, true, 0, null, []);

    private sealed record Pending(LogAppend Append, TaskCompletionSource<Appended> Done, IReadOnlyList<RewrittenRow>? Rewritten = null)
    {
        public int Bytes { get; } = BytesOf(Append.Events);

        private static int BytesOf(IReadOnlyList<AcceptedEvent> events)
        {
            var bytes = 0;
            for (var i = 0; i < events.Count; i++) bytes += events[i].Json.Length;
            return bytes;
        }
    }

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(MaxGroup) { SingleReader = true });
    private readonly ConcurrentDictionary<int, LogTotal> _totals = new();
    private readonly LogRowBuilder _builder = new();
    private readonly LatestRows _latest = new(LatestBytes);
    private readonly LogFile _file;
    private readonly IngestionOptions _options;
    private readonly TimeProvider _time;
    private readonly Thread _writer;
    private readonly SemaphoreSlim _committing = new(1);
    private RecentKeys? _recent;
    private (int Source, KeySet Keys)? _imported;
    private TaskCompletionSource _advanced = NewSignal();
    private Task _tidying = Task.CompletedTask;
    private volatile HashSet<int> _undone = [];
    private int _lastImport;
    private long _end, _arrivedEnd;
    private long _importAtMs = long.MinValue / 2, _eventsAtMs = long.MinValue / 2;

    public EventLog(DataFolder folder, IOptions<IngestionOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _file = new LogFile(folder.EventLog);
        _end = _arrivedEnd = _file.EndPosition();
        foreach (var total in _file.Totals()) _totals[total.SourceId] = total;
        foreach (var (import, kind) in _file.ImportDecisions()) Decide(import, kind);
        _lastImport = _file.LastImport();
        _writer = new Thread(Write) { IsBackground = true, Name = "event log" };
        _writer.Start();
    }

    /// <summary>Log position (exclusive) of what is committed; every event and every merge, split or erasure takes one, dense from 0.</summary>
    public long EndPosition => Volatile.Read(ref _end);

    /// <summary>Log position (exclusive) of the last events that calls or imports brought; what the program itself decides of customers streams in from nobody.</summary>
    public long ArrivedEnd => Volatile.Read(ref _arrivedEnd);

    /// <summary>Rows of an import were written a moment ago, and for longer nothing else: nobody waits for events of this second.</summary>
    public bool TakesOnlyImports
    {
        get
        {
            var now = Environment.TickCount64;
            return now - Volatile.Read(ref _importAtMs) < ImportGapMs && now - Volatile.Read(ref _eventsAtMs) > OnlyImportsAfterMs;
        }
    }

    /// <summary>Told how many seconds each group of requests took to be written; set by who measures.</summary>
    public Action<double>? CommitTook { get; set; }

    /// <summary>Events of each source that has any.</summary>
    public ICollection<LogTotal> Totals => _totals.Values;

    /// <summary>Numbers of the imports that were taken back.</summary>
    public IReadOnlySet<int> UndoneImports => _undone;

    /// <summary>The highest number an import in the log has; 0 before the first.</summary>
    public int LastImport => Volatile.Read(ref _lastImport);

    /// <summary>The key by which the log knows an event of a source again.</summary>
    public UInt128 KeyOf(int sourceId, ReadOnlySpan<byte> messageId) => EventKey.Of(_file.Secret, sourceId, messageId);

    /// <summary>Completes only after the commit. An event whose key is known is left out: of the calls within the window, of imports for ever.</summary>
    /// <param name="append">Its events' memory must stay unchanged until the returned task has ended.</param>
    /// <param name="ct">Ends the waiting for a place in the queue; what is queued is written.</param>
    /// <exception cref="EventLogUnavailableException">Nothing of it was written; it may be sent again.</exception>
    public Task<Appended> AppendAsync(LogAppend append, CancellationToken ct) => WriteAsync(new Pending(append, NewDone()), ct);

    /// <summary>Rewrites rows, all or none, and completes when their former bytes are in no file of the log any more. Who follows the log must have followed these rows before.</summary>
    /// <exception cref="EventLogUnavailableException">Nothing was rewritten, or the journal could not be emptied yet.</exception>
    public async Task RewriteAsync(IReadOnlyList<RewrittenRow> rows)
    {
        await WriteAsync(new Pending(NothingToAppend, NewDone(), rows), CancellationToken.None);
        await TidyAsync();
    }

    /// <summary>Completes when the journal is empty: nothing that was rewritten before is in a file of the log any more.</summary>
    /// <exception cref="EventLogUnavailableException">It could not be emptied yet.</exception>
    public async Task TidyAsync()
    {
        // A reader in the middle of its few rows keeps the journal from being emptied.
        for (var tries = 1; !await Task.Run(_file.Tidy); tries++)
        {
            if (tries == TidyingTries) throw new EventLogUnavailableException("The log's journal could not be emptied: a reader holds it.", new IOException(_file.ToString()));
            await Task.Delay(TidyingPause);
        }
    }

    private async Task<Appended> WriteAsync(Pending pending, CancellationToken ct)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, ct);
        }
        catch (ChannelClosedException e)
        {
            throw new EventLogUnavailableException("The event log is closed: the server is stopping.", e);
        }

        return await pending.Done.Task;
    }

    /// <summary>Rows in order from <paramref name="fromPosition"/> on, up to what is committed; the first is cut to begin there. Read in short transactions, so that a slow reader does not keep the file from being tidied.</summary>
    public IEnumerable<LogRow> Read(long fromPosition)
    {
        while (fromPosition < EndPosition)
        {
            var read = 0;
            foreach (var row in _latest.From(fromPosition, RowsAtOnce) ?? _file.Read(fromPosition, RowsAtOnce))
            {
                read++;
                yield return row.From(fromPosition);
                fromPosition = row.Position + row.Count;
            }

            if (read == 0) throw new InvalidDataException($"The event log ends before position {fromPosition}, though it should reach to {EndPosition}.");
        }
    }

    /// <summary>Completes when <see cref="EndPosition"/> is beyond <paramref name="position"/>.</summary>
    public async Task WaitForAsync(long position, CancellationToken ct)
    {
        while (true)
        {
            // The signal is taken before the look: an advance in between completes it.
            var advanced = Volatile.Read(ref _advanced).Task;
            if (EndPosition > position) return;
            await advanced.WaitAsync(ct);
        }
    }

    /// <summary>The original JSON of one event; null where there is no such position.</summary>
    public ReadOnlyMemory<byte>? Find(long position)
    {
        if (FindRow(position) is not { } row) return null;
        foreach (var line in row.Events) return line;
        return null;
    }

    /// <summary>The row that holds a position, cut to begin there; null where there is none.</summary>
    public LogRow? FindRow(long position) =>
        position < 0 || position >= EndPosition ? null : _file.Read(position, limit: 1).Single().From(position);

    /// <summary>Positions of the erasures' records, in their order.</summary>
    public IReadOnlyList<long> Erasures() => _file.Positions(LogKind.Erase);

    /// <summary>Positions of the records of events whose time is over, in their order.</summary>
    public IReadOnlyList<long> Agings() => _file.Positions(LogKind.Aged);

    /// <summary>Some rows from the one that holds a position on, whole.</summary>
    public IEnumerable<LogRow> ReadRows(long position, int limit) => _file.Read(position, limit);

    /// <summary>Reads the whole file and its positions; what is wrong, or null.</summary>
    public string? FindFault() => _file.FindFault();

    /// <summary>The rows of an import in order, without their bodies unless they are wanted.</summary>
    public IEnumerable<LogRow> ReadImport(int importId, bool bodies) => _file.Import(importId, bodies);

    /// <summary>Rows of calls and imports of one source before a position, without imports taken back.</summary>
    public IEnumerable<LogRow> ReadSource(int sourceId, long before) => _file.OfSource(sourceId, before, _undone);

    /// <summary>Keys of the events of an import.</summary>
    public IEnumerable<UInt128> KeysOfImport(int importId) => _file.KeysOfImport(importId).SelectMany(LogRowBuilder.Keys);

    /// <summary>All keys ever imported from a source, in the order of the log, but for those of imports taken back.</summary>
    public IEnumerable<UInt128> KeysOfSource(int sourceId) => _file.CommittedImportKeys(sourceId, _undone).SelectMany(LogRowBuilder.Keys);

    /// <summary>A copy of all keys ever imported from a source, for a look at what an import would find; those of imports taken back are forgotten.</summary>
    public KeySet KeysImportedFrom(int sourceId)
    {
        var keys = new KeySet();
        foreach (var key in KeysOfSource(sourceId)) keys.Add(key);
        return keys;
    }

    /// <summary>Nothing is added until the result is disposed of; what comes meanwhile waits, not yet acknowledged.</summary>
    public async Task<IAsyncDisposable> HoldAsync(CancellationToken ct)
    {
        await _committing.WaitAsync(ct);
        return new Held(_committing);
    }

    private sealed class Held(SemaphoreSlim committing) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            committing.Release();
            return ValueTask.CompletedTask;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete()) return;
        await Task.Run(_writer.Join);
        await _tidying;
        _file.Dispose();
        _committing.Dispose();
    }

    private static TaskCompletionSource<Appended> NewDone() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Write()
    {
        var group = new List<Pending>();
        while (WaitForMore())
        {
            group.Clear();
            for (var bytes = 0; group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out var pending); bytes += pending.Bytes) group.Add(pending);
            _committing.Wait();
            var started = Stopwatch.GetTimestamp();
            try
            {
                Commit(group);
                CommitTook?.Invoke(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            catch (Exception e) when (e is SqliteException or IOException or InvalidOperationException)
            {
                // What the sets remember of this group is not in the log: they are built anew from it.
                (_recent, _imported) = (null, null);
                foreach (var pending in group) pending.Done.TrySetException(new EventLogUnavailableException($"The event log cannot be written: {e.Message}", e));
            }
            finally
            {
                _committing.Release();
            }
        }
    }

    /// <summary>Readers that follow closely keep the journal from beginning anew, so that a busy time leaves a large one; it is put into the file when nothing comes.</summary>
    private bool WaitForMore()
    {
        var more = _queue.Reader.WaitToReadAsync().AsTask();
        if (!more.IsCompleted && _tidying.IsCompleted && _file.JournalBytes > LargeJournalBytes && !more.Wait(Quiet)) _tidying = Task.Run(_file.Tidy);
        return more.GetAwaiter().GetResult();
    }

    private void Commit(List<Pending> group)
    {
        var answers = new Appended[group.Count];
        var totals = new Dictionary<int, LogTotal>();
        var rows = new List<LogRow>(group.Count);
        var (end, arrived) = (_end, _arrivedEnd);
        using (var tx = _file.Begin())
        {
            for (var i = 0; i < group.Count; i++)
            {
                foreach (var row in group[i].Rewritten ?? []) _file.Rewrite(tx, row);
                var append = group[i].Append;
                Choose(append);
                if (_builder.Count > 0)
                {
                    var body = _builder.Body();
                    _file.Insert(tx, end, append, _builder.Count, _builder.Keys(), body);
                    rows.Add(new LogRow(end, _builder.Count, append.SourceId, append.Kind, append.Trusted, append.ReceivedAtMs, append.SentAtMs, body));
                }

                end += _builder.Count;
                if (_builder.Count > 0 && append.Kind is LogKind.Events or LogKind.Import) arrived = end;
                answers[i] = new Appended(end, _builder.Count, append.Events.Count - _builder.Count);
                if (Counted(append, answers[i]) is not { } counted) continue;
                totals[append.SourceId] = Sum(totals.GetValueOrDefault(append.SourceId) ?? new LogTotal(append.SourceId, 0, 0, 0), counted);
            }

            foreach (var total in totals.Values) _file.Count(tx, total);
            tx.Commit();
        }

        foreach (var total in totals.Values) _totals.AddOrUpdate(total.SourceId, total, (_, had) => Sum(had, total));
        foreach (var pending in group)
            if (pending.Append.ImportId is { } import) Decide(import, pending.Append.Kind);
        if (group.Exists(p => p.Rewritten is not null))
        {
            _latest.Clear();
            // Some keys are known no more.
            if (group.Exists(p => p.Rewritten?.Any(r => r.Forgotten is { Count: > 0 }) == true)) _imported = null;
        }
        else
        {
            _latest.Add(rows);
        }

        if (group.Exists(p => p.Append.Kind == LogKind.Import)) Volatile.Write(ref _importAtMs, Environment.TickCount64);
        if (group.Exists(p => p.Append.Kind != LogKind.Import)) Volatile.Write(ref _eventsAtMs, Environment.TickCount64);
        Volatile.Write(ref _arrivedEnd, arrived);
        Volatile.Write(ref _end, end);
        Interlocked.Exchange(ref _advanced, NewSignal()).SetResult();
        for (var i = 0; i < group.Count; i++) group[i].Done.SetResult(answers[i]);
    }

    /// <summary>What an append adds to the figures of its source; other decisions of people come from no source.</summary>
    private LogTotal? Counted(LogAppend append, Appended done) => append.Kind switch
    {
        LogKind.Events or LogKind.Import => new LogTotal(append.SourceId, done.Count, done.Duplicates, append.ReceivedAtMs),
        LogKind.ImportUndone => new LogTotal(append.SourceId, -EventsOf(append.ImportId!.Value), 0, 0),
        LogKind.ImportRestored => new LogTotal(append.SourceId, EventsOf(append.ImportId!.Value), 0, 0),
        _ => null,
    };

    private long EventsOf(int importId) => _file.Import(importId, bodies: false).Sum(r => (long)r.Count);

    /// <summary>Remembers which imports count. Decisions and imports never come at the same time, so that the keys read anew are those of this moment.</summary>
    private void Decide(int import, LogKind kind)
    {
        Volatile.Write(ref _lastImport, Math.Max(_lastImport, import));
        if (kind is not (LogKind.ImportUndone or LogKind.ImportRestored)) return;
        var undone = new HashSet<int>(_undone);
        if (kind == LogKind.ImportUndone) undone.Add(import);
        else undone.Remove(import);
        _undone = undone;
        _imported = null;
    }

    private static LogTotal Sum(LogTotal a, LogTotal b) =>
        new(a.SourceId, a.Events + b.Events, a.Duplicates + b.Duplicates, Math.Max(a.LastReceivedAtMs, b.LastReceivedAtMs));

    private void Choose(LogAppend append)
    {
        if (append.Kind == LogKind.Import)
        {
            var imported = ImportedKeys(append.SourceId);
            _builder.Choose(append.Events, imported.Touch, imported.Add);
            return;
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var recent = _recent ??= RestoreRecent(now);
        _builder.Choose(append.Events, recent.Touch, key => recent.Add(key, now));
    }

    private RecentKeys RestoreRecent(long nowMs)
    {
        var recent = new RecentKeys(_options.DuplicateWindow, _options.DuplicateMemory, nowMs);
        foreach (var key in _file.RecentKeys(nowMs - (long)_options.DuplicateWindow.TotalMilliseconds).SelectMany(LogRowBuilder.Keys))
        {
            if (recent.GenerationIsFull) break;
            recent.Add(key, nowMs);
        }

        return recent;
    }

    /// <summary>All keys ever imported from a source; of the source that imported last they stay in memory.</summary>
    private KeySet ImportedKeys(int sourceId)
    {
        if (_imported is { } loaded && loaded.Source == sourceId) return loaded.Keys;
        var keys = new KeySet();
        foreach (var key in _file.ImportKeys(sourceId, _undone).SelectMany(LogRowBuilder.Keys)) keys.Add(key);
        _imported = (sourceId, keys);
        return keys;
    }
}
