using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <param name="Name">Its new name; left out, it keeps the one it has.</param>
/// <param name="Paused">Whether its calls are refused; left out, nothing changes.</param>
/// <param name="BeforeConsent">Of a web source: nothing, count, cookieless or given; left out, nothing changes.</param>
internal sealed record SourceChange(string? Name, bool? Paused, BeforeConsent? BeforeConsent = null);

/// <param name="ValidUntil">Until when the key it has now is still taken, at most a year; seven days where it is left out.</param>
internal sealed record KeyRotation(DateTimeOffset? ValidUntil);

internal static class SourceChangesEndpoints
{
    public static void MapSourceChanges(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/collect/sources/{id:int}").RequireAuthorization(Rights.Edit).WithTags("Collect");
        api.MapPatch("", ChangeAsync).WithSummary("Renames a source, pauses it or lets it go on, and says what collect.js does before a visitor has agreed.");
        api.MapDelete("", RemoveAsync).WithSummary("Removes a source that no event came from. Events keep the source they came from: one that has some can be paused.");
        api.MapPost("/keys", RotateAsync).WithSummary("Gives a source a new write key; the one it has is taken until a chosen time.");
        api.MapDelete("/keys/{key:int}", RevokeAsync).WithSummary("Revokes a replaced write key at once.");

        var page = app.MapGroup("/collect/sources/{id:int}").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        page.MapPost("/name", RenameOnPageAsync);
        page.MapPost("/before-consent", (HttpContext http, int id, [FromForm] BeforeConsent before, SourceChanges changes, SourcePages pages, CancellationToken ct) => OnPageAsync(http, id, pages, s => changes.DecideBeforeConsentAsync(s, before, ct), ct));
        page.MapPost("/pause", (HttpContext http, int id, SourceChanges changes, SourcePages pages, CancellationToken ct) => OnPageAsync(http, id, pages, s => changes.PauseAsync(s, true, ct), ct));
        page.MapPost("/resumption", (HttpContext http, int id, SourceChanges changes, SourcePages pages, CancellationToken ct) => OnPageAsync(http, id, pages, s => changes.PauseAsync(s, false, ct), ct));
        page.MapPost("/keys", RotateOnPageAsync);
        page.MapPost("/keys/{key:int}/revocation", (HttpContext http, int id, int key, SourceChanges changes, SourcePages pages, CancellationToken ct) => OnPageAsync(http, id, pages, s => changes.RevokeAsync(s, key, ct), ct));
        page.MapPost("/removal", RemoveOnPageAsync);
    }

    private static async Task<Results<Ok<SourceView>, ProblemHttpResult>> ChangeAsync(int id, SourceChange body, SourceQueries sources, SourceChanges changes, SourceViews views, CancellationToken ct)
    {
        if (await sources.FindAsync(id, ct) is not { } source) return SourcesEndpoints.Missing(id);
        var changed = new Changed(source);
        if (body.Name is not null) changed = await changes.RenameAsync(source, body.Name, ct);
        if (changed.Source is { } renamed && body.Paused is { } paused) changed = await changes.PauseAsync(renamed, paused, ct);
        if (changed.Source is { } so && body.BeforeConsent is { } before) changed = await changes.DecideBeforeConsentAsync(so, before, ct);
        return await AnswerAsync(changed, views, ct);
    }

    private static async Task<Results<Ok<SourceView>, ProblemHttpResult>> RotateAsync(int id, KeyRotation body, SourceQueries sources, SourceChanges changes, SourceViews views, CancellationToken ct) =>
        await sources.FindAsync(id, ct) is { } source ? await AnswerAsync(await changes.RotateAsync(source, body.ValidUntil?.UtcDateTime, ct), views, ct) : SourcesEndpoints.Missing(id);

    private static async Task<Results<Ok<SourceView>, ProblemHttpResult>> RevokeAsync(int id, int key, SourceQueries sources, SourceChanges changes, SourceViews views, CancellationToken ct)
    {
        if (await sources.FindAsync(id, ct) is not { } source) return SourcesEndpoints.Missing(id);
        var changed = await changes.RevokeAsync(source, key, ct);
        return changed.Refusal is { } refusal ? Problems.NotFound(refusal.Detail) : await AnswerAsync(changed, views, ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, SourceQueries sources, SourceChanges changes, CancellationToken ct)
    {
        if (await sources.FindAsync(id, ct) is not { } source) return SourcesEndpoints.Missing(id);
        return (await changes.RemoveAsync(source, ct)).Refusal is { } refusal ? Problems.Conflict(refusal.Detail) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<SourceView>, ProblemHttpResult>> AnswerAsync(Changed changed, SourceViews views, CancellationToken ct) => changed switch
    {
        { Refusal: { } refusal, Contradicts: true } => Problems.Conflict(refusal.Detail),
        { Refusal: { } refusal } => Problems.Invalid(refusal.Field, refusal.Detail),
        _ => await views.FindAsync(changed.Source!.Id, withKey: true, ct) is { } view ? TypedResults.Ok(view) : SourcesEndpoints.Missing(changed.Source.Id),
    };

    private static Task<IResult> RenameOnPageAsync(HttpContext http, int id, [FromForm] string? name, SourceChanges changes, SourcePages pages, CancellationToken ct) =>
        OnPageAsync(http, id, pages, s => changes.RenameAsync(s, name, ct), ct);

    private static Task<IResult> RotateOnPageAsync(
        HttpContext http, int id, [FromForm] string? until, SourceChanges changes, SourcePages pages, IOptionsMonitor<CompanyOptions> company, CancellationToken ct) =>
        OnPageAsync(http, id, pages, s => DateTime.TryParse(until, CultureInfo.InvariantCulture, out var local) && !company.CurrentValue.Zone().IsInvalidTime(local)
            ? changes.RotateAsync(s, company.CurrentValue.Zone().ToUtc(DateTime.SpecifyKind(local, DateTimeKind.Unspecified)), ct)
            : Task.FromResult(new Changed(null, new Refusal("until", T("Collect.Source.UntilWrong")))), ct);

    private static async Task<IResult> RemoveOnPageAsync(HttpContext http, int id, SourceQueries sources, SourceChanges changes, SourcePages pages, CancellationToken ct)
    {
        if (await sources.FindAsync(id, ct) is not { } source) return TypedResults.NotFound();
        var changed = await changes.RemoveAsync(source, ct);
        return changed.Refusal is null ? TypedResults.LocalRedirect("/collect/sources") : await pages.ShowAsync(http, id, changed.Refusal.Detail, ct);
    }

    private static async Task<IResult> OnPageAsync(HttpContext http, int id, SourcePages pages, Func<Source, Task<Changed>> change, CancellationToken ct)
    {
        if (await pages.Sources.FindAsync(id, ct) is not { } source) return TypedResults.NotFound();
        var changed = await change(source);
        return changed.Refusal is null ? TypedResults.LocalRedirect($"/collect/sources/{id}#settings") : await pages.ShowAsync(http, id, changed.Refusal.Detail, ct);
    }
}
