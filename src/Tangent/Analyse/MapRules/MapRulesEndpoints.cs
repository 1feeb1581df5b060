using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

/// <param name="Rule">The rule's number in the answer.</param>
/// <param name="Touchpoint">Touchpoint of the event that breaks it; null for the end of the journey.</param>
public sealed record RecordedDeviation(int Rule, string? Touchpoint = null);

internal static class MapRulesEndpoints
{
    public static void MapMapRules(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + LiveMapAddress.Path + "/{id:int}").WithTags("Analyse");
        api.MapGet("/rules", RulesAsync).WithName("RulesOfJourneyMap").WithParameters(QuestionParameters.Filter).RefusesUnknown(QuestionParameters.Filter)
            .WithSummary("The rules that a journey map means, how well customers keep to them, and where they first leave the map.");
        api.MapPost("/ideas", RecordAsync).RequireAuthorization(Rights.Edit).WithName("RecordDeviation").WithParameters(QuestionParameters.Filter).RefusesUnknown(QuestionParameters.Filter)
            .WithSummary("Writes a first deviation on a to-be journey map as an opportunity, with its share of the customers as measured evidence.");
        app.MapPost(LiveMapAddress.Path + "/{id:int}/ideas", RecordOnPageAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<MapRulesAnswer>, ProblemHttpResult>> RulesAsync(int id, HttpRequest request, MapRules rules, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return LiveMapsEndpoints.NoMap(id);
        var compiled = await rules.CompileAsync(map, ct);
        return LiveMapAddress.ReadFilter(request.Query).Then(filter => rules.Ask(compiled, filter)).ToJson();
    }

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> RecordAsync(int id, RecordedDeviation body, HttpContext http, MapRules rules, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        var filter = LiveMapAddress.ReadFilter(http.Request.Query);
        if (filter.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return await rules.RecordAsync(id, body.Rule, body.Touchpoint, filter.Answer!, Today(company), Actor.Of(http.User), ct) is { } asked ? asked.ToJson() : LiveMapsEndpoints.NoMap(id);
    }

    private static async Task<IResult> RecordOnPageAsync(int id, [FromForm] RecordedForm form, HttpContext http, MapRules rules, LiveMapPages pages, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        var filter = LiveMapAddress.ReadFilter(http.Request.Query);
        if (filter.Refusal is { } refusal) return await pages.ShowAsync(id, http, refusal.Detail, ct);
        var touchpoint = form.Touchpoint is { Length: > 0 } name ? name : null;
        if (await rules.RecordAsync(id, form.Rule, touchpoint, filter.Answer!, Today(company), Actor.Of(http.User), ct) is not { } asked) return TypedResults.NotFound();
        return asked.Refusal is { } refused ? await pages.ShowAsync(id, http, refused.Detail, ct) : TypedResults.LocalRedirect($"/map/journey-maps/{id}");
    }

    private static DateOnly Today(IOptionsMonitor<CompanyOptions> company) => company.CurrentValue.Zone().DayOf(DateTime.UtcNow);

    /// <summary>The fields of the button.</summary>
    internal sealed class RecordedForm
    {
        public int Rule { get; set; }

        public string? Touchpoint { get; set; }
    }
}
