using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class StalledEndpoints
{
    public static readonly Question<StalledAnswer> Question = new("analyse", "stalled", "Stalled")
    {
        Summary = "Where journeys stand still longer than is usual there.",
        BehindSummary = "The customers whose last event is at a touchpoint, or those of them who have waited longer than usual.",
        Parameters = StalledAddress.Parameters,
        Picks = StalledAddress.Picks,
        Title = "Analyse.Stalled.Title",
        Ask = (query, journeys) => StalledAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => StalledAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Pick), StalledAddress.Of(b.Question), StalledAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapStalled(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = StalledAddress.Read(http.Request.Query);
        var question = read.Answer ?? new StalledQuestion(StalledQuestion.UsualPercentile, null, [], JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, StalledAddress.Of(question));
        var report = asked.Map(answer => StalledReports.Of(question, answer, new Marks(catalogue))).Answer;
        return http.Show<StalledPage>(new StalledModel(around, question, report), asked.Refusal.Status());
    }

    private static string Words(StalledPick pick) => (pick.Touchpoint, pick.Stalled) switch
    {
        (null, true) => T("Analyse.Stalled.AllStalledWords"),
        (null, false) => T("Analyse.Stalled.AllWaitingWords"),
        ({ } name, true) => T("Analyse.Stalled.StalledWords", name),
        ({ } name, false) => T("Analyse.Stalled.WaitingWords", name),
    };
}
