using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Measure;

internal sealed class ResponseQueries(TangentDb db) : IKeepsPersonalData, IFollowMerges
{
    private const int MostInAQuery = 500;

    public string Kind => "surveyAnswers";

    public IReadOnlyList<Type> Entities => [typeof(Response)];

    public bool Ages => true;

    public Task<Response?> FindAsync(Guid id, CancellationToken ct) => db.Set<Response>().FirstOrDefaultAsync(r => r.Id == id, ct);

    /// <summary>Id of what a program last answered for somebody, of one touchpoint; null where there is nothing.</summary>
    /// <param name="survey">The survey; in the version that holds now, as another may ask something else.</param>
    /// <param name="key">Identifier of who answered.</param>
    /// <param name="touchpoint">What was asked about.</param>
    /// <param name="sinceUtc">Not what was begun before.</param>
    /// <param name="ct">Ends it.</param>
    public Task<Guid?> LastAsync(Survey survey, string key, string touchpoint, DateTime sinceUtc, CancellationToken ct) =>
        db.Set<Response>().Where(r => r.SurveyId == survey.Id && r.Version == survey.Version && r.Key == key && r.Touchpoint == touchpoint && r.Via == SurveyTicket.Api && r.StartedUtc > sinceUtc).OrderByDescending(r => r.StartedUtc).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(ct);

    public Task<List<Response>> LatestAsync(int survey, int most, CancellationToken ct) =>
        db.Set<Response>().AsNoTracking().Where(r => r.SurveyId == survey).OrderByDescending(r => r.ChangedUtc).ThenBy(r => r.Id).Take(most).ToListAsync(ct);

    /// <summary>How often the options of a survey were chosen, also in answers that are not finished.</summary>
    /// <param name="survey">The survey.</param>
    /// <param name="definition">What it asks now.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<QuestionChoices>> ChoicesAsync(int survey, SurveyDefinition definition, CancellationToken ct)
    {
        List<SurveyQuestion> asked = [.. definition.Questions.Where(q => q.Kind is QuestionKind.Choice or QuestionKind.Multiple)];
        if (asked.Count == 0) return [];
        var (answered, chosen) = (asked.ToDictionary(q => q.Key!, _ => 0), new Dictionary<(string, string), int>());
        await foreach (var json in db.Set<Response>().Where(r => r.SurveyId == survey).Select(r => r.Answers).AsAsyncEnumerable().WithCancellation(ct))
        {
            foreach (var (key, answer) in JsonSerializer.Deserialize<Dictionary<string, GivenAnswer>>(json, JsonSerializerOptions.Web)!)
            {
                if (answer.Hidden || !answered.TryGetValue(key, out var before)) continue;
                answered[key] = before + 1;
                foreach (var option in answer.Values) chosen[(key, option)] = chosen.GetValueOrDefault((key, option)) + 1;
            }
        }

        return [.. asked.Select(q => new QuestionChoices(q.Key!, definition.In(q.Text, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), answered[q.Key!],
            [.. q.Options!.Select(o => new OptionCount(o.Key!, definition.In(o.Text, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName), chosen.GetValueOrDefault((q.Key!, o.Key!))))]))];
    }

    public async Task SaveAsync(Response response, CancellationToken ct)
    {
        if (db.Entry(response).State == EntityState.Detached) db.Add(response);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Keeps many that are complete.</summary>
    public Task FoundAsync(IEnumerable<Response> found, CancellationToken ct) => Bulk.UpsertAsync(db, found, ct);

    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Name, merge.Into.Name);
        await db.Set<Response>().Where(r => r.Touchpoint == from).ExecuteUpdateAsync(r => r.SetProperty(x => x.Touchpoint, into), ct);
        return null;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery))
            foreach (var r in await db.Set<Response>().AsNoTracking().Where(r => keys.Contains(r.Key)).OrderBy(r => r.StartedUtc).ToListAsync(ct))
                yield return new JsonObject { ["survey"] = r.SurveyId, ["touchpoint"] = r.Touchpoint, ["started"] = r.StartedUtc, ["changed"] = r.ChangedUtc, ["complete"] = r.Complete, ["answers"] = JsonNode.Parse(r.Answers) };
    }

    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var keys in subject.Identifiers.Chunk(MostInAQuery)) await db.Set<Response>().Where(r => keys.Contains(r.Key)).ExecuteDeleteAsync(ct);
    }, ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = db.Set<Response>().Where(r => r.ChangedUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => db.Set<Response>().MinAsync(r => (DateTime?)r.ChangedUtc, ct);
}
