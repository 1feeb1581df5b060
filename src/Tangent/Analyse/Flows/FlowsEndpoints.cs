using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
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

    public static void MapFlows(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/flows").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskFlows").WithParameters(QuestionParameters.Flows)
            .WithSummary("The directly-follows graph: what comes right after what, how often and how much later.");
        api.MapGet("/customers", Behind).WithName("CustomersOfFlow").WithParameters([.. QuestionParameters.Flows, .. Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers who have a transition at least once.");
        var pages = app.MapGroup("/analyse/flows").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<FlowsAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        FlowsAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        FlowsAddress.ReadBehind(request.Query).Then(b => Customers(journeys, b)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var query = http.Request.Query;
        var page = FlowsAddress.ReadPage(query);
        var read = page.Then(_ => FlowsAddress.Read(query));
        var question = read.Answer ?? new FlowsQuestion(false, JourneyFilter.None);
        var rework = ReworkAddress.Read(query).Then(q => journeys.Ask(q).Map(answer => ReworkReports.Of(q, answer, new Marks(catalogue))));
        var asked = rework.Then(_ => read).Then(journeys.Ask);
        var around = journeys.Around(asked, null, read.Answer?.Filter, FlowsAddress.Of(question));
        var report = asked.Map(answer => FlowsReports.Of(question, page.Answer!, answer, new Marks(catalogue))).Answer;
        return http.Show<FlowsPage>(new FlowsModel(around, question, page.Answer ?? new Paging(), journeys.TouchpointNames().Choices(), report, asked.Answer is null ? null : rework.Answer), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Flows.Title"), "/analyse/flows",
        FlowsAddress.ReadBehind(http.Request.Query).Then(b => Customers(journeys, b).Map(customers => new Listed(
            T("Analyse.Flows.Words", b.Pick.From, b.Pick.To), FlowsAddress.Of(b.Question), FlowsAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static Asked<CustomersAnswer> Customers(JourneyStore journeys, Behind<FlowsQuestion, FlowPick> behind) =>
        journeys.Behind(behind.Question, behind.Pick, behind.Page);
}
