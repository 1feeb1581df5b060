using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

internal static class TombstonesEndpoints
{
    public static void MapTombstones(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/collect/tombstones").RequireAuthorization(Rights.Own).WithTags("Collect");
        api.MapGet("", ListAsync).WithName("ListTombstones").WithSummary("The erasures whose persons no import brings back, the latest first.");
        api.MapDelete("/{erasure:long}", LiftAsync).WithName("LiftTombstones").WithSummary("Lets imports bring the person of an erasure back.");
    }

    private static async Task<Ok<TombstonesAnswer>> ListAsync(TombstoneQueries queries, CancellationToken ct) => TypedResults.Ok(new TombstonesAnswer(await queries.ListAsync(ct)));

    private static async Task<Results<NoContent, ProblemHttpResult>> LiftAsync(long erasure, Tombstones tombstones, CancellationToken ct) =>
        await tombstones.LiftAsync(erasure, ct) ? TypedResults.NoContent() : Problems.NotFound($"The erasure {erasure} has no tombstones, or they were lifted.");
}
