using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

internal static class RecoveryEndpoints
{
    public static readonly Question<RecoveryAnswer> Question = new("analyse", "recovery", "Recovery")
    {
        Summary = "After a bad contact: who leaves, who stays, and which next contact makes up for it.",
        BehindSummary = "The customers behind a number of recovery.",
        Parameters = RecoveryAddress.Parameters,
        Picks = RecoveryAddress.Picks,
        Title = "Analyse.Recovery.Title",
        Ask = (query, journeys) => RecoveryAddress.Read(query).Then(journeys.Ask),
        List = (query, journeys) => RecoveryAddress.ReadBehind(query).Then(b => journeys.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            RecoveryReports.Words(b.Question, b.Pick), RecoveryAddress.Of(b.Question), RecoveryAddress.Behind(b.Question, b.Pick), b.Question.Filter, b.Page, customers))),
    };

    public static void MapRecovery(this WebApplication app) => app.MapQuestion(Question, Show);

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

}
