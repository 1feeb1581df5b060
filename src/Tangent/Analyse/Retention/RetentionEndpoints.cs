using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class RetentionEndpoints
{
    public static readonly Question<RetentionAnswer> Question = new("analyse", "retention", "Retention")
    {
        Summary = "Who comes back, by cohorts of when they started.",
        BehindSummary = "The customers of a cohort, or those of them who returned in a period.",
        Parameters = RetentionAddress.Parameters,
        Picks = RetentionAddress.Picks,
        Title = "Analyse.Retention.Title",
        Ask = (query, journeys) => RetentionAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => RetentionAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            RetentionReports.Words(b.Question, b.Pick), RetentionAddress.Of(b.Question), RetentionAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapRetention(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, JourneyStore journeys)
    {
        var read = RetentionAddress.Read(http.Request.Query);
        var question = read.Answer ?? new RetentionQuestion(null, null, RetentionAddress.UsualPeriod, false, false, JourneyFilter.None);
        var asked = read.Then(journeys.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, RetentionAddress.Of(question));
        var report = asked.Map(answer => RetentionReports.Of(question, answer)).Answer;
        return http.Show<RetentionPage>(new RetentionModel(around, question, journeys.TouchpointNames(), report), asked.Refusal.Status());
    }

}
