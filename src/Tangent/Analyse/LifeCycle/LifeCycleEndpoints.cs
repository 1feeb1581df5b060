using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class LifeCycleEndpoints
{
    public static void MapLifeCycle(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/lifecycle").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskLifeCycle").WithParameters(LifeCycleAddress.Parameters)
            .WithSummary("New, returning, resurrecting and dormant customers, period by period.");
        api.MapGet("/customers", Behind).WithName("CustomersOfLifeCycle")
            .WithParameters([.. LifeCycleAddress.Parameters, .. LifeCycleAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers in a part of their life in a period.");
        var pages = app.MapGroup("/analyse/lifecycle").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<LifeCycleAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        LifeCycleAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        LifeCycleAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys)
    {
        var read = LifeCycleAddress.Read(http.Request.Query);
        var question = read.Answer ?? new LifeCycleQuestion(null, "month", JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, LifeCycleAddress.Of(question));
        var report = asked.Map(answer => LifeCycleReports.Of(question, answer)).Answer;
        return http.Show<LifeCyclePage>(new LifeCycleModel(around, question, journeys.TouchpointNames(), report), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.LifeCycle.Title"), "/analyse/lifecycle",
        LifeCycleAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            LifeCycleReports.Words(b.Question, b.Pick), LifeCycleAddress.Of(b.Question), LifeCycleAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));
}
