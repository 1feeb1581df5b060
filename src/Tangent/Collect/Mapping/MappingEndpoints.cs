using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <param name="Items">Events that no touchpoint claims.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
internal sealed record UnmappedView(IReadOnlyList<UnmappedEvents> Items, string? Next);

/// <param name="Accepted">Suggestions that became rules.</param>
internal sealed record AcceptedView(int Accepted);

/// <summary>The page on which events get their touchpoints. Every action answers htmx with the renewed body and a plain form with the page.</summary>
internal static class MappingEndpoints
{
    private const string Page = "/collect/mapping";

    public static void MapMapping(this WebApplication app)
    {
        var page = app.MapGroup(Page).ExcludeFromDescription();
        page.MapGet("", ShowAsync);
        page.MapPost("", AddAsync).RequireAuthorization(Rights.Edit);
        page.MapPost("/suggestions", AcceptAsync).RequireAuthorization(Rights.Edit);
        page.MapPost("/rules/{id:int}/position", MoveAsync).RequireAuthorization(Rights.Edit);
        page.MapPost("/rules/{id:int}/removal", RemoveAsync).RequireAuthorization(Rights.Edit);
        var api = app.MapGroup("/api/v1/collect/mapping").WithTags("Collect");
        api.MapGet("", LookAsync).WithSummary("Events that no touchpoint claims, the most frequent first, each with the touchpoint that probably fits.");
        api.MapPost("/suggestions", AcceptAllAsync).RequireAuthorization(Rights.Edit).WithSummary("Makes rules, and touchpoints where they lack, of the suggestions that are plain, at most 50 at a time, the most frequent first; the answer says how many.");
    }

    private static async Task<Results<Ok<UnmappedView>, ProblemHttpResult>> LookAsync(HttpContext http, Mapping mapping, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        var (items, after) = VolumeList.Page((await mapping.LookAsync(ct)).Unmapped, u => u.Events, u => $"{u.Event}\n{u.Channel}", page);
        return TypedResults.Ok(new UnmappedView(items, CursorPage.Next(http, after)));
    }

    private static async Task<Ok<AcceptedView>> AcceptAllAsync(Mapping mapping, CancellationToken ct) => TypedResults.Ok(new AcceptedView(await mapping.AcceptAsync(ct)));

    private static async Task<IResult> ShowAsync(HttpContext http, Mapping mapping, CancellationToken ct) =>
        http.Show<MappingPage>(await mapping.LookAsync(ct));

    private static async Task<IResult> AddAsync(HttpContext http, [FromForm] MappingForm form, Mapping mapping, CancellationToken ct)
    {
        var refusal = await mapping.AddAsync(form, ct);
        return await AnswerAsync(http, mapping, refusal ?? T("Collect.Mapping.Mapped", form.Event ?? form.Path ?? "", form.Touchpoint?.Trim()), refusal is not null, ct);
    }

    // Taking the form, though it is empty but for its token, makes the framework check that.
    private static async Task<IResult> AcceptAsync(HttpContext http, IFormCollection form, Mapping mapping, CancellationToken ct)
    {
        var accepted = await mapping.AcceptAsync(ct);
        return await AnswerAsync(http, mapping, T("Collect.Mapping.Accepted", accepted), false, ct);
    }

    private static async Task<IResult> MoveAsync(HttpContext http, int id, [FromForm] int by, Mapping mapping, CancellationToken ct)
    {
        await mapping.MoveAsync(id, by, ct);
        return await AnswerAsync(http, mapping, null, false, ct);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, int id, IFormCollection form, TouchpointRuleQueries rules, Mapping mapping, CancellationToken ct)
    {
        await rules.RemoveAsync(id, ct);
        return await AnswerAsync(http, mapping, T("Collect.Mapping.Removed"), false, ct);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Mapping mapping, string? message, bool refused, CancellationToken ct)
    {
        if (!http.WantsFragment() && !refused) return TypedResults.LocalRedirect(Page);
        var model = await mapping.LookAsync(ct) with { Message = message, Refused = refused };
        var status = refused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return http.WantsFragment() ? http.Show<MappingBody>(model, status, Page) : http.Show<MappingPage>(model, status, Page);
    }
}
