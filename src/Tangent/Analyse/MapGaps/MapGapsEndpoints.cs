using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

/// <param name="Touchpoint">Name of a touchpoint that no step of the map is bound to.</param>
public sealed record AddedStep(string? Touchpoint);

internal static class MapGapsEndpoints
{
    public static void MapMapGaps(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + LiveMapAddress.Path + "/{id:int}").WithTags("Analyse");
        api.MapGet("/gaps", GapsAsync).WithName("GapsOfJourneyMap").WithParameters(QuestionParameters.Filter).RefusesUnknown(QuestionParameters.Filter)
            .WithSummary("Steps of a journey map that nobody was at, and touchpoints of its customers that it does not show, with the step they usually come after.");
        api.MapPost("/steps", AddAsync).RequireAuthorization(Rights.Edit).WithName("AddUnmappedStep").WithParameters(QuestionParameters.Filter).RefusesUnknown(QuestionParameters.Filter)
            .WithSummary("Adds a touchpoint that a journey map does not show as a step, where customers usually come to it.");
        app.MapPost(LiveMapAddress.Path + "/{id:int}/steps", AddOnPageAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<MapGapsAnswer>, ProblemHttpResult>> GapsAsync(int id, HttpRequest request, MapGaps gaps, JourneyMapQueries maps, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map
            ? LiveMapAddress.ReadFilter(request.Query).Then(filter => gaps.Ask(MapContent.Read(map.Content), filter)).ToJson()
            : LiveMapsEndpoints.NoMap(id);

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> AddAsync(int id, AddedStep body, HttpContext http, MapGaps gaps, CancellationToken ct)
    {
        var filter = LiveMapAddress.ReadFilter(http.Request.Query);
        if (filter.Refusal is { } refusal) return Problems.Invalid(refusal.Field, refusal.Detail);
        return await gaps.AddAsync(id, body.Touchpoint ?? "", filter.Answer!, Actor.Of(http.User), ct) is { } asked ? asked.ToJson() : LiveMapsEndpoints.NoMap(id);
    }

    private static async Task<IResult> AddOnPageAsync(int id, [FromForm] string? touchpoint, HttpContext http, MapGaps gaps, LiveMapPages pages, CancellationToken ct)
    {
        var filter = LiveMapAddress.ReadFilter(http.Request.Query);
        if (filter.Refusal is { } refusal) return await pages.ShowAsync(id, http, refusal.Detail, ct);
        if (await gaps.AddAsync(id, touchpoint ?? "", filter.Answer!, Actor.Of(http.User), ct) is not { } asked) return TypedResults.NotFound();
        return asked.Refusal is { } refused ? await pages.ShowAsync(id, http, refused.Detail, ct) : TypedResults.LocalRedirect(LiveMapAddress.Of(id, filter.Answer!).ToString());
    }
}
