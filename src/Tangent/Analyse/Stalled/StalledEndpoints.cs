using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class StalledEndpoints
{
    public static void MapStalled(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/stalled").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskStalled").WithParameters(StalledAddress.Parameters)
            .WithSummary("Where journeys stand still longer than is usual there.");
        api.MapGet("/customers", Behind).WithName("CustomersOfStalled")
            .WithParameters([.. StalledAddress.Parameters, .. StalledAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers whose last event is at a touchpoint, or those of them who have waited longer than usual.");
        var pages = app.MapGroup("/analyse/stalled").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<StalledAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        StalledAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        StalledAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = StalledAddress.Read(http.Request.Query);
        var question = read.Answer ?? new StalledQuestion(StalledQuestion.UsualPercentile, null, [], JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, StalledAddress.Of(question));
        var report = asked.Map(answer => StalledReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<StalledPage>(new StalledModel(around, question, report), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Stalled.Title"), "/analyse/stalled",
        StalledAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Pick), StalledAddress.Of(b.Question), StalledAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static string Words(StalledPick pick) => (pick.Touchpoint, pick.Stalled) switch
    {
        (null, true) => T("Analyse.Stalled.AllStalledWords"),
        (null, false) => T("Analyse.Stalled.AllWaitingWords"),
        ({ } name, true) => T("Analyse.Stalled.StalledWords", name),
        ({ } name, false) => T("Analyse.Stalled.WaitingWords", name),
    };
}
