using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Slow, obvious answers to the questions that take rules on events.</summary>
internal static class RuleOracles
{
    public static bool Means(IReadOnlyList<EventRule> rules, ModelStep step) => rules.Any(rule =>
        (rule.Signatures is not { } allowed || (step.Source.Event.Signature < allowed.Length && allowed[step.Source.Event.Signature]))
        && rule.Properties.All(condition => step.Source.Properties[condition.Column] is var code && code < condition.Allowed.Length && condition.Allowed[code]));

    public static RuleFunnelAnswer Funnel(RuleFunnelQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var reached = journeys.ConvertAll(journey => Reached(q, journey));
        var counts = Row(q.Steps.Count, step => reached.Count(r => r.Count > step));
        var steps = counts.Select((count, step) => new FunnelStep(count, Oracles.Share(count, counts[0]), Oracles.Share(count, counts[Math.Max(0, step - 1)]),
            Oracles.Durations(reached.Where(r => r.Count > step).Select(r => step == 0 ? 0 : r[step].SinceStart)))).ToArray();
        var groups = q.Breakdown is null ? [] : journeys.Zip(reached).GroupBy(pair => Group(q, pair.First, pair.Second)).OrderBy(group => group.Key)
            .Select(group => new FunnelGroup(group.Key, group.Count(), Row(q.Steps.Count, step => group.Count(pair => pair.Second.Count > step)))).ToArray();
        var trend = q.TrendBoundsMs is not { } bounds ? [] : Enumerable.Range(0, bounds.Length - 1)
            .Select(bucket => Row(q.Steps.Count, step => reached.Count(r => r.Count > step && Bucket(q, r) == bucket))).ToArray();
        return new RuleFunnelAnswer(journeys.Count, steps, groups, trend, q.Histogram && q.Steps.Count > 1 ? Histogram([.. reached.Where(r => r.Count == q.Steps.Count).Select(r => r[^1].SinceStart)]) : null);
    }

    public static int[] FunnelCustomers(RuleFunnelQuestion q, Model model, RuleFunnelPick pick) =>
        [.. model.Journeys(q.TouchpointOfSignature, q.Filter).Where(journey => Reached(q, journey) is var r
            && (pick.Outcome == FunnelOutcome.Reached ? r.Count > pick.Step : r.Count == pick.Step + 1)
            && (pick.Group is null || Group(q, journey, r) == pick.Group)
            && (pick.Bucket is null || Bucket(q, r) == pick.Bucket)
            && (pick.FromMs is null || r[pick.Step].SinceStart >= pick.FromMs)
            && (pick.ToMs is null || r[pick.Step].SinceStart < pick.ToMs)).Select(journey => journey.Customer)];

    private static long[] Row(int count, Func<int, int> of) => [.. Enumerable.Range(0, count).Select(index => (long)of(index))];

    private static ushort Group(RuleFunnelQuestion q, ModelJourney journey, List<Reaching> reached)
    {
        var by = q.Breakdown!;
        if (by.OfCustomer is { } ofCustomer) return journey.Customer < ofCustomer.Length ? ofCustomer[journey.Customer] : Code.None;
        if (by.Touch == FunnelTouch.Step && reached.Count <= by.Step) return Code.None;
        var touch = by.Touch switch { FunnelTouch.First => journey.Steps[0], FunnelTouch.Last => journey.Steps[^1], _ => reached[by.Step].Event };
        if (by.Column is { } column) return touch.Source.Properties[column];
        return touch.Source.Event.Signature < by.OfSignature!.Length ? by.OfSignature[touch.Source.Event.Signature] : Code.None;
    }

    private static int Bucket(RuleFunnelQuestion q, List<Reaching> reached) =>
        reached.Count == 0 ? -1 : Array.FindLastIndex(q.TrendBoundsMs!, bound => bound <= reached[^1].Event.Ms - reached[^1].SinceStart);

    private static FunnelHistogram Histogram(long[] times)
    {
        if (times.Length == 0) return new FunnelHistogram(1000, [], false);
        long[] widths = [.. new[] { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800 }.Select(seconds => seconds * 1000L)];
        var width = widths.First(w => times.Order().ElementAt((int)(0.95 * (times.Length - 1))) / w < 24);
        long Bin(long time) => Math.Min(23, time / width);
        return new FunnelHistogram(width, Row((int)Bin(times.Max()) + 1, bin => times.Count(time => Bin(time) == bin)), times.Max() >= 24 * width);
    }

    private sealed record Reaching(ModelStep Event, long SinceStart);

    /// <summary>For each step reached, the first event at which an attempt reaches it and, of equal ones, the one that began last; every attempt is tried.</summary>
    private static List<Reaching> Reached(RuleFunnelQuestion q, ModelJourney journey)
    {
        var events = journey.Steps.Where(step => !Means(q.Ignored, step)).ToList();
        var best = new SortedDictionary<int, (int At, int Start)>();
        void Note(int steps, int start, int at)
        {
            if (!best.TryGetValue(steps, out var known) || at < known.At || (at == known.At && start > known.Start)) best[steps] = (at, start);
        }

        for (var start = 0; start < events.Count; start++)
        {
            if (q.Order == FunnelOrder.Any) TrySets(q, events, start, Note);
            else if (Means(q.Steps[0], events[start])) TryNext(q, events, [start], Note);
        }

        return [.. best.Select(step => new Reaching(events[step.Value.At], events[step.Value.At].Ms - events[step.Value.Start].Ms))];
    }

    // Goes on with every event that may be the next step, whatever was chosen before.
    private static void TryNext(RuleFunnelQuestion q, List<ModelStep> events, int[] chosen, Action<int, int, int> note)
    {
        note(chosen.Length, chosen[0], chosen[^1]);
        if (chosen.Length == q.Steps.Count) return;
        for (var next = chosen[^1] + 1; next < events.Count; next++)
        {
            if (events[next].Ms - events[chosen[0]].Ms > q.WindowMs || (q.Order == FunnelOrder.Strict && next > chosen[^1] + 1)) return;
            int[] more = [.. chosen, next];
            if (Means(q.Steps[chosen.Length], events[next]) && q.Exclusions.All(x => chosen.Length <= x.After || chosen.Length > x.Before || !Between(x.Events, events, more[x.After], next)))
                TryNext(q, events, more, note);
        }
    }

    // Hall: the most steps that different events can serve is the least, over all sets of steps, of the steps outside the set and the events that serve one inside.
    private static void TrySets(RuleFunnelQuestion q, List<ModelStep> events, int start, Action<int, int, int> note)
    {
        if (!q.Steps.Any(step => Means(step, events[start]))) return;
        var serving = new int[1 << q.Steps.Count];
        for (var end = start; end < events.Count && events[end].Ms - events[start].Ms <= q.WindowMs; end++)
        {
            for (var set = 0; set < serving.Length; set++)
                if (Enumerable.Range(0, q.Steps.Count).Any(step => (set >> step & 1) != 0 && Means(q.Steps[step], events[end]))) serving[set]++;
            if (q.Exclusions.Any(x => Between(x.Events, events, start, end))) return;
            var most = Enumerable.Range(0, serving.Length).Min(set => q.Steps.Count - System.Numerics.BitOperations.PopCount((uint)set) + serving[set]);
            for (var steps = 1; steps <= most; steps++) note(steps, start, end);
        }
    }

    private static bool Between(IReadOnlyList<EventRule> rules, List<ModelStep> events, int after, int before) =>
        Enumerable.Range(after + 1, Math.Max(0, before - after - 1)).Any(at => Means(rules, events[at]));
}
