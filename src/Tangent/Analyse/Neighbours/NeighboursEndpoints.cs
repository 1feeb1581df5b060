using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class NeighboursEndpoints
{
    public static void MapNeighbours(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse").WithTags("Analyse");
        api.MapGet("/neighbours", Ask).WithName("AskNeighbours").WithParameters(NeighboursAddress.Parameters)
            .WithSummary("What comes in the steps before and after a touchpoint, against how often it comes anywhere.");
        api.MapGet("/neighbours/customers", Behind).WithName("CustomersOfNeighbour")
            .WithParameters([.. NeighboursAddress.Parameters, .. NeighboursAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers with a neighbour of the touchpoint.");
        api.MapGet("/cooccurrence", AskPairs).WithName("AskCoOccurrence").WithParameters(NeighboursAddress.PairParameters)
            .WithSummary("Which touchpoints the same customers were at.");
        api.MapGet("/cooccurrence/customers", BehindPair).WithName("CustomersOfCoOccurrence")
            .WithParameters([.. NeighboursAddress.PairParameters, .. NeighboursAddress.PairPicks, .. QuestionParameters.Paging])
            .WithSummary("The customers who were at both of two touchpoints.");
        var pages = app.MapGroup("/analyse").ExcludeFromDescription();
        pages.MapGet("/neighbours", Show);
        pages.MapGet("/neighbours/customers", ShowBehind);
        pages.MapGet("/cooccurrence/customers", ShowBehindPair);
    }

    private static Results<Ok<NeighboursAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        NeighboursAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        NeighboursAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static Results<Ok<CoOccurrenceAnswer>, ProblemHttpResult> AskPairs(HttpRequest request, JourneyStore journeys) =>
        NeighboursAddress.ReadPairs(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> BehindPair(HttpRequest request, JourneyStore journeys) =>
        NeighboursAddress.ReadPairBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = NeighboursAddress.Read(http.Request.Query, () => DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps[^1]);
        var question = read.Answer ?? new NeighboursQuestion("", NeighboursQuestion.UsualSteps, JourneyFilter.None);
        // Before the first event there is no touchpoint to propose: the page says what to do instead of refusing.
        var asked = journeys.Visible == 0 ? new Asked<NeighboursAnswer>(null, null) : read.Then(journeys.Ask);
        var pairs = asked.Answer is null ? null : journeys.Ask(new CoOccurrenceQuestion(CoOccurrenceQuestion.UsualTop, question.Filter)).Answer;
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, NeighboursAddress.Of(question));
        var report = asked.Answer is { } answer ? NeighboursReports.Of(question, answer, pairs!, new Marks(catalogue)) : null;
        return http.Show<NeighboursPage>(new NeighboursModel(around, question, journeys.TouchpointNames().Choices(), report), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Neighbours.Title"), "/analyse/neighbours",
        NeighboursAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), NeighboursAddress.Of(b.Question), NeighboursAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static RazorComponentResult<PageHost> ShowBehindPair(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Neighbours.Title"), "/analyse/neighbours",
        NeighboursAddress.ReadPairBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            T("Analyse.Neighbours.PairWords", b.Pick.At, b.Pick.With), new Address("/analyse/neighbours").With("at", b.Pick.At).With(b.Question.Filter),
            NeighboursAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static string Words(NeighboursQuestion question, NeighbourPick pick) => pick.Name is not { } name
        ? T("Analyse.Neighbours.AllWords", question.At)
        : T(pick.Before ? "Analyse.Neighbours.BeforeWords" : "Analyse.Neighbours.AfterWords", name, question.Steps, question.At);
}
