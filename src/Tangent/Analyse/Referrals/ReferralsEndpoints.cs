using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Question">The question as read.</param>
/// <param name="Report">Null where there is no answer.</param>
public sealed record ReferralsModel(Around Around, PrecedingQuestion Question, IReadOnlyList<string> Touchpoints, ReferralsReport? Report);

public sealed record ReferralsReport(ReferralsAnswer Answer, Count Recommended, Count Compared, Count Brought, Count Came, IReadOnlyList<BeforeRow> Before, IReadOnlyList<RecommenderRow> Recommenders);

/// <param name="Verdict">In words; empty where there are too few.</param>
/// <param name="Held">What is left of it with all else held fixed, in words; empty where nothing was there to begin with.</param>
public sealed record BeforeRow(Mark Mark, Before Figures, Count With, Count Others, string Verdict, string Held);

/// <param name="Came">Who came by the customer.</param>
public sealed record RecommenderRow(Recommender Recommender, Count Came);

internal static class ReferralsEndpoints
{
    public static readonly Question<Referrals, ReferralsAnswer> Question = new("analyse", "referrals", "Referrals")
    {
        Summary = "Who recommends, what they lived through before, compared with others at the same times, and who came by their referral codes.",
        BehindSummary = "The customers behind a number of referrals.",
        Parameters = ReferralsAddress.Parameters,
        Picks = ReferralsAddress.Picks,
        Title = "Analyse.Referrals.Title",
        Ask = (query, referrals) => ReferralsAddress.Read(query).Then(referrals.Ask),
        List = (query, referrals) => ReferralsAddress.ReadBehind(query).Then(b => referrals.Behind(b.Question, b.Pick, b.Page).Map(customers => new Listed(
            Words(b.Pick), ReferralsAddress.Of(b.Question), ReferralsAddress.Behind(b.Question, b.Pick), Referrals.FilterOf(b.Question, b.Pick), b.Page, customers))),
    };

    public static void MapReferrals(this WebApplication app) => app.MapQuestion(Question, Show);

    private static RazorComponentResult<PageHost> Show(HttpContext http, Referrals referrals, JourneyStore journeys, TouchpointCatalogue catalogue)
    {
        var read = ReferralsAddress.Read(http.Request.Query);
        var question = read.Answer ?? new PrecedingQuestion([], PrecedingQuestion.DefaultWindow, JourneyFilter.None);
        var asked = journeys.Visible == 0 ? new Asked<ReferralsAnswer>(null, null) : read.Then(referrals.Ask);
        var around = journeys.Around(asked, asked.Answer?.Customers, read.Answer?.Filter, ReferralsAddress.Of(question));
        var report = asked.Answer is { } answer ? Report(question, answer, new Marks(catalogue)) : null;
        return http.Show<ReferralsPage>(new ReferralsModel(around, question with { Cases = asked.Answer?.Recommends ?? question.Cases }, journeys.TouchpointNames(), report), asked.Refusal.Status());
    }

    private static ReferralsReport Report(PrecedingQuestion question, ReferralsAnswer answer, Marks marks)
    {
        Count Who(long customers, string who, string? before = null, int? by = null) => new(customers, ReferralsAddress.Behind(question, new ReferralsPick(who, before, by)).ToString());
        return new ReferralsReport(
            answer, Who(answer.Cases, Referrals.Recommended), Who(answer.Others, Referrals.Compared), Who(answer.Brought, Referrals.Brought), Who(answer.Came, Referrals.Came),
            [.. answer.Before.Select(p => new BeforeRow(marks.Of(p.Name), p, Who(p.Cases, Referrals.Recommended, p.Name), Who(p.Others, Referrals.Compared, p.Name), Verdict(p.Verdict), Held(p)))],
            [.. answer.Recommenders.Select(r => new RecommenderRow(r, Who(r.Came, Referrals.Came, by: r.Customer)))]);
    }

    private static string Verdict(string verdict) => verdict switch
    {
        LivedBefore.More => T("Analyse.Referrals.More"),
        LivedBefore.Less => T("Analyse.Referrals.Less"),
        LivedBefore.Unclear => T("Analyse.Referrals.Unclear"),
        _ => "",
    };

    private static string Held(Before before) => before switch
    {
        { Held: LivedBefore.As } => T("Analyse.Referrals.HeldAs", before.HeldAs!),
        { Held: LivedBefore.Unclear, Verdict: LivedBefore.More or LivedBefore.Less } => T("Analyse.Referrals.HeldAlong"),
        { Held: LivedBefore.Unclear } => "",
        _ => Verdict(before.Held),
    };

    private static string Words(ReferralsPick pick)
    {
        var words = T("Analyse.Referrals.Words." + pick.Who);
        return pick.Before is { } before ? T("Analyse.Referrals.WordsBefore", words, before) : words;
    }
}
