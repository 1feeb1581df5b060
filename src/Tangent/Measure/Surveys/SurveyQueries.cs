using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Measure;

/// <param name="Responses">Complete and partial answers.</param>
/// <param name="Complete">Those that came to the end.</param>
internal sealed record SurveyCount(int SurveyId, int Responses, int Complete);

internal sealed class SurveyQueries(TangentDb db, TouchpointCatalogue catalogue, PublishedSurveys published) : IFollowMerges
{
    public Task<List<Survey>> ListAsync(CancellationToken ct) => db.Set<Survey>().AsNoTracking().OrderBy(s => s.Name).ToListAsync(ct);

    public Task<Survey?> FindAsync(int id, CancellationToken ct) => db.Set<Survey>().FirstOrDefaultAsync(s => s.Id == id, ct);

    public Task<Survey?> FindAsync(string code, CancellationToken ct) => db.Set<Survey>().AsNoTracking().FirstOrDefaultAsync(s => s.Code == code, ct);

    /// <summary>What a version asks; null where there is none of this number.</summary>
    public async Task<SurveyDefinition?> DefinitionAsync(int id, int version, CancellationToken ct) =>
        await db.Set<SurveyVersion>().Where(v => v.SurveyId == id && v.Version == version).Select(v => v.Definition).FirstOrDefaultAsync(ct) is { } json ? Read(json) : null;

    /// <summary>What every survey asks now.</summary>
    public async Task<Dictionary<int, SurveyDefinition>> CurrentAsync(CancellationToken ct) =>
        (await db.Set<Survey>().Join(db.Set<SurveyVersion>(), s => new { Id = s.Id, s.Version }, v => new { Id = v.SurveyId, v.Version }, (s, v) => new { s.Id, v.Definition }).ToListAsync(ct))
        .ToDictionary(v => v.Id, v => Read(v.Definition));

    public async Task<Dictionary<int, SurveyCount>> CountsAsync(CancellationToken ct) =>
        await db.Set<Response>().GroupBy(r => r.SurveyId).Select(g => new SurveyCount(g.Key, g.Count(), g.Count(r => r.Complete))).ToDictionaryAsync(c => c.SurveyId, ct);

    /// <summary>Answers to one survey.</summary>
    public async Task<SurveyCount> CountAsync(int survey, CancellationToken ct)
    {
        var of = db.Set<Response>().Where(r => r.SurveyId == survey);
        return new SurveyCount(survey, await of.CountAsync(ct), await of.CountAsync(r => r.Complete, ct));
    }

    private SurveyDefinition Read(string json) => SurveyDefinition.Read(json)!.Named(catalogue.Touchpoints);

    /// <summary>Keeps a survey as it is now; what it asks becomes its next version where that changed.</summary>
    /// <returns>False where another survey has the name.</returns>
    public async Task<bool> SaveAsync(Survey survey, SurveyDefinition definition, CancellationToken ct)
    {
        survey.Name = definition.Name!.Trim();
        if (await db.Set<Survey>().AnyAsync(s => s.Name == survey.Name && s.Id != survey.Id, ct)) return false;
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        if (survey.Id == 0) db.Add(survey);
        await db.SaveChangesAsync(ct);
        var json = (definition with { Name = survey.Name }).Numbered(catalogue.Touchpoints).ToJson();
        if (await db.Set<SurveyVersion>().Where(v => v.SurveyId == survey.Id && v.Version == survey.Version).Select(v => v.Definition).FirstOrDefaultAsync(ct) != json)
        {
            survey.Version++;
            db.Add(new SurveyVersion { SurveyId = survey.Id, Version = survey.Version, Definition = json });
            await db.SaveChangesAsync(ct);
        }

        await tx.CommitAsync(ct);
        await PublishAsync(ct);
        return true;
    }

    /// <summary>Removes a survey with all its versions, where nobody has answered it or was asked.</summary>
    /// <returns>False where somebody has or was.</returns>
    public async Task<bool> RemoveAsync(int id, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        if (await db.Set<Response>().AnyAsync(r => r.SurveyId == id, ct) || await db.Set<WebDecision>().AnyAsync(d => d.SurveyId == id && d.Outcome == AskOutcome.Asked, ct)
            || await db.Set<Decision>().AnyAsync(d => d.SurveyId == id && (d.Outcome == AskOutcome.Asked || d.Outcome == AskOutcome.CameBack), ct)) return false;
        await db.Set<Decision>().Where(d => d.SurveyId == id).ExecuteDeleteAsync(ct);
        await db.Set<WebDecision>().Where(d => d.SurveyId == id).ExecuteDeleteAsync(ct);
        await db.Set<SurveyVersion>().Where(v => v.SurveyId == id).ExecuteDeleteAsync(ct);
        await db.Set<Survey>().Where(s => s.Id == id).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
        await PublishAsync(ct);
        return true;
    }

    /// <summary>Every version asks about, and after, the touchpoint that stays.</summary>
    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        foreach (var version in await db.Set<SurveyVersion>().ToListAsync(ct))
            if (Read(version.Definition) is var definition && definition.Merged(merge.From, merge.Into).ToJson() is var merged && merged != definition.ToJson()) version.Definition = merged;
        await db.SaveChangesAsync(ct);
        return null;
    }

    public Task RefreshAsync(CancellationToken ct) => PublishAsync(ct);

    /// <summary>Tells the pages of other sites what they show now.</summary>
    public async Task PublishAsync(CancellationToken ct)
    {
        var current = await CurrentAsync(ct);
        published.Set((await ListAsync(ct)).Where(s => current.ContainsKey(s.Id)).Select(s => (s, current[s.Id])));
    }
}
