using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class LifeCycleEndpoints
{
    public static readonly Question<LifeCycleAnswer> Question = new("analyse", "lifecycle", "LifeCycle")
    {
        Summary = "New, returning, resurrecting and dormant customers, period by period.",
        BehindSummary = "The customers in a part of their life in a period.",
        Parameters = LifeCycleAddress.Parameters,
        Picks = LifeCycleAddress.Picks,
        Title = "Analyse.LifeCycle.Title",
        Ask = (query, journeys) => LifeCycleAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => LifeCycleAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            LifeCycleReports.Words(b.Question, b.Pick), LifeCycleAddress.Of(b.Question), LifeCycleAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapLifeCycle(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys)
    {
        var read = LifeCycleAddress.Read(http.Request.Query);
        var question = read.Answer ?? new LifeCycleQuestion(null, "month", JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, LifeCycleAddress.Of(question));
        var report = asked.Map(answer => LifeCycleReports.Of(question, answer)).Answer;
        return http.Show<LifeCyclePage>(new LifeCycleModel(around, question, journeys.TouchpointNames(), report), asked.Refusal.Status());
    }

}
