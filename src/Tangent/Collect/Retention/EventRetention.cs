using System.Text;

namespace Tangent.Collect;

/// <summary>What of one kind of events is older than a moment.</summary>
/// <param name="Events">Events.</param>
/// <param name="Customers">Customers who have one of them.</param>
/// <param name="OldestUtc">Time of the first of all, older or not; null where there is none.</param>
internal sealed record AgedEvents(long Events, long Customers, DateTime? OldestUtc);

/// <summary>
/// Lets go of events that are older than a moment, from the journeys and from the log, a part at a time: a record of the log says which, whoever follows
/// it lets go of them, then their lines are rewritten and the record with them. A stop at any moment loses nothing of it; calls and questions go on meanwhile.
/// </summary>
internal sealed class EventRetention(EventLog log, JourneyStore journeys, IEnumerable<ILogFollower> followers, RunningImports running, TimeProvider time) : IDisposable
{
    /// <summary>A record's size, and what of the journeys is written anew at once.</summary>
    private const int RunsAtOnce = 1_000_000;
    private const long EventsAtOnce = 4_000_000;
    private const int RowsAtOnce = 64;
    private const int ReadsAtOnce = 64;
    private const long BytesAtOnce = 16 << 20;

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="ofKnown">Of customers of whom there is an id, or of visitors.</param>
    /// <param name="beforeUtc">The moment.</param>
    /// <param name="kept">Numbers of the customers whose events stay, however old.</param>
    /// <param name="ct">Ends it.</param>
    public AgedEvents Count(bool ofKnown, DateTime beforeUtc, IReadOnlySet<int> kept, CancellationToken ct) => journeys.Older(ofKnown, Ms(beforeUtc), null, kept, ct);

    /// <summary>All kinds together: what they share of the log and of the journeys is written anew once.</summary>
    /// <param name="kinds">Of customers of whom there is an id, or of visitors; and before which moment.</param>
    /// <param name="kept">Numbers of the customers whose events stay, however old.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>How many events of each kind went, those of undone imports among them.</returns>
    /// <exception cref="IOException">The disk is full or fails; what is begun is finished the next time.</exception>
    /// <exception cref="InvalidOperationException">The log is no longer followed.</exception>
    public async Task<IReadOnlyList<long>> AgeOutAsync(IReadOnlyList<(bool OfKnown, DateTime BeforeUtc)> kinds, Func<IReadOnlySet<int>> kept, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await FinishPendingAsync(ct);
            var found = new PositionBits(log.EndPosition);
            var counts = new List<long>();
            var keptCustomers = kept();
            foreach (var (ofKnown, beforeUtc) in kinds)
            {
                journeys.Older(ofKnown, Ms(beforeUtc), found, keptCustomers, ct);
                AddUndone(ofKnown, Ms(beforeUtc), found, keptCustomers, ct);
                counts.Add(found.Count - counts.Sum());
            }

            foreach (var part in Parts(found)) await AgeOutAsync(part, ct);
            return counts;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Events of imports that were taken back are in no journey, but in the log; whose they would be, their ids alone say.</summary>
    private void AddUndone(bool ofKnown, long beforeMs, PositionBits found, IReadOnlySet<int> kept, CancellationToken ct)
    {
        var read = new CollectedEvent();
        foreach (var row in log.UndoneImports.SelectMany(i => log.ReadImport(i, bodies: true)))
        {
            ct.ThrowIfCancellationRequested();
            var position = row.Position;
            foreach (var line in row.Events)
            {
                if (read.Read(line, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) && LogAging.IsShown(read.Type) && read.TimestampMs < beforeMs && ofKnown != read.UserId.IsEmpty && !IsOf(read, kept)) found.Add(position);
                position++;
            }
        }
    }

    private bool IsOf(CollectedEvent read, IReadOnlySet<int> customers) =>
        customers.Count > 0 && journeys.FindCustomers(["user:" + Encoding.UTF8.GetString(read.UserId), "anonymous:" + Encoding.UTF8.GetString(read.AnonymousId)]).Any(customers.Contains);

    /// <summary>Finishes what a stop or a full disk interrupted.</summary>
    public async Task FinishAllAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await FinishPendingAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task FinishPendingAsync(CancellationToken ct)
    {
        foreach (var position in log.Agings())
            if (AgedRecord.Of(log.Find(position)!.Value.Span) is { IsDone: false } record) await FinishAsync(position, record, ct);
    }

    private async Task AgeOutAsync(IReadOnlyList<(long From, long To)> ranges, CancellationToken ct)
    {
        var record = AgedRecord.At(ranges);
        var appended = await log.AppendAsync(new LogAppend(0, LogKind.Aged, true, time.GetUtcNow().ToUnixTimeMilliseconds(), null, [new AcceptedEvent(0, record.ToJson())]), ct);
        await FinishAsync(appended.EndPosition - 1, record, ct);
    }

    private async Task FinishAsync(long position, AgedRecord record, CancellationToken ct)
    {
        foreach (var follower in followers) await follower.WaitUntilKeptAsync(position + 1, ct);
        var aging = new LogAging(PositionBits.Of(record.Ranges, position));
        using (var ranges = record.Ranges.GetEnumerator())
        {
            for (var at = Next(ranges, 0); at is { } from; at = await RewriteAsync(aging, from, ranges, ct))
            {
            }
        }

        await log.RewriteAsync([new RewrittenRow(position, AgedRecord.Done.ToJson())]);
    }

    /// <summary>Rewrites some rows from a position on. Erasures rewrite rows, too, and so wait; but only for these few.</summary>
    /// <returns>Where it goes on; null where nothing is left.</returns>
    private async Task<long?> RewriteAsync(LogAging aging, long from, IEnumerator<(long From, long To)> ranges, CancellationToken ct)
    {
        await running.Turn.WaitAsync(ct);
        try
        {
            var (part, bytes) = (new List<RewrittenRow>(), 0L);
            long? at = from;
            for (var reads = 0; at is { } start && bytes < BytesAtOnce && reads < ReadsAtOnce; reads++)
            {
                var end = start;
                // Read to the end before anything is written: an open reader would keep the journal from being emptied.
                foreach (var row in log.ReadRows(start, RowsAtOnce))
                {
                    end = row.Position + row.Count;
                    if (aging.Rewrite(row) is not { } body) continue;
                    part.Add(new RewrittenRow(row.Position, body));
                    bytes += body.Length;
                }

                at = Next(ranges, end);
            }

            if (part.Count > 0) await log.RewriteAsync(part);
            return at;
        }
        finally
        {
            running.Turn.Release();
        }
    }

    /// <summary>The first position at or after one that is in a range; null where there is none.</summary>
    private static long? Next(IEnumerator<(long From, long To)> ranges, long at)
    {
        // Before the first range it stands at nothing, from 0 to 0.
        while (ranges.Current.To <= at)
            if (!ranges.MoveNext()) return null;
        return Math.Max(at, ranges.Current.From);
    }

    private static IEnumerable<IReadOnlyList<(long From, long To)>> Parts(PositionBits found)
    {
        var (part, events) = (new List<(long From, long To)>(), 0L);
        foreach (var range in found.Ranges())
        {
            part.Add(range);
            events += range.To - range.From;
            if (part.Count < RunsAtOnce && events < EventsAtOnce) continue;
            yield return part;
            (part, events) = ([], 0);
        }

        if (part.Count > 0) yield return part;
    }

    private static long Ms(DateTime utc) => new DateTimeOffset(utc, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
