using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class PathsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("position", "Position on the path, from 1."),
        new("at", "Touchpoint at that position."),
        new("next", "Only customers who go on to this touchpoint."),
        new("ended", "true: only customers whose journey ends there."),
        new("others", "true: only customers who go on from there, but no way that is among those shown."),
    ];

    public static void MapPaths(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/paths").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskPaths").WithParameters(QuestionParameters.Paths)
            .WithSummary("Which ways customers go, position by position.");
        api.MapGet("/customers", Behind).WithName("CustomersOfPath").WithParameters([.. QuestionParameters.Paths, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind a number of the paths.");
        var pages = app.MapGroup("/analyse/paths").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<PathsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        PathsAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        PathsAddress.ReadBehind(request.Query).Then(b => Customers(journeys, b)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = PathsAddress.Read(http.Request.Query);
        var question = read.Answer ?? PathsAddress.Usual;
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, PathsAddress.Of(question));
        var names = journeys.TouchpointNames();
        var report = asked.Map(answer => PathsReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<PathsPage>(new PathsModel(around, question, names.Choices(), report), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Paths.Title"), "/analyse/paths",
        PathsAddress.ReadBehind(http.Request.Query).Then(b => Customers(journeys, b).Map(customers => new Listed(
            Words(b.Question, b.Pick), PathsAddress.Of(b.Question), PathsAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static Asked<CustomersAnswer> Customers(JourneyStore journeys, Behind<PathsQuestion, PathsPick> behind) =>
        journeys.Behind(behind.Question, behind.Pick, behind.Page).Naming(("to", "next"));

    private static string Words(PathsQuestion question, PathsPick pick)
    {
        var words = pick switch
        {
            { Ended: true } => T("Analyse.Paths.EndedWords", pick.Position, pick.From),
            { Others: true } => T("Analyse.Paths.OtherWords", pick.Position, pick.From),
            { To: { } to } => T("Analyse.Paths.WentWords", pick.Position, pick.From, to),
            _ => T("Analyse.Paths.HereWords", pick.Position, pick.From),
        };
        return question.Start is null ? words : $"{words} {T("Analyse.Paths.StartWords", question.Start)}";
    }
}
