using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class NeighboursEndpoints
{
    public static readonly Question<NeighboursAnswer> Question = new("analyse", "neighbours", "Neighbours")
    {
        Summary = "What comes in the steps before and after a touchpoint, against how often it comes anywhere.",
        BehindSummary = "The customers with a neighbour of the touchpoint.",
        Parameters = NeighboursAddress.Parameters,
        Picks = NeighboursAddress.Picks,
        Title = "Analyse.Neighbours.Title",
        Ask = (query, journeys) => NeighboursAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => NeighboursAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), NeighboursAddress.Of(b.Question), NeighboursAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static readonly Question<CoOccurrenceAnswer> Pairs = new("analyse", "cooccurrence", "CoOccurrence")
    {
        Summary = "Which touchpoints the same customers were at.",
        BehindSummary = "The customers who were at both of two touchpoints.",
        Parameters = NeighboursAddress.PairParameters,
        Picks = NeighboursAddress.PairPicks,
        Title = "Analyse.Neighbours.Title",
        Page = "/analyse/neighbours",
        Ask = (query, journeys) => NeighboursAddress.ReadPairs(query).Then(journeys.Ask),
        List = (query, journeys) => NeighboursAddress.ReadPairBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            T("Analyse.Neighbours.PairWords", b.Pick.At, b.Pick.With), new Address("/analyse/neighbours").With("at", b.Pick.At).With(b.Question.Filter),
            NeighboursAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapNeighbours(this WebApplication app)
    {
        app.MapQuestion(Question, Show);
        app.MapQuestion(Pairs);
    }

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = NeighboursAddress.Read(http.Request.Query, () => DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps[^1]);
        var question = read.Answer ?? new NeighboursQuestion("", NeighboursQuestion.UsualSteps, JourneyFilter.None);
        // Before the first event there is no touchpoint to propose: the page says what to do instead of refusing.
        var asked = journeys.Visible == 0 ? new Asked<NeighboursAnswer>(null, null) : read.Then(journeys.Ask);
        var pairs = asked.Answer is null ? null : journeys.Ask(new CoOccurrenceQuestion(CoOccurrenceQuestion.UsualTop, question.Filter)).Answer;
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, NeighboursAddress.Of(question));
        var report = asked.Answer is { } answer ? NeighboursReports.Of(question, answer, pairs!, new Marks(catalogue)) : null;
        return http.Show<NeighboursPage>(new NeighboursModel(around, question, journeys.TouchpointNames().Choices(), report, report is null ? null : journeys.Before(question.Filter, f => journeys.Ask(question with { Filter = f }))), asked.Refusal.Status());
    }

    private static string Words(NeighboursQuestion question, NeighbourPick pick) => pick.Name is not { } name
        ? T("Analyse.Neighbours.AllWords", question.At)
        : T(pick.Before ? "Analyse.Neighbours.BeforeWords" : "Analyse.Neighbours.AfterWords", name, question.Steps, question.At);
}
