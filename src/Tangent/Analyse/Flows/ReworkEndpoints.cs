using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class ReworkEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("at", "Customers who were at this touchpoint at least twice; without it, those whose time was taken."),
        new("atOnce", "true: twice with nothing between."),
        new("over", "Who went from there to this touchpoint and straight back."),
    ];

    public static void MapRework(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/rework").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskRework").WithParameters(ReworkAddress.Parameters)
            .WithSummary("What customers do again, loops, and how long journeys take.");
        api.MapGet("/customers", Behind).WithName("CustomersOfRework").WithParameters([.. ReworkAddress.Parameters, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers who come back to a touchpoint, or whose time was taken.");
        app.MapGet("/analyse/rework/customers", ShowBehind).ExcludeFromDescription();
    }

    private static Results<Ok<ReworkAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        ReworkAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        ReworkAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Flows.Title"), "/analyse/flows",
        ReworkAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), ReworkAddress.Of(b.Question) with { Path = "/analyse/flows" }, ReworkAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static string Words(ReworkQuestion question, ReworkPick pick) => pick switch
    {
        { At: { } at, Over: { } over } => T("Analyse.Rework.LoopWords", at, over),
        { At: { } at, AtOnce: true } => T("Analyse.Rework.AtOnceWords", at),
        { At: { } at } => T("Analyse.Rework.AgainWords", at),
        _ when question is { Start: { } start, End: { } end } => T("Analyse.Rework.BetweenWords", start, end),
        _ => T("Analyse.Rework.AllWords"),
    };
}
