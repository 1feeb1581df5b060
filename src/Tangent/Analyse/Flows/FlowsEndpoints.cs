using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;

namespace Tangent.Analyse;

internal static class FlowsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("touchpoint", "Touchpoint before."),
        new("next", "Touchpoint right after."),
    ];

    public static void MapFlows(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/flows").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskFlows").WithParameters(QuestionParameters.Flows)
            .WithSummary("The directly-follows graph: what comes right after what, how often and how much later.");
        api.MapGet("/customers", Behind).WithName("CustomersOfFlow").WithParameters([.. QuestionParameters.Flows, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers who have a transition at least once.");
    }

    private static Results<Ok<FlowsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        FlowsAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        FlowsAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();
}
