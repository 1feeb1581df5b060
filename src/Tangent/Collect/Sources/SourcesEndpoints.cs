using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

/// <param name="Name">Unique, at most 100 characters.</param>
/// <param name="Kind">web (in browsers; its write key is public and it cannot join two known customers) or server; server by default.</param>
internal sealed record NewSource(string? Name, string? Kind);

/// <summary>A source and how it is doing.</summary>
/// <param name="WriteKey">Only for those who may edit.</param>
/// <param name="RetiringKeys">Keys that were replaced and are still taken; only for those who may edit.</param>
/// <param name="Paused">Its calls are refused.</param>
/// <param name="Events">Events accepted since its first.</param>
/// <param name="Duplicates">Events sent more than once, which count once.</param>
/// <param name="LastReceived">When an event was last accepted, UTC.</param>
/// <param name="Rejected">How many were not accepted.</param>
/// <param name="RejectedByReason">The same by reason, the most frequent first.</param>
/// <param name="BeforeConsent">What collect.js does before a visitor has agreed, where the page says nothing else.</param>
/// <param name="Rhythm">The last 24 hours against what is usual; null where nothing came, and of imports.</param>
internal sealed record SourceView(
    int Id, string Name, SourceKind Kind, string? WriteKey, IReadOnlyList<RetiringKeyView> RetiringKeys, bool Paused, DateTime Created, long Events, long Duplicates,
    DateTime? LastReceived, long Rejected, IReadOnlyDictionary<Rejection, long> RejectedByReason, BeforeConsent BeforeConsent, SourceRhythm? Rhythm = null);

/// <param name="Id">Number by which it is revoked.</param>
/// <param name="ValidUntil">UTC.</param>
internal sealed record RetiringKeyView(int Id, string Key, DateTime ValidUntil);

internal sealed record SourcesView(IReadOnlyList<SourceView> Items);

/// <param name="Received">UTC.</param>
/// <param name="Body">What was sent, cut where it is longer than an event may be.</param>
internal sealed record RejectionView(DateTime Received, Rejection Reason, string Detail, string Body);

internal sealed record RejectionsView(IReadOnlyList<RejectionView> Items);

internal sealed record CheckView(string Name, string Says, IReadOnlyList<Rejection> Reasons);

internal sealed record ChecksView(IReadOnlyList<CheckView> Items);

/// <summary>All sources as they are now, with what came in and what did not.</summary>
internal sealed class SourceViews(SourceQueries sources, RejectionQueries rejections, RejectionJournal journal, EventLog log, JourneyStore journeys, TimeProvider time)
{
    public async Task<SourcesView> AllAsync(bool withKeys, CancellationToken ct)
    {
        await journal.FlushAsync(ct);
        var counts = await rejections.CountsAsync(ct);
        var totals = log.Totals.ToDictionary(t => t.SourceId);
        var rhythms = journeys.Rhythms(time.GetUtcNow());
        return new SourcesView([.. (await sources.ListAsync(ct)).Select(s =>
            SourcesEndpoints.View(s, totals.GetValueOrDefault(s.Id), counts[s.Id], withKeys) with { Rhythm = s.Kind == SourceKind.Import ? null : rhythms.GetValueOrDefault(s.Name) })]);
    }

    /// <summary>One of them; null where there is none.</summary>
    public async Task<SourceView?> FindAsync(int id, bool withKey, CancellationToken ct) => (await AllAsync(withKey, ct)).Items.FirstOrDefault(s => s.Id == id);
}

