using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class CorrelationEndpoints
{
    public static readonly Question<CorrelationAnswer> Question = new("analyse", "correlation", "Correlation")
    {
        Summary = "Which touchpoints go along with a conversion: odds ratios of having been there and having converted.",
        BehindSummary = "The customers behind one of the four cells of a touchpoint.",
        Parameters = CorrelationAddress.Parameters,
        Picks = CorrelationAddress.Picks,
        Title = "Analyse.Correlation.Title",
        Ask = (query, journeys) => CorrelationAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => CorrelationAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Question, b.Pick), CorrelationAddress.Of(b.Question), CorrelationAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapCorrelation(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = CorrelationAddress.Read(http.Request.Query, () => DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps[^1]);
        var question = read.Answer ?? new CorrelationQuestion(null, "", CorrelationQuestion.UsualWindow, JourneyFilter.None);
        // Before the first event there is no goal to propose: the page says what to do instead of refusing.
        var asked = journeys.Visible == 0 ? new Asked<CorrelationAnswer>(null, null) : read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, CorrelationAddress.Of(question));
        var report = asked.Answer is { } answer ? CorrelationReports.Of(question, answer, new Marks(catalogue)) : null;
        return http.Show<CorrelationPage>(new CorrelationModel(around, question, journeys.TouchpointNames().Choices(), report, report is null ? null : journeys.Before(question.Filter, f => journeys.Ask(question with { Filter = f }))), asked.Refusal.Status());
    }

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
