using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

internal static class JourneyPositionsEndpoints
{
    public static void MapJourneyPositions(this WebApplication app)
    {
        app.MapGet("/unify/customers/{number:int}/next", ShowNext).LooksAtCustomer().ExcludeFromDescription();
        app.MapGet("/api/v1/unify/customers/{number:int}/position", Find).LooksAtCustomer().WithTags("Unify").WithName("PositionOfCustomer")
            .WithSummary("Where a customer stands: the life-cycle stages reached, the latest touchpoint, what usually comes next there and within which time.");
    }

    private static IResult ShowNext(HttpContext http, JourneyPositions positions, JourneyStore journeys, int number) =>
        journeys.Journey(number, new Paging(0, 1)) is { } journey ? http.Show<NextFragment>(positions.Of(journey.Line.Customer, withNext: true)) : TypedResults.NotFound();

    private static Results<Ok<JourneyPosition>, ProblemHttpResult> Find(JourneyPositions positions, JourneyStore journeys, int number) =>
        journeys.Journey(number, new Paging(0, 1)) is { } journey ? TypedResults.Ok(positions.Of(journey.Line.Customer, withNext: true)) : Problems.NotFound($"There is no customer {number}.");
}
