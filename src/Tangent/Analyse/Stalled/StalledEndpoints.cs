using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;

namespace Tangent.Analyse;

internal static class StalledEndpoints
{
    public static void MapStalled(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/stalled").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskStalled").WithParameters(StalledAddress.Parameters)
            .WithSummary("Where journeys stand still longer than is usual there.");
        api.MapGet("/customers", Behind).WithName("CustomersOfStalled")
            .WithParameters([.. StalledAddress.Parameters, .. StalledAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers whose last event is at a touchpoint, or those of them who have waited longer than usual.");
    }

    private static Results<Ok<StalledAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        StalledAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        StalledAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();
}
