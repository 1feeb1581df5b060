using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    public Asked<ConformanceAnswer> Ask(ConformanceQuestion question)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        var answer = engine.Ask(scope.View);
        string[] texts = [.. question.Rules.Select(rule => rule.ToString())];
        var interval = answer.Applicable == 0 ? (Interval?)null : Interval.OfMean(answer.Fitness, answer.Variance, answer.Applicable);
        return new ConformanceAnswer(answer.Customers, answer.Applicable, interval is null ? null : answer.Fitness, interval?.Low, interval?.High,
            [.. answer.Rules.Select((rule, index) => Figures(index + 1, texts[index], rule)).OrderByDescending(rule => rule.Violated).ThenBy(rule => rule.Number)],
            [.. answer.FirstDeviations.Select(d => new Deviation(
                d.Rule + 1, texts[d.Rule], d.Touchpoint == Engine.Code.None ? null : scope.Touchpoints.Name(d.Touchpoint), d.Customers, Share(d.Customers, answer.Applicable)))],
            [.. answer.Histogram.Select((customers, bin) => new FitnessBin(bin / 10.0, Math.Min(1, (bin + 1) / 10.0), customers))]);
    }

    public Asked<CustomersAnswer> Behind(ConformanceQuestion question, ConformancePick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        if (Pick(question, pick, scope, out var picked) is { } refused) return refused;
        return Page(scope, engine.Customers(scope.View, picked), page);
    }

    /// <summary>Fitness and first deviation of the journeys behind a number, one by one.</summary>
    public Asked<JourneysAnswer> Journeys(ConformanceQuestion question, ConformancePick pick, Paging page)
    {
        if (Prepare(question, out var scope, out var engine) is { } refusal) return refusal;
        if (Pick(question, pick, scope, out var picked) is { } refused) return refused;
        var behind = engine.Customers(scope.View, picked);
        var listed = Page(scope, behind, page);
        var ids = listed.Items.ToDictionary(line => line.Customer, line => line.Id);
        return new JourneysAnswer(behind.Total, [.. engine.Journeys(scope.View, ids.Keys).Select(journey => Fitness(question, journey, ids[journey.Customer], scope))], listed.Next);
    }

    private static JourneyFitness Fitness(ConformanceQuestion question, Engine.JourneyConformance journey, string id, Scope scope)
    {
        List<int> Numbers(ulong rules) => [.. Enumerable.Range(0, question.Rules.Count).Where(rule => (rules >> rule & 1) != 0).Select(rule => rule + 1)];
        var (applicable, violated) = (Numbers(journey.Applicable), Numbers(journey.Broken));
        return new JourneyFitness(
            journey.Customer, id, applicable.Count == 0 ? null : 1 - (double)violated.Count / applicable.Count, applicable, violated,
            journey.First < 0 ? null : new JourneyDeviation(
                journey.First + 1, question.Rules[journey.First].ToString(), journey.Touchpoint == Engine.Code.None ? null : scope.Touchpoints.Name(journey.Touchpoint), Utc(journey.AtMs)));
    }

    private static Refusal? Pick(ConformanceQuestion question, ConformancePick pick, Scope scope, out Engine.ConformancePick picked)
    {
        picked = default;
        if (pick.Number < 1 || pick.Number > question.Rules.Count) return new Refusal("at", T("Collect.Refusal.RuleNumber", question.Rules.Count));
        if (pick.Bin is < 0 or >= Engine.ConformanceQuestion.Bins) return new Refusal("bin", T("Collect.Refusal.Bin", Engine.ConformanceQuestion.Bins - 1));
        ushort? touchpoint = pick.AtEnd ? Engine.Code.None : null;
        if (pick.Touchpoint is { } name)
        {
            touchpoint = scope.Touchpoints.Find(name);
            if (touchpoint is null) return Unknown("where", name);
        }

        var outcome = pick.Outcome switch
        {
            RuleOutcome.Satisfied => Engine.RuleOutcome.Satisfied,
            RuleOutcome.Violated => Engine.RuleOutcome.Violated,
            RuleOutcome.First => Engine.RuleOutcome.First,
            RuleOutcome.NotApplicable => Engine.RuleOutcome.NotApplicable,
            _ => Engine.RuleOutcome.Applicable,
        };
        picked = new Engine.ConformancePick(outcome, pick.Number - 1, touchpoint, pick.Bin);
        return null;
    }

    private static RuleFigures Figures(int number, string text, Engine.RuleConformance rule)
    {
        if (rule.Applicable == 0) return new RuleFigures(number, text, 0, 0, null, null, null);
        var interval = Interval.Wilson(rule.Violated, rule.Applicable);
        return new RuleFigures(number, text, rule.Applicable, rule.Violated, Share(rule.Violated, rule.Applicable), interval.Low, interval.High);
    }

    private Refusal? Prepare(ConformanceQuestion question, out Scope scope, out Engine.ConformanceQuestion engine)
    {
        (scope, engine) = (default, null!);
        if (question.Rules.Count is 0 or > ConformanceQuestion.MostRules) return new Refusal("rule", T("Collect.Refusal.Rules", ConformanceQuestion.MostRules));
        if (ScopeOf(question.Filter, out var refusal) is not { } found) return refusal;
        scope = found;
        List<Engine.ConformanceRule> rules = [];
        foreach (var rule in question.Rules)
        {
            var asked = Rule(rule, found);
            if (asked.Refusal is { } refused) return refused;
            rules.Add(asked.Answer!);
        }

        engine = new Engine.ConformanceQuestion { TouchpointOfSignature = found.OfSignature, Filter = found.Filter, Rules = rules };
        return null;
    }

    private static Asked<Engine.ConformanceRule> Rule(ConformanceRule rule, Scope scope)
    {
        List<ushort[]> sets = [];
        foreach (var set in rule.Touchpoints)
        {
            List<ushort> codes = [];
            foreach (var name in set)
            {
                if (scope.Touchpoints.Find(name) is not { } code) return Unknown("rule", name);
                if (sets.Exists(other => other.Contains(code))) return new Refusal("rule", T("Collect.Refusal.RuleTwice", name, rule));
                codes.Add(code);
            }

            sets.Add([.. codes]);
        }

        var kind = rule.Kind == RuleKind.Exactly ? Engine.RuleKind.Between : Enum.Parse<Engine.RuleKind>(rule.Kind.ToString());
        return new Engine.ConformanceRule(kind, sets) { Least = rule.Least, Most = rule.Most ?? int.MaxValue, WithinMs = (long)rule.Time.TotalMilliseconds };
    }
}
