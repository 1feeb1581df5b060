using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Measure;

internal sealed class WebDecisionQueries(TangentDb db, WebDecisionNotes notes) : IKeepsPersonalData
{
    private const int MostInAQuery = 500;

    public string Kind => "surveyWebDecisions";

    public IReadOnlyList<Type> Entities => [typeof(WebDecision)];

    public bool Ages => true;

    public async Task AskAsync(int survey, string key, DateTime nowUtc, CancellationToken ct)
    {
        if (await db.Set<WebDecision>().FirstOrDefaultAsync(d => d.SurveyId == survey && d.Key == key && d.Outcome == AskOutcome.Asked, ct) is not { } known)
        {
            known = new WebDecision { SurveyId = survey, Key = key, Outcome = AskOutcome.Asked };
            db.Add(known);
        }

        (known.AtUtc, known.Times) = (nowUtc, known.Times + 1);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Writes the decisions not to ask that wait for it; nobody else writes those.</summary>
    public Task WriteNotesAsync(CancellationToken ct) => notes.HandOverAsync(async waiting =>
    {
        var known = new Dictionary<(int, string, AskOutcome), int>();
        foreach (var keys in waiting.Select(n => n.Key).Distinct().Chunk(MostInAQuery))
            foreach (var d in await db.Set<WebDecision>().AsNoTracking().Where(d => keys.Contains(d.Key)).ToListAsync(ct)) known[(d.SurveyId, d.Key, d.Outcome)] = d.Times;
        foreach (var note in waiting) note.Times += known.GetValueOrDefault((note.SurveyId, note.Key, note.Outcome));
        await Bulk.UpsertAsync(db, waiting, ct);
    }, ct);

    public Task<int> AskedSinceAsync(int survey, DateTime sinceUtc, CancellationToken ct) => db.Set<WebDecision>().CountAsync(d => d.SurveyId == survey && d.Outcome == AskOutcome.Asked && d.AtUtc >= sinceUtc, ct);

    /// <summary>The latest decisions of a survey, of everybody or of these identifiers.</summary>
    public async Task<List<WebDecision>> LatestAsync(int survey, IReadOnlyList<string>? keys, int most, CancellationToken ct)
    {
        await WriteNotesAsync(ct);
        return await db.Set<WebDecision>().AsNoTracking().Where(d => d.SurveyId == survey && (keys == null || keys.Contains(d.Key))).OrderByDescending(d => d.AtUtc).ThenBy(d => d.Key).Take(most).ToListAsync(ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        await WriteNotesAsync(ct);
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery))
            foreach (var d in await db.Set<WebDecision>().AsNoTracking().Where(d => keys.Contains(d.Key)).OrderBy(d => d.AtUtc).ToListAsync(ct))
                yield return new JsonObject { ["survey"] = d.SurveyId, ["outcome"] = d.Outcome.ToString(), ["why"] = d.Why, ["last"] = d.AtUtc, ["times"] = d.Times };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        await WriteNotesAsync(ct);
        await SecureDelete.RunAsync(db, async () =>
        {
            foreach (var keys in subject.Identifiers.Chunk(MostInAQuery)) await db.Set<WebDecision>().Where(d => keys.Contains(d.Key)).ExecuteDeleteAsync(ct);
        }, ct);
    }

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = db.Set<WebDecision>().Where(d => d.AtUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => db.Set<WebDecision>().MinAsync(d => (DateTime?)d.AtUtc, ct);
}
