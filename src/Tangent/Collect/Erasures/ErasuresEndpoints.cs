using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

internal static class ErasuresEndpoints
{
    public static void MapErasures(this WebApplication app) =>
        app.MapPost("/api/v1/collect/erasures", EraseAsync).RequireAuthorization(Rights.Own).WithTags("Collect").WithName("EraseCustomer").ProducesProblem(503)
            .WithSummary("Erases a customer for good: journey, profile, and the bytes in the event log and in every other file of the data folder. It cannot be taken back.");

    private static async Task<Results<Ok<ErasureAnswer>, ProblemHttpResult>> EraseAsync(ErasureRequest body, HttpContext http, Erasures erasures, CancellationToken ct) =>
        await erasures.EraseAsync(body, http.User.Identity?.Name ?? "", ct) switch
        {
            { NotNow: { } detail } => TypedResults.Problem(detail, title: "The customer is not erased completely yet; try it again later.", statusCode: StatusCodes.Status503ServiceUnavailable),
            { Refusal: { } refusal } => Problems.Invalid(refusal.Field, refusal.Detail),
            var erased => TypedResults.Ok(erased.Answer!),
        };
}
