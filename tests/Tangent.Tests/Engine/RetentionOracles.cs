using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Slow, obvious answers about who comes back: retention, life cycle, recovery.</summary>
internal static class RetentionOracles
{
    public static RetentionAnswer Retention(RetentionQuestion q, Model model)
    {
        var journeys = Inside(q, q.BoundsMs, model);
        var periods = q.BoundsMs.Length - 1;
        return new RetentionAnswer(journeys.Count,
            [.. Enumerable.Range(0, periods).Select(cohort => (long)journeys.Count(j => StartIn(q, j, cohort) is not null))],
            [.. Enumerable.Range(0, periods).Select(cohort => Enumerable.Range(0, periods - cohort).Select(k => (long)journeys.Count(j => Returns(q, j, cohort, k))).ToArray())]);
    }

    public static int[] RetentionCustomers(RetentionQuestion q, Model model, int cohort, int? offset, bool absent) =>
        [.. Inside(q, q.BoundsMs, model).Where(j => StartIn(q, j, cohort) is not null && (offset is null || Returns(q, j, cohort, offset.Value) != absent)).Select(j => j.Customer)];

    public static LifeCycleAnswer LifeCycle(LifeCycleQuestion q, Model model) => new(
        Inside(q, q.BoundsMs, model).Count(j => j.Steps.Any(s => q.Active is null || RuleOracles.Means(q.Active, s))),
        Parts(q, model, LifePart.New), Parts(q, model, LifePart.Returning), Parts(q, model, LifePart.Resurrecting), Parts(q, model, LifePart.Dormant));

    public static int[] LifeCycleCustomers(LifeCycleQuestion q, Model model, int period, LifePart part) =>
        [.. Inside(q, q.BoundsMs, model).Where(j => PartOf(q, j, period) == part).Select(j => j.Customer)];

    public static RecoveryAnswer Recovery(RecoveryQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var judged = journeys.Select(j => Judge(q, j)).OfType<(RecoveryOutcome Outcome, ushort Next)>().ToList();
        long Count(RecoveryOutcome outcome, ushort next) => judged.Count(x => x == (outcome, next));
        var next = judged.Where(x => x.Next != Code.None).Select(x => x.Next).Distinct().Order().Select(n => new NextContact(
            n, Count(RecoveryOutcome.MadeUp, n) + Count(RecoveryOutcome.NotMadeUp, n), Count(RecoveryOutcome.MadeUp, n), Count(RecoveryOutcome.StayedOpen, n)));
        return new RecoveryAnswer(journeys.Count, Count(RecoveryOutcome.Left, Code.None), judged.Count(x => x.Next != Code.None), Count(RecoveryOutcome.Open, Code.None), [.. next]);
    }

    public static int[] RecoveryCustomers(RecoveryQuestion q, Model model, RecoveryOutcome outcome, ushort? next) =>
        [.. model.Journeys(q.TouchpointOfSignature, q.Filter).Where(j => Judge(q, j) is var (found, n) && found == outcome && (next is null || n == next)).Select(j => j.Customer)];

    public static PrecedingAnswer Preceding(PrecedingQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var before = Before(q, journeys);
        long Count(bool isCase, ushort at) => before.Count(b => b.IsCase == isCase && b.Seen.Any(s => s.Touchpoint == at));
        var touchpoints = before.SelectMany(b => b.Seen).Select(s => s.Touchpoint).Distinct().Order().Select(t => new PrecedingTouchpoint(t, Count(true, t), Count(false, t)));
        return new PrecedingAnswer(journeys.Count, journeys.Count(j => j.Steps.Exists(s => RuleOracles.Means(q.Cases, s))), before.Count(b => b.IsCase), before.Count(b => !b.IsCase), [.. touchpoints]);
    }

    public static int[] PrecedingCustomers(PrecedingQuestion q, Model model, bool isCase, ushort? touchpoint) =>
        [.. Before(q, model.Journeys(q.TouchpointOfSignature, q.Filter)).Where(b => b.IsCase == isCase && (touchpoint is null || b.Seen.Any(s => s.Touchpoint == touchpoint))).Select(b => b.Customer)];

    public static PrecedingRows PrecedingRows(PrecedingQuestion q, Model model)
    {
        var before = Before(q, model.Journeys(q.TouchpointOfSignature, q.Filter)).OrderBy(b => b.Customer).ToList();
        var lived = before.ConvertAll(b => b.Seen.Select(s => s.Touchpoint).Distinct().ToList());
        int[] starts = [0, .. lived.Select((_, i) => lived.Take(i + 1).Sum(l => l.Count))];
        return new PrecedingRows([.. before.Select(b => new PrecedingRow(b.Customer, b.IsCase, b.Seen.Count, b.Earlier))], starts, [.. lived.SelectMany(l => l)]);
    }

