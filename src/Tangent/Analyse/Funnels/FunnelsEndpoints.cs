using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;

namespace Tangent.Analyse;

internal static class FunnelsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("at", "Step, from 1: the customers who reached it."),
        new("dropped", "true: only those of them who did not reach the next step."),
        new("group", "Only those of this group of the breakdown."),
    ];

    public static void MapFunnels(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/funnels").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskFunnel").WithParameters(QuestionParameters.Funnel)
            .WithSummary("How many customers go from touchpoint to touchpoint in this order, and where they are lost.");
        api.MapGet("/customers", Behind).WithName("CustomersOfFunnel").WithParameters([.. QuestionParameters.Funnel, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind a number of a funnel.");
    }

    private static Results<Ok<FunnelAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        FunnelAddress.Read(request.Query).Then(FunnelAddress.WithSteps).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        FunnelAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();
}
