using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;

namespace Tangent.Analyse;

internal static class PathsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("position", "Position on the path, from 1."),
        new("touchpoint", "Touchpoint at that position."),
        new("next", "Only customers who go on to this touchpoint."),
        new("ended", "true: only customers whose journey ends there."),
    ];

    public static void MapPaths(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/paths").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskPaths").WithParameters(QuestionParameters.Paths)
            .WithSummary("Which ways customers go, position by position.");
        api.MapGet("/customers", Behind).WithName("CustomersOfPath").WithParameters([.. QuestionParameters.Paths, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind a number of the paths.");
    }

    private static Results<Ok<PathsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        PathsAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        PathsAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();
}