    // What each customer lived through before the own case, or before somebody else's.
    private static List<(int Customer, bool IsCase, List<ModelStep> Seen, int Earlier)> Before(PrecedingQuestion q, List<ModelJourney> journeys)
    {
        long? CaseOf(ModelJourney j) => j.Steps.Find(s => RuleOracles.Means(q.Cases, s))?.Ms;
        var times = journeys.Select(CaseOf).OfType<long>().Order().ToList();
        return times.Count == 0 ? [] : [.. journeys.Select(j =>
        {
            var own = CaseOf(j);
            var until = own ?? times[(int)(((uint)j.Customer * 2654435761u >> 4) % (uint)times.Count)];
            return (j.Customer, own is not null, j.Steps.FindAll(s => s.Ms < until && s.Ms >= until - q.WindowMs), j.Steps.Count(s => s.Ms < until - q.WindowMs));
        }).Where(b => b.Item3.Count > 0)];
    }

    private static (RecoveryOutcome Outcome, ushort Next)? Judge(RecoveryQuestion q, ModelJourney journey)
    {
        var bad = journey.Steps.FindIndex(s => RuleOracles.Means(q.Bad, s));
        if (bad < 0) return null;
        var after = journey.Steps.Skip(bad + 1).ToList();
        if (after.Count == 0 && journey.Steps[bad].Ms + q.WindowMs > q.EndMs) return (RecoveryOutcome.Open, Code.None);
        if (after.Count == 0 || after[0].Ms > journey.Steps[bad].Ms + q.WindowMs) return (RecoveryOutcome.Left, Code.None);
        if (after[0].Ms + q.WindowMs > q.EndMs) return (RecoveryOutcome.StayedOpen, after[0].Touchpoint);
        var within = after.Where(s => s.Ms <= after[0].Ms + q.WindowMs);
        var made = q.Goals is null ? within.Count() > 1 : within.Any(s => RuleOracles.Means(q.Goals, s));
        return (made ? RecoveryOutcome.MadeUp : RecoveryOutcome.NotMadeUp, after[0].Touchpoint);
    }

    // The start event by which a customer belongs to a cohort.
    private static ModelStep? StartIn(RetentionQuestion q, ModelJourney journey, int cohort)
    {
        var starts = journey.Steps.Where(s => q.Starts is null || RuleOracles.Means(q.Starts, s)).ToList();
        var start = q.Recurring ? starts.Find(s => Period(q.BoundsMs, s) == cohort) : starts.FirstOrDefault();
        return start is not null && Period(q.BoundsMs, start) == cohort ? start : null;
    }

    private static bool Returns(RetentionQuestion q, ModelJourney journey, int cohort, int k) => StartIn(q, journey, cohort) is { } start
        && journey.Steps.Skip(journey.Steps.IndexOf(start)).Any(s => (q.Returns is null || RuleOracles.Means(q.Returns, s))
            && Period(q.BoundsMs, s) is var period && (q.OrAfter ? period >= cohort + k : period == cohort + k));

    private static long[] Parts(LifeCycleQuestion q, Model model, LifePart part) =>
        [.. Enumerable.Range(0, q.BoundsMs.Length - 1).Select(period => (long)LifeCycleCustomers(q, model, period, part).Length)];

    private static LifePart? PartOf(LifeCycleQuestion q, ModelJourney journey, int period)
    {
        bool ActiveIn(int p) => journey.Steps.Any(s => Period(q.BoundsMs, s) == p && (q.Active is null || RuleOracles.Means(q.Active, s)));
        var earlier = Enumerable.Range(0, period).Any(ActiveIn);
        if (!ActiveIn(period)) return ActiveIn(period - 1) ? LifePart.Dormant : null;
        return ActiveIn(period - 1) ? LifePart.Returning : earlier ? LifePart.Resurrecting : LifePart.New;
    }

    private static int Period(long[] bounds, ModelStep step) => Array.FindLastIndex(bounds, bound => bound <= step.Ms);

    private static List<ModelJourney> Inside(JourneyQuestion q, long[] bounds, Model model) => model.Journeys(q.TouchpointOfSignature, q.Filter)
        .ConvertAll(j => new ModelJourney(j.Customer, j.Steps.FindAll(s => s.Ms >= bounds[0] && s.Ms < bounds[^1]))).FindAll(j => j.Steps.Count > 0);
}
