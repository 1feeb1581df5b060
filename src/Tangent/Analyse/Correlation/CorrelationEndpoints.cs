using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class CorrelationEndpoints
{
    public static void MapCorrelation(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/analyse/correlation").WithTags("Analyse");
        api.MapGet("", Ask).WithName("AskCorrelation").WithParameters(CorrelationAddress.Parameters)
            .WithSummary("Which touchpoints go along with a conversion: odds ratios of having been there and having converted.");
        api.MapGet("/customers", Behind).WithName("CustomersOfCorrelation")
            .WithParameters([.. CorrelationAddress.Parameters, .. CorrelationAddress.Picks, .. QuestionParameters.Paging])
            .WithSummary("The customers behind one of the four cells of a touchpoint.");
        var pages = app.MapGroup("/analyse/correlation").ExcludeFromDescription();
        pages.MapGet("", Show);
        pages.MapGet("/customers", ShowBehind);
    }

    private static Results<Ok<CorrelationAnswer>, ProblemHttpResult> Ask(HttpRequest request, JourneyStore journeys) =>
        CorrelationAddress.Read(request.Query).Then(journeys.Ask).ToJson();

    private static Results<Ok<CustomersAnswer>, ProblemHttpResult> Behind(HttpRequest request, JourneyStore journeys) =>
        CorrelationAddress.ReadBehind(request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page)).ToJson();

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = CorrelationAddress.Read(http.Request.Query, () => DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps[^1]);
        var question = read.Answer ?? new CorrelationQuestion(null, "", CorrelationQuestion.UsualWindow, JourneyFilter.None);
        // Before the first event there is no goal to propose: the page says what to do instead of refusing.
        var asked = journeys.Visible == 0 ? new Asked<CorrelationAnswer>(null, null) : read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, CorrelationAddress.Of(question));
        var report = asked.Answer is { } answer ? CorrelationReports.Of(question, answer, new Marks(catalogue)) : null;
        return http.Show<CorrelationPage>(new CorrelationModel(around, question, journeys.TouchpointNames().Choices(), report), asked.Refusal.Status());
    }

    private static RazorComponentResult<PageHost> ShowBehind(HttpContext http, JourneyStore journeys) => http.ShowCustomers(
        T("Analyse.Correlation.Title"), "/analyse/correlation",
        CorrelationAddress.ReadBehind(http.Request.Query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), CorrelationAddress.Of(b.Question), CorrelationAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))));

    private static string Words(CorrelationQuestion question, CorrelationPick pick)
    {
        var who = pick.Converted switch
        {
            true => T("Analyse.Correlation.WhoConverted", question.Goal),
            false => T("Analyse.Correlation.WhoDidNot", question.Goal),
            null => T("Analyse.Correlation.WhoEntered"),
        };
        return pick.Name is not { } name ? who + "." : T(pick.Did ? "Analyse.Correlation.With" : "Analyse.Correlation.Without", who, name);
    }
}
