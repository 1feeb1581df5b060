using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Whose feelings are asked.</summary>
/// <param name="Account">Members of this account; null: of all.</param>
/// <param name="From">First day of the answers.</param>
/// <param name="To">Last day, included.</param>
public sealed record SentimentQuestion(string? Account, DateOnly? From, DateOnly? To);

/// <summary>What the roles of buying committees feel, from the answers of their members: where a decider is far from the users, the next talk is about that.</summary>
internal sealed class Sentiments(FeedbackIndex index, AccountBook book, JourneyStore journeys, IOptionsMonitor<CompanyOptions> company)
{
    private const int MostAccounts = 50;

    /// <summary>A member who gave an answer.</summary>
    private readonly record struct Answered(int Customer, int Account, BuyingRole? Role, double Feels, int Answers);

    public async Task<Asked<SentimentAnswer>> AskAsync(SentimentQuestion question, CancellationToken ct)
    {
        if (question.From > question.To) return new Refusal("to", T("Collect.Refusal.To"));
        var at = await book.NowAsync(ct);
        if (question.Account is { } account && at.Find(account) is null) return new Refusal("account", T("Unify.Accounts.Unknown", account));
        var answered = Answers(question, at);
        var members = at.Of(question.Account).GroupBy(m => m.Role is { } role ? (int)role : -1).ToDictionary(g => g.Key, g => g.Count());
        var roles = answered.GroupBy(a => a.Role is { } role ? (int)role : -1).OrderBy(g => g.Key < 0).ThenBy(g => g.Key)
            .Select(g => SentimentFormulas.Of(g.First().Role, members[g.Key], [.. g.Select(a => a.Feels)], g.Sum(a => (long)a.Answers))).ToList();
        return new SentimentAnswer(answered.Count, answered.Sum(a => (long)a.Answers), roles, Gaps(answered), question.Account is null ? Accounts(answered, at) : []);
    }

    /// <summary>The members who gave an answer, of one role, of no known one, or all.</summary>
    public async Task<Asked<ScoreCustomers>> BehindAsync(SentimentQuestion question, BuyingRole? role, bool noRole, Paging page, CancellationToken ct)
    {
        if (question.From > question.To) return new Refusal("to", T("Collect.Refusal.To"));
        var at = await book.NowAsync(ct);
        if (question.Account is { } account && at.Find(account) is null) return new Refusal("account", T("Unify.Accounts.Unknown", account));
        var answered = Answers(question, at).FindAll(a => (role is null || a.Role == role) && !(noRole && a.Role is not null));
        return new ScoreCustomers(journeys.Customers([.. answered.Select(a => a.Customer).Order()], page), answered.Sum(a => (long)a.Answers));
    }

    private List<Answered> Answers(SentimentQuestion question, AccountsAt at)
    {
        var (columns, period) = (index.Now, new ScoreDays(company.CurrentValue.Zone()).Span(question.From, question.To));
        var customers = journeys.CustomersOf(columns.Identity[..columns.Count]);
        var (sums, counts) = (new double[customers.Length == 0 ? 0 : customers.Max() + 1], new int[customers.Length == 0 ? 0 : customers.Max() + 1]);
        for (var row = 0; row < customers.Length; row++)
        {
            if (customers[row] < 0 || columns.Metric[row] == 0 || columns.AtMs[row] < period.From || columns.AtMs[row] >= period.Before) continue;
            sums[customers[row]] += SentimentFormulas.Feeling((Metric)columns.Metric[row], columns.Score[row]);
            counts[customers[row]]++;
        }

        var answered = new List<Answered>();
        foreach (var (member, role) in at.Of(question.Account))
            if (member.Customer < counts.Length && counts[member.Customer] is > 0 and var answers) answered.Add(new Answered(member.Customer, member.Account, role, sums[member.Customer] / answers, answers));
        return answered;
    }

    private static IReadOnlyList<SentimentGap> Gaps(IEnumerable<Answered> answered) =>
        SentimentFormulas.Gaps([.. answered.Where(a => a.Role is not null).GroupBy(a => a.Role!.Value).OrderBy(g => g.Key).Select(g => (g.Key, (IReadOnlyList<double>)[.. g.Select(a => a.Feels)]))]);

    private static List<SentimentOfAccount> Accounts(List<Answered> answered, AccountsAt at)
    {
        var found = new List<(int Account, SentimentGap Gap, int Persons)>();
        foreach (var account in answered.Where(a => a.Role is not null).GroupBy(a => a.Account))
            if (Gaps(account) is [{ Difference: >= SentimentFormulas.Notable } gap, ..]) found.Add((account.Key, gap, account.Count(a => a.Role == gap.One || a.Role == gap.Other)));
        return [.. found.OrderByDescending(f => f.Gap.Verdict == SentimentVerdict.Apart).ThenByDescending(f => f.Gap.Difference).ThenByDescending(f => f.Persons).ThenBy(f => f.Account).Take(MostAccounts)
            .Select(f => new SentimentOfAccount(at.Members.Accounts[f.Account], at.Tree.Of(at.Members.Accounts[f.Account]).Name, f.Gap, f.Persons))];
    }
}