internal static class SourcesEndpoints
{
    public static void MapSources(this WebApplication app)
    {
        var sources = app.MapGroup("/api/v1/collect/sources").WithTags("Collect");
        sources.MapGet("", ListAsync).WithSummary("Lists the sources with their volumes, their last event and what was rejected, by reason.");
        sources.MapPost("", AddAsync).RequireAuthorization(Rights.Edit).WithSummary("Adds a source; the answer holds its write key.");
        sources.MapGet("/{id:int}", FindAsync).WithSummary("One source with its volumes, its last event and what was rejected, by reason.");
        sources.MapGet("/{id:int}/rejections", RejectionsAsync).LooksAtCustomer().WithSummary("The latest events of a source that were not accepted, with reason and body, the newest first.");
        app.MapGet("/api/v1/collect/checks", Checks).WithTags("Collect").WithSummary("The checks that every event passes, in their order, and the reasons they can give.");
    }

    public static SourceView View(Source source, LogTotal? total, IEnumerable<RejectionCount> rejected, bool withKey)
    {
        var byReason = rejected.ToDictionary(r => r.Reason, r => r.Count);
        var retiring = withKey ? source.RetiringKeys.Where(k => k.ValidUntilUtc > DateTime.UtcNow) : [];
        return new SourceView(
            source.Id, source.Name, source.Kind, withKey ? source.WriteKey : null,
            [.. retiring.Select(k => new RetiringKeyView(k.Id, k.Key, DateTime.SpecifyKind(k.ValidUntilUtc, DateTimeKind.Utc)))],
            source.Paused, source.CreatedUtc, total?.Events ?? 0, total?.Duplicates ?? 0,
            total is { Events: > 0 } ? DateTimeOffset.FromUnixTimeMilliseconds(total.LastReceivedAtMs).UtcDateTime : null, byReason.Values.Sum(), byReason, source.BeforeConsent);
    }

    public static bool MayEdit(ClaimsPrincipal user) => user.IsInRole(nameof(Role.Editor)) || user.IsInRole(nameof(Role.Owner));

    public static ProblemHttpResult Missing(int id) => Problems.NotFound($"There is no source {id}.");

    private static async Task<Ok<SourcesView>> ListAsync(
        ClaimsPrincipal user, SourceViews views, CancellationToken ct) => TypedResults.Ok(await views.AllAsync(MayEdit(user), ct));

    private static async Task<Results<Ok<SourceView>, ProblemHttpResult>> FindAsync(
        int id, ClaimsPrincipal user, SourceViews views, CancellationToken ct) =>
        await views.FindAsync(id, MayEdit(user), ct) is { } source ? TypedResults.Ok(source) : Missing(id);

    private static async Task<Results<Ok<RejectionsView>, ProblemHttpResult>> RejectionsAsync(
        int id, SourceQueries sources, RejectionQueries rejections, RejectionJournal journal, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await sources.FindAsync(id, ct) is null) return Missing(id);
        await journal.FlushAsync(ct);
        var latest = await rejections.LatestAsync(id, ct);
        return TypedResults.Ok(new RejectionsView([.. latest.Select(r => new RejectionView(DateTime.SpecifyKind(r.ReceivedUtc, DateTimeKind.Utc), r.Reason, sensitivity.Now.Text(r.Detail), sensitivity.Now.Json(r.Body)))]));
    }

    private static async Task<Results<Created<SourceView>, ProblemHttpResult>> AddAsync(NewSource body, SourceQueries sources, CancellationToken ct)
    {
        if (Source.NameProblem(body.Name) is { } problem) return Problems.Invalid("name", problem);
        if (!Enum.TryParse<SourceKind>(body.Kind ?? nameof(SourceKind.Server), ignoreCase: true, out var kind) || kind is not (SourceKind.Web or SourceKind.Server))
            return Problems.Invalid("kind", $"'{body.Kind}' is not a kind of source; use web or server.");
        var source = await sources.AddAsync(body.Name!.Trim(), kind, ct);
        if (source is null) return Problems.Conflict($"There is a source named {body.Name.Trim()} already.");
        return TypedResults.Created($"/api/v1/collect/sources/{source.Id}", View(source, null, [], withKey: true));
    }

    private static Ok<ChecksView> Checks() =>
        TypedResults.Ok(new ChecksView([.. EventChecks.All.Select(c => new CheckView(c.Name, c.Says, c.Reasons))]));
}
