using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;

namespace Tangent.Analyse;

internal static class VolumesEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks = [new("touchpoint", "The touchpoint.")];

    public static void MapVolumes(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/touchpoints").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskTouchpoints").WithParameters(QuestionParameters.Touchpoints)
            .WithSummary("Volume of every touchpoint, in all and over time.");
        api.MapGet("/customers", Behind).WithName("CustomersOfTouchpoint").WithParameters([.. QuestionParameters.Touchpoints, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers who were at a touchpoint.");
    }

    private static Results<Ok<TouchpointsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        VolumesAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        VolumesAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();
}
