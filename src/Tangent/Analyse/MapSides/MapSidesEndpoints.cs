using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Map">The map that was opened.</param>
/// <param name="Answer">Null where the journey has only one map, or the question was refused.</param>
/// <param name="Around">What stands around every answer; null where the journey has only one map.</param>
public sealed record MapSidesModel(JourneyMapLine Map, MapSidesAnswer? Answer, Around? Around);

internal static class MapSidesEndpoints
{
    public const string Path = "/analyse/map-sides";

    public static void MapMapSides(this WebApplication app)
    {
        app.MapGet("/api/v1" + Path + "/{id:int}", AskAsync).WithTags("Analyse").WithName("AskMapSides").WithParameters(QuestionParameters.Filter).RefusesUnknown(QuestionParameters.Filter)
            .WithSummary("As-is and to-be of one journey side by side: what differs at each step, and what the scores of its touchpoint are to reach.");
        app.MapGet(Path + "/{id:int}", ShowAsync).ExcludeFromDescription();
    }

    private static async Task<Results<Ok<MapSidesAnswer>, ProblemHttpResult>> AskAsync(int id, HttpRequest request, MapSides sides, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return LiveMapsEndpoints.NoMap(id);
        if (await sides.PairAsync(map, ct) is not var (asIs, toBe)) return Problems.Conflict($"The journey '{map.Name}' has only one map: an as-is and a to-be map of one name are compared.");
        return (await OfAsync(LiveMapAddress.ReadFilter(request.Query), sides, asIs, toBe, ct)).ToJson();
    }

    private static async Task<IResult> ShowAsync(int id, HttpContext http, MapSides sides, JourneyMapQueries maps, JourneyStore journeys, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        if (await sides.PairAsync(map, ct) is not var (asIs, toBe)) return http.Show<MapSidesPage>(new MapSidesModel(JourneyMapLine.Of(map), null, null));
        var read = LiveMapAddress.ReadFilter(http.Request.Query);
        var asked = await OfAsync(read, sides, asIs, toBe, ct);
        return http.Show<MapSidesPage>(new MapSidesModel(JourneyMapLine.Of(map), asked.Answer, journeys.Around(asked, null, read.Answer, new Address($"{Path}/{id}").With(read.Answer ?? JourneyFilter.None))), asked.Refusal.Status(), $"{Path}/{id}");
    }

    private static async Task<Asked<MapSidesAnswer>> OfAsync(Asked<JourneyFilter> read, MapSides sides, JourneyMap asIs, JourneyMap toBe, CancellationToken ct) =>
        read.Answer is { } filter ? await sides.AskAsync(asIs, toBe, filter, ct) : read.Refusal!;
}
