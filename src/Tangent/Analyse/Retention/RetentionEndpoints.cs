using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class RetentionEndpoints
{
    public static void MapRetention(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/retention").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskRetention").WithParameters(RetentionAddress.Parameters)
            .WithSummary("Who comes back, by cohorts of when they started.");
        api.MapGet("/customers", Behind).WithName("CustomersOfRetention")
            .WithParameters([.. RetentionAddress.Parameters, .. RetentionAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers of a cohort, or those of them who returned in a period.");
        var pages = app.MapGroup("/analyse/retention").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<RetentionAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        RetentionAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        RetentionAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys)
    {
        var read = RetentionAddress.Read(http.Request.Query);
        var question = read.Answer ?? new RetentionQuestion(null, null, RetentionAddress.UsualPeriod, false, false, JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, RetentionAddress.Of(question));
        var report = asked.Map(answer => RetentionReports.Of(question, answer)).Answer;
        return http.Show<RetentionPage>(new RetentionModel(around, question, journeys.TouchpointNames(), report), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Retention.Title"), "/analyse/retention",
        RetentionAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            RetentionReports.Words(b.Question, b.Pick), RetentionAddress.Of(b.Question), RetentionAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));
}
