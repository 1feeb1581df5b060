using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>Who recommends, what they lived through before, and who came by them.</summary>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Recommends">What counts as a recommendation.</param>
/// <param name="Recommended">Customers who recommended.</param>
/// <param name="Cases">Of them, those with an event in the time before their first recommendation.</param>
/// <param name="Others">Customers compared with, at the same times.</param>
/// <param name="Before">Where they were before, the largest lower bound of the lift first; then where too few were.</param>
/// <param name="Codes">Referral codes that anybody made.</param>
/// <param name="Used">Codes that another customer used in the period.</param>
/// <param name="Brought">Customers who made these.</param>
/// <param name="Came">Customers who used one.</param>
/// <param name="Recommenders">Who brought most, at most 100.</param>
public sealed record ReferralsAnswer(
    long Customers, IReadOnlyList<string> Recommends, long Recommended, long Cases, long Others, IReadOnlyList<Before> Before, long Codes, long Used, long Brought, long Came, IReadOnlyList<Recommender> Recommenders);

/// <param name="Customer">Number of the customer.</param>
/// <param name="Id">The identifier people know the customer by.</param>
/// <param name="Codes">Codes of hers that somebody used.</param>
/// <param name="Came">Customers who used one.</param>
public sealed record Recommender(int Customer, string Id, int Codes, int Came);

/// <summary>The customers behind a number of referrals.</summary>
/// <param name="Who">recommended, compared, brought or came.</param>
/// <param name="Before">Of those who recommended or are compared with, only who was at this touchpoint before.</param>
/// <param name="By">Of those who came, only by this customer.</param>
public sealed record ReferralsPick(string Who, string? Before, int? By);

/// <summary>Answers questions for referrals.</summary>
internal sealed class Referrals(JourneyStore journeys, TouchpointCatalogue catalogue, ReferralQueries mentions, IOptionsMonitor<CompanyOptions> company)
{
    public const string Recommended = "recommended", Compared = "compared", Brought = "brought", Came = "came";
    private const int MostRecommenders = 100;
    private static readonly PrecedingAnswer Nobody = new(0, 0, 0, 0, [], new LivedRows(0, 1, 0, [], [], [], [], [0], []));

    public Asked<ReferralsAnswer> Ask(PrecedingQuestion question)
    {
        if (Refusal(question.Filter, out var chosen) is { } refused) return refused;
        question = WithCases(question);
        // A company without a touchpoint of advocacy may still have codes.
        Asked<PrecedingAnswer> asked = question.Cases.Count == 0 ? Nobody : journeys.Ask(question);
        if (asked.Refusal is { } refusal) return refusal;
        var (answer, uses) = (asked.Answer!, Uses(question.Filter, chosen!));
        var recommenders = uses.GroupBy(u => u.Maker).Select(g => (Maker: g.Key, Codes: g.Select(u => u.Code).Distinct(StringComparer.Ordinal).Count(), Came: g.Select(u => u.User).Distinct().Count())).ToList();
        var top = recommenders.OrderByDescending(r => r.Came).ThenBy(r => r.Maker).Take(MostRecommenders).ToList();
        var lines = journeys.Lines([.. top.Select(r => r.Maker)]).ToDictionary(l => l.Customer, l => l.Id);
        return new ReferralsAnswer(
            answer.Customers, question.Cases, answer.Did, answer.Cases, answer.Others, LivedBefore.Of(answer), mentions.CountCodes(), uses.Select(u => u.Code).Distinct(StringComparer.Ordinal).Count(), recommenders.Count,
            uses.Select(u => u.User).Distinct().Count(), [.. top.Where(r => lines.ContainsKey(r.Maker)).Select(r => new Recommender(r.Maker, lines[r.Maker], r.Codes, r.Came))]);
    }

    public Asked<CustomersAnswer> Behind(PrecedingQuestion question, ReferralsPick pick, Paging page)
    {
        if (Refusal(question.Filter, out var chosen) is { } refused) return refused;
        if (pick.Who is Recommended or Compared) return journeys.Behind(WithCases(question), new PrecedingPick(pick.Who == Recommended, pick.Before), page);
        return journeys.Customers([.. Uses(question.Filter, chosen!).Where(u => pick.By is null || u.Maker == pick.By).Select(u => pick.Who == Brought ? u.Maker : u.User).Distinct().Order()], page);
    }

    /// <summary>The filter that a number is of: codes are of customers and days, wherever they were used.</summary>
    public static JourneyFilter FilterOf(PrecedingQuestion question, ReferralsPick pick) =>
        pick.Who is Recommended or Compared ? question.Filter : question.Filter with { Channels = [], Sources = [], Touchpoints = [], Properties = [] };

    private Refusal? Refusal(JourneyFilter filter, out Predicate<int>? chosen)
    {
        var asked = journeys.Chosen(filter);
        chosen = asked.Answer;
        return asked.Refusal;
    }

    /// <summary>Unless said, what happens at the touchpoints of advocacy at which customers speak with others.</summary>
    private PrecedingQuestion WithCases(PrecedingQuestion question) => question.Cases.Count > 0 ? question
        : question with { Cases = [.. catalogue.Touchpoints.Where(t => t is { Stage: LifeCycleStage.Advocacy, Directness: Directness.Indirect } && journeys.TouchpointNames().Contains(t.Name)).Select(t => t.Name).Order(StringComparer.Ordinal).Take(20)] };

    /// <summary>Codes of chosen customers that another used in the period; of a code and a customer one use. Who uses a code whose maker is not known any more came by nobody.</summary>
    private List<Use> Uses(JourneyFilter filter, Predicate<int> chosen)
    {
        List<ReferralMention> all = [.. mentions.Shared()];
        var customers = journeys.FindCustomers([.. all.Select(m => m.Key)]);
        var (makers, uses, seen) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<Use>(), new HashSet<(string, int)>());
        var (from, before) = new ScoreDays(company.CurrentValue.Zone()).Span(filter.From, filter.To);
        for (var i = 0; i < all.Count; i++)
        {
            if (customers[i] < 0 && all[i].Key != ReferralMention.Nobody) continue;
            if (makers.TryAdd(all[i].Code, customers[i])) continue;
            var (maker, atMs) = (makers[all[i].Code], new DateTimeOffset(all[i].AtUtc).ToUnixTimeMilliseconds());
            if (maker < 0 || customers[i] < 0 || maker == customers[i] || !chosen(maker) || atMs < from || atMs >= before || !seen.Add((all[i].Code, customers[i]))) continue;
            uses.Add(new Use(all[i].Code, maker, customers[i]));
        }

        return uses;
    }

    private readonly record struct Use(string Code, int Maker, int User);
}
