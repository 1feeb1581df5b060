using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class FlowsEndpoints
{
    private static readonly IReadOnlyList<QuestionParameter> Picks =
    [
        new("before", "Touchpoint before."),
        new("after", "Touchpoint right after."),
    ];

    public static readonly Question<FlowsAnswer> Question = new("analyse", "flows", "Flows")
    {
        Summary = "The directly-follows graph: what comes right after what, how often and how much later.",
        BehindSummary = "The customers who have a transition at least once.",
        Parameters = JourneyParameters.Flows,
        Picks = Picks,
        // Beside the transitions the page shows what is done again, and between which two.
        OnPage = ["start", "end"],
        Title = "Analyse.Flows.Title",
        Ask = (query, journeys) => FlowsAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => FlowsAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            T("Analyse.Flows.Words", b.Pick.From, b.Pick.To), FlowsAddress.Of(b.Question), FlowsAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapFlows(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var query = http.Request.Query;
        var read = FlowsAddress.Read(query);
        var question = read.Answer ?? new FlowsQuestion(false, JourneyFilter.None);
        var rework = ReworkAddress.Read(query).Then(q => journeys.Ask(q).Map(answer => ReworkReports.Of(q, answer, new Marks(catalogue))));
        var asked = rework.Then(_ => read).Then(journeys.Ask);
        var around = journeys.Around(asked, null, read.Answer?.Filter, FlowsAddress.Of(question));
        var report = asked.Map(answer => FlowsReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<FlowsPage>(new FlowsModel(around, question, journeys.TouchpointNames().Choices(), report, asked.Answer is null ? null : rework.Answer), asked.Refusal.Status());
    }
}
