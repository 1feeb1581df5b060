using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Each rule as its definition says it, one at a time, over and over the journey.</summary>
internal static class ConformanceOracle
{
    public static ConformanceAnswer Ask(ConformanceQuestion q, Model model)
    {
        var journeys = Judged(q, model);
        var fitness = journeys.Where(j => j.Applicable.Count > 0).Select(j => 1 - (double)j.BrokenAt.Count / j.Applicable.Count).ToList();
        var mean = fitness.Count == 0 ? 0 : fitness.Average();
        var variance = fitness.Count < 2 ? 0 : fitness.Sum(f => (f - mean) * (f - mean)) / (fitness.Count - 1);
        var first = journeys.Where(j => j.BrokenAt.Count > 0).GroupBy(j => (j.First, j.FirstTouchpoint))
            .Select(g => new FirstDeviation(g.Key.First, g.Key.FirstTouchpoint, g.Count()))
            .OrderByDescending(d => d.Customers).ThenBy(d => d.Rule).ThenBy(d => d.Touchpoint);
        return new ConformanceAnswer(journeys.Count, fitness.Count, mean, variance,
            [.. q.Rules.Select((_, rule) => new RuleConformance(journeys.Count(j => j.Applicable.Contains(rule)), journeys.Count(j => j.BrokenAt.ContainsKey(rule))))],
            [.. first], [.. Enumerable.Range(0, 11).Select(bin => (long)journeys.Count(j => j.Applicable.Count > 0 && j.Bin == bin))]);
    }

    public static int[] Customers(ConformanceQuestion q, Model model, ConformancePick pick) => [.. Judged(q, model)
        .Where(j => pick.Bin is null || (j.Applicable.Count > 0 && j.Bin == pick.Bin))
        .Where(j => pick.Outcome switch
        {
            RuleOutcome.Applicable => pick.Rule is { } rule ? j.Applicable.Contains(rule) : j.Applicable.Count > 0,
            RuleOutcome.NotApplicable => pick.Rule is { } rule ? !j.Applicable.Contains(rule) : j.Applicable.Count == 0,
            RuleOutcome.Satisfied => pick.Rule is { } rule ? j.Applicable.Contains(rule) && !j.BrokenAt.ContainsKey(rule) : j.Applicable.Count > 0 && j.BrokenAt.Count == 0,
            RuleOutcome.Violated => pick.Rule is { } rule ? j.BrokenAt.ContainsKey(rule) : j.BrokenAt.Count > 0,
            _ => j.BrokenAt.Count > 0 && (pick.Rule ?? j.First) == j.First && (pick.Touchpoint ?? j.FirstTouchpoint) == j.FirstTouchpoint,
        }).Select(j => j.Journey.Customer)];

    public static JourneyConformance[] Journeys(ConformanceQuestion q, Model model, IReadOnlyCollection<int> customers) =>
        [.. Judged(q, model).Where(j => customers.Contains(j.Journey.Customer)).Select(j => new JourneyConformance(
            j.Journey.Customer, Bits(j.Applicable), Bits(j.BrokenAt.Keys), j.BrokenAt.Count == 0 ? -1 : j.First, j.BrokenAt.Count == 0 ? Code.None : j.FirstTouchpoint,
            j.Journey.Steps[j.BrokenAt.Values.Append(j.Journey.Steps.Count - 1).Min()].Ms))];

    private static ulong Bits(IEnumerable<int> rules) => rules.Aggregate(0UL, (bits, rule) => bits | (1UL << rule));

    public static bool IsApplicable(ConformanceRule rule, ModelJourney journey)
    {
        bool Any(int set) => journey.Steps.Exists(step => rule.Touchpoints[set].Contains(step.Touchpoint));
        return rule.Kind switch
        {
            RuleKind.Response or RuleKind.RespondedExistence or RuleKind.Within => Any(0),
            RuleKind.Precedence => Any(1),
            RuleKind.Succession => Any(0) || Any(1),
            RuleKind.And => Enumerable.Range(0, rule.Touchpoints.Count).Any(Any),
            _ => true,
        };
    }

    /// <returns>The event that breaks the rule, the number of events for the end, null where it is kept.</returns>
    public static int? BrokenAt(ConformanceRule rule, ModelJourney journey)
    {
        var steps = journey.Steps;
        var end = steps.Count;
        bool Is(int at, int set) => rule.Touchpoints[set].Contains(steps[at].Touchpoint);
        var all = Enumerable.Range(0, end).ToList();
        var a = all.FindAll(at => Is(at, 0));
        var b = rule.Touchpoints.Count > 1 ? all.FindAll(at => Is(at, 1)) : [];
        var response = a.Exists(at => !b.Exists(later => later > at)) ? end : (int?)null;
        var precedence = b.Where(at => !a.Exists(before => before < at)).Select(at => (int?)at).FirstOrDefault();
        var seen = Enumerable.Range(0, rule.Touchpoints.Count).Where(set => all.Exists(at => Is(at, set))).ToList();
        return rule.Kind switch
        {
            RuleKind.Starts => Is(0, 0) ? null : 0,
            RuleKind.Ends => Is(end - 1, 0) ? null : end,
            RuleKind.Absent => a.Count > 0 ? a[0] : null,
            RuleKind.Contains => a.Count == 0 ? end : null,
            RuleKind.Between => a.Count > rule.Most ? a[rule.Most] : a.Count < rule.Least ? end : null,
            RuleKind.Response => response,
            RuleKind.Precedence => precedence,
            RuleKind.Succession => precedence ?? response,
            RuleKind.RespondedExistence => a.Count > 0 && b.Count == 0 ? end : null,
            RuleKind.And => seen.Count > 0 && seen.Count < rule.Touchpoints.Count ? end : null,
            RuleKind.Xor => seen.Count == 0 ? end : all.Where(at => seen.Count(set => all.Exists(upTo => upTo <= at && Is(upTo, set))) > 1).Select(at => (int?)at).FirstOrDefault(),
            _ => a.Where(at => !b.Exists(later => later > at && steps[later].Ms - steps[at].Ms <= rule.WithinMs))
                .Select(at => all.Where(later => steps[later].Ms - steps[at].Ms > rule.WithinMs).Select(later => (int?)later).FirstOrDefault() ?? end)
                .Select(at => (int?)at).Min(),
        };
    }

    private static List<Judgement> Judged(ConformanceQuestion q, Model model) => model.Journeys(q.TouchpointOfSignature, q.Filter).ConvertAll(journey => new Judgement(journey,
        [.. Enumerable.Range(0, q.Rules.Count).Where(rule => IsApplicable(q.Rules[rule], journey))],
        Enumerable.Range(0, q.Rules.Count).Where(rule => IsApplicable(q.Rules[rule], journey) && BrokenAt(q.Rules[rule], journey) is not null)
            .ToDictionary(rule => rule, rule => BrokenAt(q.Rules[rule], journey)!.Value)));

    private sealed record Judgement(ModelJourney Journey, List<int> Applicable, Dictionary<int, int> BrokenAt)
    {
        public int First => BrokenAt.OrderBy(b => b.Value).ThenBy(b => b.Key).First().Key;

        public ushort FirstTouchpoint => BrokenAt.Values.Min() is var at && at < Journey.Steps.Count ? Journey.Steps[at].Touchpoint : Code.None;

        public int Bin => 10 * (Applicable.Count - BrokenAt.Count) / Applicable.Count;
    }
}
