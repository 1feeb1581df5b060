using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Slow, obvious answers to the engine's questions.</summary>
internal static class Oracles
{
    public static FunnelAnswer Funnel(FunnelQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var depths = journeys.ConvertAll(journey => FunnelReached(q, journey));
        var reached = Enumerable.Range(0, q.Steps.Count).Select(step => (long)depths.Count(depth => depth.Count > step)).ToArray();
        var steps = reached.Select((count, step) => new FunnelStep(count, Share(count, reached[0]), Share(count, reached[Math.Max(0, step - 1)]),
            q.OnlyCustomers ? default : Durations(depths.Where(depth => depth.Count > step).Select(depth => depth[step])))).ToArray();
        var groups = q.GroupOfSignature is not { } groupOf ? [] : journeys.Zip(depths)
            .GroupBy(pair => FunnelGroup(groupOf, pair.First)).OrderBy(group => group.Key)
            .Select(group => new FunnelGroup(group.Key, group.Count(),
                [.. Enumerable.Range(0, q.Steps.Count).Select(step => (long)group.Count(pair => pair.Second.Count > step))])).ToArray();
        return new FunnelAnswer(journeys.Count, steps, groups);
    }

    public static int[] FunnelCustomers(FunnelQuestion q, Model model, int step, FunnelOutcome outcome, ushort? group) =>
        [.. model.Journeys(q.TouchpointOfSignature, q.Filter)
            .Where(journey => group is null || FunnelGroup(q.GroupOfSignature!, journey) == group)
            .Where(journey => FunnelReached(q, journey).Count is var depth && (outcome == FunnelOutcome.Reached ? depth > step : depth == step + 1))
            .Select(journey => journey.Customer)];

    private static ushort FunnelGroup(ushort[] groupOf, ModelJourney journey) =>
        journey.Steps[0].Source.Event.Signature is var signature && signature < groupOf.Length ? groupOf[signature] : Code.None;

    // Tries every start; for each step the first completion, and of equal ones the latest start.
    private static List<long> FunnelReached(FunnelQuestion q, ModelJourney journey)
    {
        var best = new Dictionary<int, (int Completion, long Time)>();
        for (var start = 0; start < journey.Steps.Count; start++)
        {
            if (!q.Steps[0].Contains(journey.Steps[start].Touchpoint)) continue;
            var at = start;
            for (var step = 0; step < q.Steps.Count; step++)
            {
                if (step > 0) at = journey.Steps.FindIndex(at + 1, e => q.Steps[step].Contains(e.Touchpoint));
                if (at < 0 || journey.Steps[at].Ms - journey.Steps[start].Ms > q.WindowMs) break;
                if (!best.TryGetValue(step, out var known) || at <= known.Completion) best[step] = (at, journey.Steps[at].Ms - journey.Steps[start].Ms);
            }
        }

        return [.. best.OrderBy(step => step.Key).Select(step => step.Key == 0 ? 0 : step.Value.Time)];
    }

    public static PathsAnswer Paths(PathsQuestion q, Model model)
    {
        var paths = model.Journeys(q.TouchpointOfSignature, q.Filter).ConvertAll(journey => Path(q, journey)).FindAll(path => path.Count > 0);
        var nodes = new List<PathNode>();
        var edges = new List<PathEdge>();
        for (var position = 1; position <= q.Steps; position++)
            foreach (var group in paths.Where(path => path.Count >= position).GroupBy(path => path[position - 1]).OrderBy(group => group.Key))
            {
                nodes.Add(new PathNode(position, group.Key, group.Count(), group.Count(path => path.Count == position),
                    position < q.Steps ? 0 : group.Count(path => path.Count > position)));
                if (position == q.Steps) continue;
                foreach (var next in group.Where(path => path.Count > position).GroupBy(path => path[position]))
                    edges.Add(new PathEdge(position, group.Key, next.Key, next.Count()));
            }

        edges = [.. edges.OrderByDescending(e => e.Customers).ThenBy(e => e.Position).ThenBy(e => e.From).ThenBy(e => e.To)];
        var others = edges.Skip(q.EdgeLimit).ToList();
        return new PathsAnswer(paths.Count, [.. nodes], [.. edges.Take(q.EdgeLimit)],
            [.. Enumerable.Range(1, q.Steps - 1).Select(position => others.Where(e => e.Position == position).Sum(e => e.Customers))], others.Count);
    }

