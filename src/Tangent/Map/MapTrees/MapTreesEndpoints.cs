using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <param name="Parent">Number of the map it stands under; null for none.</param>
public sealed record MapParent(int? Parent);

internal static class MapTreesEndpoints
{
    public static void MapMapTrees(this WebApplication app)
    {
        app.MapGet("/api/v1/map/touchpoints/{id:int}/maps", PlacesAsync).WithTags("Map").WithName("MapsOfTouchpoint").WithSummary("The steps of journey maps that are at a touchpoint.");
        app.MapPut("/api/v1/map/journey-maps/{id:int}/parent", PutAsync).WithTags("Map").RequireAuthorization(Rights.Edit).WithName("SetParentOfJourneyMap")
            .WithSummary("Puts a journey map under another one, or under none. A map cannot stand under itself, nor under one that stands under it.");
    }

    private static async Task<Results<Ok<TouchpointPlacesAnswer>, ProblemHttpResult>> PlacesAsync(int id, TouchpointQueries touchpoints, JourneyMapQueries maps, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is { } touchpoint ? TypedResults.Ok(await maps.PlacesAsync(touchpoint.Id, ct)) : Problems.NotFound($"There is no touchpoint {id}.");

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> PutAsync(int id, MapParent body, HttpContext http, JourneyMapQueries maps, MapTreeQueries tree, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is null) return Problems.NotFound($"There is no journey map {id}.");
        if (await tree.SetParentAsync(id, body.Parent, Actor.Of(http.User), ct) is { } refusal) return Problems.Invalid("parent", refusal);
        return TypedResults.Ok(JourneyMapModel.Of((await maps.FindAsync(id, ct))!));
    }
}
