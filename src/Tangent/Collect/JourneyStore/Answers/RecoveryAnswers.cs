using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private static readonly Dictionary<string, Engine.RecoveryOutcome[]> Outcomes = new(StringComparer.Ordinal)
    {
        ["affected"] = Enum.GetValues<Engine.RecoveryOutcome>(),
        ["left"] = [Engine.RecoveryOutcome.Left],
        ["open"] = [Engine.RecoveryOutcome.Open],
        ["stayed"] = [Engine.RecoveryOutcome.MadeUp, Engine.RecoveryOutcome.NotMadeUp, Engine.RecoveryOutcome.StayedOpen],
        ["judged"] = [Engine.RecoveryOutcome.MadeUp, Engine.RecoveryOutcome.NotMadeUp],
        ["madeUp"] = [Engine.RecoveryOutcome.MadeUp],
        ["notMadeUp"] = [Engine.RecoveryOutcome.NotMadeUp],
        ["stayedOpen"] = [Engine.RecoveryOutcome.StayedOpen],
    };

    public Asked<RecoveryAnswer> Ask(RecoveryQuestion question)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        var answer = engine.Ask(scope.View);
        var (judged, madeUp) = (answer.Next.Sum(n => n.Customers), answer.Next.Sum(n => n.MadeUp));
        var average = Share(madeUp, judged);
        var next = answer.Next.Select(n => Contact(scope.Touchpoints.Name(n.Touchpoint), n, average))
            .OrderByDescending(n => n.Share.TooFew ? -1 : n.Share.Low).ThenByDescending(n => n.Customers).ThenByDescending(n => n.Open).ThenBy(n => n.Name, StringComparer.Ordinal);
        return new RecoveryAnswer(
            answer.Customers, answer.Left + answer.Stayed + answer.Open, answer.Left, answer.Stayed, answer.Open,
            ShareWithInterval(answer.Left, answer.Left + answer.Stayed), judged, madeUp, average, [.. next]);
    }

    public Asked<CustomersAnswer> Behind(RecoveryQuestion question, RecoveryPick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var refusal) is not { } engine) return refusal!;
        if (!Outcomes.TryGetValue(pick.Who, out var outcomes)) return new Refusal("who", T("Collect.Refusal.Who", string.Join(", ", Outcomes.Keys)));
        var next = pick.Next is null ? null : scope.Touchpoints.Find(pick.Next);
        if (pick.Next is not null && next is null) return Unknown("next", pick.Next);
        return Page(scope, engine.Customers(scope.View, outcomes, next), page);
    }

    private Engine.RecoveryQuestion? Prepare(RecoveryQuestion question, out Scope scope, out Refusal? refusal)
    {
        scope = default;
        refusal = question.Bad.Count is 0 or > 20 ? new Refusal("bad", T("Collect.Refusal.Bad"))
            : question.Goals.Count > 20 ? new Refusal("goal", T("Collect.Refusal.Exclusions"))
            : question.Window <= TimeSpan.Zero || question.Window > TimeSpan.FromDays(3660) ? new Refusal("window", T("Collect.Refusal.Window")) : null;
        if (refusal is not null || ScopeOf(question.Filter, out refusal) is not { } found) return null;
        scope = found;
        var bad = All("bad", question.Bad, found, ref refusal);
        var goals = All("goal", question.Goals, found, ref refusal);
        return refusal is not null ? null : new Engine.RecoveryQuestion
        {
            TouchpointOfSignature = found.OfSignature,
            Filter = found.Filter,
            Bad = bad,
            Goals = question.Goals.Count == 0 ? null : goals,
            WindowMs = (long)question.Window.TotalMilliseconds,
            EndMs = EndOf(question.Filter, found),
        };
    }

    private List<Engine.EventRule> All(string field, IReadOnlyList<string> texts, Scope scope, ref Refusal? refusal)
    {
        var rules = new List<Engine.EventRule>();
        foreach (var text in texts) rules.AddRange(Optional(field, text, scope, ref refusal) ?? []);
        return rules;
    }

    private static RecoveryContact Contact(string name, Engine.NextContact next, double average)
    {
        var share = ShareWithInterval(next.MadeUp, next.Customers);
        var verdict = share.TooFew ? "tooFew" : share.Low > average ? "better" : share.High < average ? "worse" : "unclear";
        return new RecoveryContact(name, next.Customers, next.MadeUp, share, average == 0 ? null : share.Share / average, verdict, next.Open);
    }

    private static ShareOf ShareWithInterval(long part, long whole)
    {
        var interval = Interval.Wilson(part, whole);
        return new ShareOf(whole, Share(part, whole), interval.Low, interval.High, whole < Web.Figures.Enough);
    }
}
