using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Mail;

namespace Tangent.Measure;

/// <summary>What is to be decided: an event after which a survey asks.</summary>
internal sealed record AskCause(int SurveyId, long Position, string Key, DateTime HappenedUtc, DateTime DueUtc);

internal sealed class DecisionQueries(TangentDb db) : IKeepsPersonalData
{
    public const string Follower = "surveys";

    private const int MostInAQuery = 500;

    public string Kind => "surveyDecisions";

    public IReadOnlyList<Type> Entities => [typeof(Decision)];

    public bool Ages => true;

    /// <summary>How far the log was followed; null where it never was.</summary>
    public async Task<long?> PositionAsync(CancellationToken ct) =>
        await db.Set<Watermark>().Where(w => w.Follower == Follower).Select(w => (long?)w.Position).FirstOrDefaultAsync(ct);

    /// <summary>Keeps what is to be decided and the position it reaches to in one transaction.</summary>
    public async Task SaveAsync(IReadOnlyCollection<AskCause> causes, long position, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        // Those of a log that was longer are there already.
        var known = new HashSet<(int, long)>();
        foreach (var positions in causes.Select(c => c.Position).Distinct().Chunk(MostInAQuery))
            known.UnionWith((await db.Set<Decision>().Where(d => positions.Contains(d.Position)).Select(d => new { d.SurveyId, d.Position }).ToListAsync(ct)).Select(d => (d.SurveyId, d.Position)));
        foreach (var cause in causes.Where(c => !known.Contains((c.SurveyId, c.Position))))
            db.Add(new Decision { SurveyId = cause.SurveyId, Position = cause.Position, Key = cause.Key, HappenedUtc = cause.HappenedUtc, DueUtc = cause.DueUtc });
        await db.SaveChangesAsync(ct);
        await Bulk.UpsertAsync(db, [new Watermark { Follower = Follower, Position = position }], ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>What is to be decided now, what has waited longest first.</summary>
    /// <param name="nowUtc">Now.</param>
    /// <param name="read">Log position (exclusive) up to which it is known what was said: nothing is decided before that of its event is.</param>
    /// <param name="most">Most of them.</param>
    /// <param name="ct">Ends it.</param>
    public Task<List<int>> DueAsync(DateTime nowUtc, long read, int most, CancellationToken ct)
    {
        // Too late, it needs no knowledge: its event may have been in a log that is no more.
        var tooLate = nowUtc - AskFeed.Latest;
        return db.Set<Decision>().Where(d => d.Outcome == AskOutcome.Waiting && d.DueUtc <= nowUtc && (d.Position < read || d.DueUtc < tooLate)).OrderBy(d => d.DueUtc).ThenBy(d => d.Id).Take(most).Select(d => d.Id).ToListAsync(ct);
    }

    public Task<Decision?> FindAsync(int id, CancellationToken ct) => db.Set<Decision>().FirstOrDefaultAsync(d => d.Id == id, ct);

    public Task PutOffAsync(int id, DateTime untilUtc, CancellationToken ct) => db.Set<Decision>().Where(d => d.Id == id).ExecuteUpdateAsync(s => s.SetProperty(d => d.DueUtc, untilUtc), ct);

    /// <summary>When somebody of these identifiers was asked last, by letter or on a page, by one survey or by any.</summary>
    public async Task<DateTime?> AskedAsync(IReadOnlyList<string> keys, int? survey, CancellationToken ct)
    {
        DateTime? last = null;
        foreach (var chunk in keys.Chunk(MostInAQuery))
        {
            var letter = await db.Set<Decision>().Where(d => chunk.Contains(d.Key) && d.Outcome == AskOutcome.Asked && (survey == null || d.SurveyId == survey)).MaxAsync(d => d.DecidedUtc, ct);
            var page = await db.Set<WebDecision>().Where(d => chunk.Contains(d.Key) && d.Outcome == AskOutcome.Asked && (survey == null || d.SurveyId == survey)).MaxAsync(d => (DateTime?)d.AtUtc, ct);
            foreach (var at in new[] { letter, page })
                if (!(last > at)) last = at ?? last;
        }

        return last;
    }

    public Task<int> AskedSinceAsync(int survey, DateTime sinceUtc, CancellationToken ct) =>
        db.Set<Decision>().CountAsync(d => d.SurveyId == survey && (d.Outcome == AskOutcome.Asked || d.Outcome == AskOutcome.CameBack) && d.DecidedUtc >= sinceUtc, ct);

    /// <summary>Whether letters do not reach an address; the mark goes where one that was sent later was taken.</summary>
    /// <param name="point">Keyed hash of the address.</param>
    /// <param name="address">The address, in small letters.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<bool> IsUndeliverableAsync(string point, string address, CancellationToken ct)
    {
        if (await db.Set<UndeliverablePoint>().FirstOrDefaultAsync(p => p.Point == point, ct) is not { } mark) return false;
#pragma warning disable CA1304, CA1311, CA1862 // The database compares.
        if (!await db.Set<OutgoingLetter>().AnyAsync(l => l.State == LetterState.Sent && l.SentUtc > mark.SinceUtc && l.Recipient.ToLower() == address, ct)) return true;
#pragma warning restore CA1304, CA1311, CA1862
        db.Remove(mark);
        return false;
    }

    /// <summary>Decisions whose letter was given up, with that.</summary>
    public async Task<List<(Decision Decision, OutgoingLetter Letter)>> CameBackAsync(CancellationToken ct) =>
        [.. (await db.Set<OutgoingLetter>().Where(l => l.State == LetterState.Failed).Join(db.Set<Decision>().Where(d => d.Outcome == AskOutcome.Asked), l => (Guid?)l.Id, d => d.Letter, (l, d) => new { l, d }).Take(MostInAQuery).ToListAsync(ct)).Select(x => (x.d, x.l))];

    /// <summary>The decision that a letter was written for; null for letters of another kind.</summary>
    public Task<Decision?> OfLetterAsync(Guid letter, CancellationToken ct) => db.Set<Decision>().FirstOrDefaultAsync(d => d.Letter == letter, ct);

    public async Task MarkAsync(string point, DateTime nowUtc, CancellationToken ct)
    {
        if (await db.Set<UndeliverablePoint>().FindAsync([point], ct) is { } marked) marked.SinceUtc = nowUtc;
        else db.Add(new UndeliverablePoint { Point = point, SinceUtc = nowUtc });
    }

    /// <returns>False where the address is not marked.</returns>
    public async Task<bool> UnmarkAsync(string point, CancellationToken ct) => await db.Set<UndeliverablePoint>().Where(p => p.Point == point).ExecuteDeleteAsync(ct) == 1;

    /// <summary>Keeps what was decided, and with it the letters that were put into the outbox of the same context.</summary>
    public Task SaveAsync(CancellationToken ct) => db.SaveChangesAsync(ct);

    /// <summary>The latest decisions of a survey, of everybody or of these identifiers.</summary>
    public Task<List<Decision>> LatestAsync(int survey, IReadOnlyList<string>? keys, int most, CancellationToken ct) =>
        db.Set<Decision>().AsNoTracking().Where(d => d.SurveyId == survey && (keys == null || keys.Contains(d.Key))).OrderByDescending(d => d.HappenedUtc).ThenByDescending(d => d.Id).Take(most).ToListAsync(ct);

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery))
            foreach (var d in await db.Set<Decision>().AsNoTracking().Where(d => keys.Contains(d.Key)).OrderBy(d => d.HappenedUtc).ToListAsync(ct))
                yield return new JsonObject { ["survey"] = d.SurveyId, ["happened"] = d.HappenedUtc, ["outcome"] = d.Outcome.ToString(), ["why"] = d.Why, ["decided"] = d.DecidedUtc };
    }

    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery)) await db.Set<Decision>().Where(d => keys.Contains(d.Key)).ExecuteDeleteAsync(ct);
    }, ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = Made.Where(d => d.HappenedUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => Made.MinAsync(d => (DateTime?)d.HappenedUtc, ct);

    private IQueryable<Decision> Made => db.Set<Decision>().Where(d => d.Outcome != AskOutcome.Waiting);
}
