using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class RecoveryEndpoints
{
    public static void MapRecovery(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/recovery").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskRecovery").WithParameters(RecoveryAddress.Parameters)
            .WithSummary("After a bad contact: who leaves, who stays, and which next contact makes up for it.");
        api.MapGet("/customers", Behind).WithName("CustomersOfRecovery")
            .WithParameters([.. RecoveryAddress.Parameters, .. RecoveryAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind a number of recovery.");
        var pages = app.MapGroup("/analyse/recovery").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<RecoveryAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        RecoveryAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        RecoveryAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = RecoveryAddress.Read(http.Request.Query);
        var question = read.Answer ?? new RecoveryQuestion([], [], RecoveryQuestion.DefaultWindow, JourneyFilter.None);
        // Nobody has said yet what a bad contact is: the page asks for it.
        var unsaid = read.Answer is { Bad.Count: 0 };
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, RecoveryAddress.Of(question));
        var report = asked.Map(answer => RecoveryReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<RecoveryPage>(
            new RecoveryModel(unsaid ? around with { Refused = null } : around, question, journeys.TouchpointNames(), unsaid, report), unsaid ? StatusCodes.Status200OK : asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Recovery.Title"), "/analyse/recovery",
        RecoveryAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            RecoveryReports.Words(b.Question, b.Pick), RecoveryAddress.Of(b.Question), RecoveryAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));
}