    public static int[] PathCustomers(PathsQuestion q, Model model, int position, ushort touchpoint, PathFate fate, ushort to) =>
        [.. model.Journeys(q.TouchpointOfSignature, q.Filter).Where(journey =>
            Path(q, journey) is var path && path.Count >= position && path[position - 1] == touchpoint && fate switch
            {
                PathFate.WentOn => position < q.Steps && path.Count > position && path[position] == to,
                PathFate.Ended => path.Count == position,
                PathFate.Continues => position == q.Steps && path.Count > position,
                _ => true,
            }).Select(journey => journey.Customer)];

    private static List<ushort> Path(PathsQuestion q, ModelJourney journey)
    {
        var from = q.Start is null ? 0 : journey.Steps.FindIndex(step => q.Start.Contains(step.Touchpoint));
        if (from < 0) return [];
        var rest = new ModelJourney(journey.Customer, journey.Steps[from..]);
        return [.. rest.Collapsed(q.CollapseRepeats).Select(step => step.Touchpoint)];
    }

    public static VariantsAnswer Variants(VariantsQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var variants = journeys.GroupBy(journey => string.Join(',', journey.Collapsed(q.CollapseRepeats).Select(step => step.Touchpoint)))
            .Select(group => new Variant([.. group.First().Collapsed(q.CollapseRepeats).Select(step => step.Touchpoint)], group.Count(),
                Durations(group.Select(journey => journey.Steps[^1].Ms - journey.Steps[0].Ms)).MedianMs)).ToList();
        variants.Sort((a, b) => a.Customers != b.Customers ? b.Customers.CompareTo(a.Customers) : a.Touchpoints.AsSpan().SequenceCompareTo(b.Touchpoints));
        return new VariantsAnswer(journeys.Count, variants.Count, [.. variants.Take(q.Limit)]);
    }

    public static int[] VariantCustomers(VariantsQuestion q, Model model, ushort[] sequence) =>
        [.. model.Journeys(q.TouchpointOfSignature, q.Filter)
            .Where(journey => journey.Collapsed(q.CollapseRepeats).Select(step => step.Touchpoint).SequenceEqual(sequence)).Select(journey => journey.Customer)];

    public static FlowAnswer Flow(FlowQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var edges = journeys.SelectMany(journey => Pairs(q, journey)).GroupBy(pair => (pair.From, pair.To)).Select(group => new FlowEdge(
            group.Key.From, group.Key.To, group.Count(), group.Select(pair => pair.Customer).Distinct().Count(),
            Durations(group.Select(pair => pair.Ms)).MedianMs / 1000, (double)group.Sum(pair => pair.Ms) / group.Count() / 1000));
        return new FlowAnswer(journeys.Count, [.. edges.OrderByDescending(e => e.Count).ThenBy(e => e.From).ThenBy(e => e.To)]);
    }

    public static int[] FlowCustomers(FlowQuestion q, Model model, ushort from, ushort to) =>
        [.. model.Journeys(q.TouchpointOfSignature, q.Filter).Where(journey => Pairs(q, journey).Any(pair => pair.From == from && pair.To == to)).Select(journey => journey.Customer)];

    private static IEnumerable<(ushort From, ushort To, int Customer, long Ms)> Pairs(FlowQuestion q, ModelJourney journey)
    {
        var steps = journey.Collapsed(q.CollapseRepeats);
        return steps.Skip(1).Select((step, index) => (steps[index].Touchpoint, step.Touchpoint, journey.Customer, step.Ms - steps[index].Ms));
    }

