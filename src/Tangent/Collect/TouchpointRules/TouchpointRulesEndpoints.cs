using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Map;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>A rule as the API and the page show and take it; empty conditions fit everything, <c>*</c> stands for any text.</summary>
/// <param name="First">On adding: tried before all others instead of after them.</param>
public sealed record TouchpointRuleModel(
    int Id, int TouchpointId, string? Event = null, string? Channel = null, string? Source = null, string? Path = null, string? Campaign = null, bool First = false)
{
    internal static TouchpointRuleModel Of(TouchpointRule r) => new(r.Id, r.TouchpointId, r.Event, r.Channel, r.Source, r.Path, r.Campaign);

    internal TouchpointRule ToRule() => new()
    {
        Event = Event?.Trim() ?? "",
        Channel = Channel?.Trim() ?? "",
        Source = Source?.Trim() ?? "",
        Path = Path?.Trim() ?? "",
        Campaign = Campaign?.Trim() ?? "",
        TouchpointId = TouchpointId,
    };
}

internal static class TouchpointRulesEndpoints
{
    private const int MostCharacters = 1000;

    public static void MapTouchpointRules(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/collect/touchpoint-rules").WithTags("Collect");
        api.MapGet("", ListAsync).WithSummary("The rules that map signatures to touchpoints, in the order they are tried.");
        api.MapPost("", AddAsync).RequireAuthorization(Rights.Edit).WithSummary("Adds a rule; all history is re-labelled at once.");
        api.MapDelete("/{id:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithSummary("Removes a rule.");
        api.MapPut("/order", ReorderAsync).RequireAuthorization(Rights.Edit).WithSummary("Puts the rules into the given order.");
        app.MapGet("/api/v1/collect/signatures", Signatures).WithTags("Collect").WithSummary("What arrives: combinations of event, channel, source, path and campaign with their volume and touchpoint.");
    }

    private static async Task<Ok<List<TouchpointRuleModel>>> ListAsync(TouchpointRuleQueries rules, CancellationToken ct) =>
        TypedResults.Ok((await rules.ListAsync(ct)).ConvertAll(TouchpointRuleModel.Of));

    private static async Task<Results<Created<TouchpointRuleModel>, ProblemHttpResult>> AddAsync(
        TouchpointRuleModel body, TouchpointRuleQueries rules, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        var rule = body.ToRule();
        string[] conditions = [rule.Event, rule.Channel, rule.Source, rule.Path, rule.Campaign];
        if (conditions.All(c => c.Length == 0)) return Problems.Invalid("event", "A rule needs at least one condition.");
        if (conditions.Any(c => c.Length > MostCharacters)) return Problems.Invalid("event", $"A condition has at most {MostCharacters} characters.");
        if (catalogue.Touchpoints.All(t => t.Id != rule.TouchpointId)) return Problems.Invalid("touchpointId", $"There is no touchpoint {rule.TouchpointId}.");
        await rules.AddAsync([rule], body.First, ct);
        return TypedResults.Created($"/api/v1/collect/touchpoint-rules/{rule.Id}", TouchpointRuleModel.Of(rule));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, TouchpointRuleQueries rules, CancellationToken ct) =>
        await rules.RemoveAsync(id, ct) ? TypedResults.NoContent() : Problems.NotFound($"There is no rule {id}.");

    private static async Task<NoContent> ReorderAsync(int[] ids, TouchpointRuleQueries rules, CancellationToken ct)
    {
        await rules.ReorderAsync(ids, ct);
        return TypedResults.NoContent();
    }

    private static Results<Ok<SignaturesAnswer>, ProblemHttpResult> Signatures(HttpContext http, JourneyStore journeys, int? take, string? cursor)
    {
        if (CursorPage.Read(http, take ?? 50, out var refused) is not { } page) return refused!;
        var (items, after) = VolumeList.Page(journeys.Signatures(), s => s.Events, s => $"{s.Signature.Event}\n{s.Signature.Channel}\n{s.Signature.Source}\n{s.Signature.Path}\n{s.Signature.Campaign}", page);
        return TypedResults.Ok(new SignaturesAnswer(items, CursorPage.Next(http, after)));
    }
}
