using Microsoft.Extensions.DependencyInjection;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>
/// Erases customers for good. The record comes first, so that a stop at any moment loses nothing of the decision; then everybody who
/// follows the log lets go of the customer, also on disk; then the log's rows are rewritten without its bytes, and with them the record.
/// </summary>
internal sealed class Erasures(
    EventLog log, JourneyStore journeys, IEnumerable<ILogFollower> followers, RejectionJournal rejections, RunningImports running,
    Tombstones tombstones, ErasureJournal journal, IServiceScopeFactory scopes, TimeProvider time)
{
    private const int RowsAtOnce = 64;
    private const long BytesAtOnce = 64 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), LastMoments = TimeSpan.FromSeconds(5);

    private bool _isUnfinished;

    public async Task<Erased> EraseAsync(ErasureRequest request, string by, CancellationToken ct)
    {
        // Meanwhile no import is read, taken back or taken in again: each would bring back what is being let go.
        if (!await running.Turn.WaitAsync(Patience, ct)) return new Erased(null, NotNow: T("Collect.Imports.UndoBusy"));
        try
        {
            if (_isUnfinished) await FinishPendingAsync(ct);
            // Who is who must be known up to here.
            await journeys.WaitUntilVisibleAsync(log.EndPosition, ct).WaitAsync(Patience, ct);
            if (journeys.Named(request.Customer ?? "") is not { } named) return new Erased(null, new Refusal("customer", T("Collect.Refusal.NoCustomer", request.Customer)));
            if (request.Reason?.Trim() is not { Length: > 0 and <= Decisions.MostCharacters } reason) return new Erased(null, new Refusal("reason", T("Collect.Refusal.Reason", Decisions.MostCharacters)));
            await LearnAddressesAsync(ct);
            var identifiers = journeys.Identity(named.Customer).Identifiers;
            var events = journeys.Lines([named.Customer]).Sum(l => l.Events);
            var (position, records) = await EraseAsync(identifiers, [], reason, by, ct);
            return new Erased(new ErasureAnswer(position, identifiers.Count, events, records));
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            return new Erased(null, NotNow: T("Collect.Refusal.Behind"));
        }
        catch (IOException e)
        {
            return new Erased(null, NotNow: e.Message);
        }
        finally
        {
            running.Turn.Release();
        }
    }

    /// <summary>Erases anew what had been erased since an older backup was made, which was restored; identifiers are known by their hashes. Nothing else may be going on.</summary>
    /// <returns>How many identifiers were erased.</returns>
    public async Task<int> RepeatAsync(IReadOnlyList<JournalledErasure> erasures, CancellationToken ct)
    {
        if (erasures.Count == 0) return 0;
        var hashes = erasures.SelectMany(e => e.Hashes).ToHashSet(StringComparer.Ordinal);
        var identifiers = journeys.IdentifiersThat(i => hashes.Contains(tombstones.HashesOf([i], [])[0]));
        var reasons = string.Join("; ", erasures.Select(e => e.Reason).Distinct(StringComparer.Ordinal));
        await EraseAsync(identifiers, [.. hashes], reasons.Length <= Decisions.MostCharacters ? reasons : reasons[..Decisions.MostCharacters], erasures[^1].By, ct);
        return identifiers.Count;
    }

    /// <summary>Finishes what a stop or a full disk interrupted.</summary>
    public async Task FinishAllAsync(CancellationToken ct)
    {
        await running.Turn.WaitAsync(ct);
        try
        {
            await FinishPendingAsync(ct);
            // Killed in the last moment, the rows are rewritten but the journal still has their former bytes.
            if (log.Erasures().Count > 0) await log.TidyAsync();
        }
        finally
        {
            running.Turn.Release();
        }
    }

    /// <summary>Finishes what is begun; for who has the imports' turn.</summary>
    public async Task FinishPendingAsync(CancellationToken ct)
    {
        foreach (var position in log.Erasures())
            if (ErasureRecord.Of(log.Find(position)!.Value.Span) is { IsDone: false } record) await FinishAsync(position, record, ct);
    }

    private async Task<(long Position, int Records)> EraseAsync(IReadOnlyList<string> identifiers, IReadOnlyList<string> hashes, string reason, string by, CancellationToken ct)
    {
        var texts = await TextsAsync(identifiers, ct);
        var record = new ErasureRecord(identifiers, reason, by, Texts: texts, Hashes: [.. tombstones.HashesOf(identifiers, texts).Union(hashes)]);
        var appended = await log.AppendAsync(new LogAppend(0, LogKind.Erase, true, time.GetUtcNow().ToUnixTimeMilliseconds(), null, [new AcceptedEvent(0, record.ToJson())]), ct);
        var position = appended.EndPosition - 1;
        // What is begun is finished, whether or not somebody still waits for the answer.
        return (position, await FinishAsync(position, record, CancellationToken.None));
    }

    /// <summary>What was said in the last moments may be the address by which texts of others name the person; who holds the database up for long does not hold up an erasure.</summary>
    private async Task LearnAddressesAsync(CancellationToken ct)
    {
        try
        {
            var end = log.EndPosition;
            await Task.WhenAll(followers.Where(f => f.KnowsAddresses).Select(f => f.WaitUntilKeptAsync(end, ct))).WaitAsync(LastMoments, ct);
        }
        catch (TimeoutException)
        {
        }
    }

    private async Task<IReadOnlyList<string>> TextsAsync(IReadOnlyList<string> identifiers, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var texts = new List<string>();
        foreach (var keeper in scope.ServiceProvider.GetServices<IKeepsPersonalData>()) texts.AddRange(await keeper.TextsAsync(identifiers, ct));
        return [.. texts.Distinct(StringComparer.Ordinal)];
    }

    /// <returns>How many rows were rewritten.</returns>
    private async Task<int> FinishAsync(long position, ErasureRecord record, CancellationToken ct)
    {
        _isUnfinished = true;
        foreach (var follower in followers) await follower.WaitUntilKeptAsync(position + 1, ct);
        await rejections.FlushAsync(ct);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var subject = new DataSubject(null, record.Identifiers, record.Texts ?? []);
            foreach (var keeper in scope.ServiceProvider.GetServices<IKeepsPersonalData>()) await keeper.EraseAsync(subject, ct);
        }

        // Before the log forgets the person: a stop from here on sets them again.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(log.FindRow(position)!.ReceivedAtMs).UtcDateTime;
        await tombstones.SetAsync(position, at, record, ct);
        if (record.Hashes is { } hashes) await journal.AddAsync(new JournalledErasure(at, record.Reason, record.By, hashes), ct);
        var records = await RewriteAsync(position, record);
        _isUnfinished = false;
        return records;
    }

    /// <summary>Rewrites the log's rows in parts, so that a customer of whom most rows tell needs no more memory; the record comes last. A stop in between leaves it unfinished, and all rows are gone through again.</summary>
    private async Task<int> RewriteAsync(long position, ErasureRecord record)
    {
        var (records, bytes) = (0, 0L);
        var part = new List<RewrittenRow>();
        var erasure = new LogErasure(record, position);
        for (long at = 0; at < position;)
        {
            // Read to the end before anything is written: an open reader would keep the journal from being emptied.
            foreach (var row in log.Read(at).Take(RowsAtOnce).ToList())
            {
                at = row.Position + row.Count;
                if (row.Position >= position || erasure.Rewrite(row) is not { } rewritten) continue;
                part.Add(rewritten);
                bytes += rewritten.Body.Length;
            }

            if (bytes < BytesAtOnce) continue;
            await log.RewriteAsync(part);
            (records, bytes) = (records + part.Count, 0);
            part.Clear();
        }

        part.Add(new RewrittenRow(position, erasure.Finished(record).ToJson()));
        await log.RewriteAsync(part);
        return records + part.Count;
    }
}

/// <summary>Finishes at the start the erasures that a stop interrupted; where the disk is full, the next start tries again.</summary>
internal sealed class UnfinishedErasures(Erasures erasures, ILogger<UnfinishedErasures> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await erasures.FinishAllAsync(stoppingToken);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            logger.LogError(e, "An erasure could not be finished; the next start tries it again.");
        }
    }
}
