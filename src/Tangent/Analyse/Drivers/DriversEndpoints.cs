using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

internal static class DriversEndpoints
{
    public static readonly Question<Drivers, DriversAnswer> Question = new("analyse", "drivers", "Drivers")
    {
        Summary = "Which experiences explain how customers answer and whether they buy again, with all other experiences held fixed.",
        BehindSummary = "The customers who had an experience before an outcome, or had not.",
        Parameters = DriversAddress.Parameters,
        Picks = DriversAddress.Picks,
        Title = "Analyse.Drivers.Title",
        Ask = (query, drivers) => DriversAddress.Read(query).Then(drivers.Ask),
        List = (query, drivers) => DriversAddress.ReadBehind(query).Then(b => drivers.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            DriversReports.Words(b.Question, b.Pick), DriversAddress.Of(b.Question), DriversAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapDrivers(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, Drivers drivers, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = DriversAddress.Read(http.Request.Query, () => Usual(journeys, catalogue));
        var question = read.Answer ?? new DriversQuestion(DriverOutcome.Score, null, DriversQuestion.DefaultScore, [], DriversQuestion.DefaultWithin, DriversQuestion.DefaultWindow, JourneyFilter.None);
        // Before the first event there is no goal to propose: the page says what to do instead of refusing.
        var asked = journeys.Visible == 0 ? new Asked<DriversAnswer>(null, null) : read.Then(drivers.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, DriversAddress.Of(question));
        var report = asked.Answer is { } answer ? DriversReports.Of(question, answer, new Marks(catalogue)) : null;
        return http.Show<DriversPage>(new DriversModel(around, question, journeys.TouchpointNames(), drivers.Answered(), report), asked.Refusal.Status());
    }

    /// <summary>Answers where journeys keep them; else buying again at the end of the way to the purchase.</summary>
    public static (DriverOutcome Outcome, string? Goal) Usual(JourneyStore journeys, TouchpointCatalogue catalogue) =>
        new[] { DriversQuestion.Metric, DriversQuestion.DefaultScore }.All(p => journeys.Properties.Contains(p, StringComparer.OrdinalIgnoreCase))
            ? (DriverOutcome.Score, DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps[^1])
            : (DriverOutcome.Repurchase, DefaultFunnel.Propose(journeys, catalogue, JourneyFilter.None)?.Steps[^1]);
}