    public static TouchpointsAnswer Touchpoints(TouchpointsQuestion q, Model model)
    {
        var journeys = model.Journeys(q.TouchpointOfSignature, q.Filter);
        var all = journeys.SelectMany(journey => journey.Steps.Select(step => (journey.Customer, step.Touchpoint, step.Ms))).ToList();
        var volumes = all.GroupBy(e => e.Touchpoint).OrderBy(group => group.Key).Select(group => new Volume(group.Key, group.Count(),
            group.Select(e => e.Customer).Distinct().Count(), group.Min(e => e.Ms), group.Max(e => e.Ms))).ToArray();
        BucketSeries? series = null;
        if (q.BucketBoundsMs is { } bounds)
        {
            var mapped = q.TouchpointOfSignature.Where(code => code != Code.None).Select(code => code + 1).DefaultIfEmpty(0).Max();
            long[] Row(Func<int, long> figure) => [.. Enumerable.Range(0, bounds.Length - 1).Select(figure)];
            IEnumerable<(int Customer, ushort Touchpoint, long Ms)> In(int bucket) => all.Where(e => e.Ms >= bounds[bucket] && e.Ms < bounds[bucket + 1]);
            series = new BucketSeries(
                [.. Enumerable.Range(0, mapped).Select(code => Row(bucket => In(bucket).Count(e => e.Touchpoint == code)))],
                [.. Enumerable.Range(0, mapped).Select(code => Row(bucket => In(bucket).Where(e => e.Touchpoint == code).Select(e => e.Customer).Distinct().Count()))],
                Row(bucket => In(bucket).Count()), Row(bucket => In(bucket).Select(e => e.Customer).Distinct().Count()));
        }

        return new TouchpointsAnswer(all.Count, journeys.Count, volumes, series);
    }

    public static ValuesAnswer Values(ValuesQuestion q, Model model)
    {
        var steps = model.Journeys(q.TouchpointOfSignature, q.Filter).SelectMany(journey => journey.Steps).Where(step => step.Source.Event.Value != 0);
        var values = steps.GroupBy(step => step.Touchpoint).OrderBy(group => group.Key).Select(group => new TouchpointValue(group.Key, group.Count(),
            group.Sum(step => step.Source.Event.Value * q.Rates[step.Source.Event.Currency]))).ToArray();
        return new ValuesAnswer(values.Sum(item => item.Value), values);
    }

    public static TotalsAnswer Totals(TotalsQuestion q, Model model)
    {
        var steps = model.Journeys(q.TouchpointOfSignature, q.Filter).SelectMany(journey => journey.Steps).ToList();
        var mapped = q.TouchpointOfSignature.Where(code => code != Code.None).Select(code => code + 1).DefaultIfEmpty(0).Max();
        T[][] Cells<T>(Func<List<ModelStep>, T> figure) => [.. Enumerable.Range(0, mapped).Select(code => Enumerable.Range(0, q.BucketBoundsMs.Length - 1).Select(bucket =>
            figure(steps.FindAll(step => step.Touchpoint == code && step.Ms >= q.BucketBoundsMs[bucket] && step.Ms < q.BucketBoundsMs[bucket + 1]))).ToArray())];
        return new TotalsAnswer(Cells(cell => (long)cell.Count), Cells(cell => cell.Sum(step => step.Source.Event.Value * q.Rates[step.Source.Event.Currency])));
    }

    public static CustomersAnswer Customers(CustomersQuestion q, Model model)
    {
        var all = model.Journeys(q.TouchpointOfSignature, q.Filter)
            .ConvertAll(journey => new CustomerActivity(journey.Customer, journey.Steps.Count, journey.Steps[0].Ms, journey.Steps[^1].Ms));
        var ordered = all.OrderByDescending(item => q.Order == CustomerOrder.Events ? item.Events : item.LastMs).ThenBy(item => item.Customer);
        return new CustomersAnswer(all.Count, [.. ordered.Skip(q.Skip).Take(q.Take)]);
    }

    internal static Durations Durations(IEnumerable<long> times)
    {
        var sorted = times.Order().ToArray();
        return new Durations(sorted.Length, Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75));
    }

    private static double Quantile(long[] sorted, double q)
    {
        if (sorted.Length == 0) return 0;
        var rank = q * (sorted.Length - 1);
        var low = (int)Math.Floor(rank);
        var high = (int)Math.Ceiling(rank);
        return sorted[low] + (rank - low) * (sorted[high] - sorted[low]);
    }

    internal static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
