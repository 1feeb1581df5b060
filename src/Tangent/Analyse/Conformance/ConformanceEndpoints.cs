using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;

namespace Tangent.Analyse;

internal static class ConformanceEndpoints
{
    public static void MapConformance(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/conformance").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskConformance").WithParameters(ConformanceAddress.Parameters)
            .WithSummary("How well journeys keep to rules: fitness, violations by rule, and where journeys first leave the rules.");
        api.MapGet("/customers", Behind).WithName("CustomersOfConformance")
            .WithParameters([.. ConformanceAddress.Parameters, .. ConformanceAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind a number of conformance.");
    }

    private static Results<Ok<ConformanceAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        ConformanceAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        ConformanceAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();
}
