namespace Tangent.Engine;

internal sealed class RuleFunnelKernel(RuleFunnelPlan plan) : Kernel
{
    private readonly RuleFunnelMatch match = new(plan);
    private readonly GrowingList<long>[] times = new GrowingList<long>[plan.Steps];

    /// <summary>Customers by group and number of steps reached.</summary>
    public long[] Counts { get; } = new long[plan.Groups * (plan.Steps + 1)];

    /// <summary>Customers by bucket of entry and number of steps reached.</summary>
    public long[] Entries { get; } = new long[(plan.Buckets?.Count ?? 0) * (plan.Steps + 1)];

    /// <summary>Times from the start to a step from 0; of the first step none is kept, they are all 0.</summary>
    public Span<long> Times(int step) => times[step].Items;

    public override void Visit(in JourneyBatch batch)
    {
        var width = plan.Steps + 1;
        for (var run = 0; run < batch.Runs; run++)
        {
            var deepest = match.Deepest(batch, run);
            Counts[plan.GroupOf(batch, run, match, deepest) * width + deepest]++;
            for (var reached = 2; reached <= deepest; reached++) times[reached - 1].Add(match.SinceStart(reached));
            if (deepest > 0 && plan.BucketOf(match.EnteredMs(batch, deepest)) is >= 0 and var bucket) Entries[bucket * width + deepest]++;
        }
    }
}

internal sealed unsafe class RuleFunnelCustomersKernel(RuleFunnelPlan plan, RuleFunnelPick pick) : CustomersKernel
{
    private readonly RuleFunnelMatch match = new(plan);
    private readonly int group = pick.Group is { } code ? plan.GroupIndex(code) : -1;

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var deepest = match.Deepest(batch, run);
            if (deepest <= pick.Step || (pick.Outcome == FunnelOutcome.Dropped && deepest > pick.Step + 1)) continue;
            if (group >= 0 && plan.GroupOf(batch, run, match, deepest) != group) continue;
            if (pick.Bucket is { } bucket && plan.BucketOf(match.EnteredMs(batch, deepest)) != bucket) continue;
            var since = pick.Step == 0 ? 0 : match.SinceStart(pick.Step + 1);
            if (since >= (pick.FromMs ?? long.MinValue) && since < (pick.ToMs ?? long.MaxValue)) Found(batch.Customers[run]);
        }
    }
}

/// <summary>Adds the kernels of a funnel up.</summary>
internal static class RuleFunnelAnswers
{
    private const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;
    private const int MostBins = 24;
    private const double UsualShare = 0.95;

    private static readonly long[] Widths =
    [
        Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second, Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour, Day, 2 * Day, 7 * Day,
    ];

    public static RuleFunnelAnswer Of(RuleFunnelPlan plan, List<RuleFunnelKernel> kernels, bool histogram)
    {
        var width = plan.Steps + 1;
        long[] counts = Sum(kernels, kernel => kernel.Counts), entries = Sum(kernels, kernel => kernel.Entries);
        var total = new long[width];
        for (var group = 0; group < plan.Groups; group++)
            for (var depth = 0; depth < width; depth++) total[depth] += counts[group * width + depth];
        total = AtLeast(total);

        var steps = new FunnelStep[plan.Steps];
        FunnelHistogram? bins = null;
        for (var step = 0; step < steps.Length; step++)
        {
            var times = kernels.Count == 1 ? kernels[0].Times(step) : [.. kernels.SelectMany(kernel => kernel.Times(step).ToArray())];
            steps[step] = new FunnelStep(total[step + 1], Share(total[step + 1], total[1]), Share(total[step + 1], total[Math.Max(1, step)]),
                step == 0 ? new Durations(total[1], 0, 0, 0) : Quantile.Durations(times));
            if (histogram && step > 0 && step == steps.Length - 1) bins = Bins(times);
        }

        var groups = new List<FunnelGroup>();
        for (var group = 0; group < plan.Groups && plan.Breakdown is not null; group++)
        {
            var reached = AtLeast(counts.AsSpan(group * width, width));
            if (reached[0] > 0) groups.Add(new FunnelGroup(group == plan.Groups - 1 ? Code.None : (ushort)group, reached[0], reached[1..]));
        }

        var trend = Enumerable.Range(0, plan.Buckets?.Count ?? 0).Select(bucket => AtLeast(entries.AsSpan(bucket * width, width))[1..]);
        return new RuleFunnelAnswer(total[0], steps, [.. groups], [.. trend], bins);
    }

    private static long[] Sum(List<RuleFunnelKernel> kernels, Func<RuleFunnelKernel, long[]> of)
    {
        var sums = (long[])of(kernels[0]).Clone();
        foreach (var kernel in kernels.Skip(1))
            for (var index = 0; index < sums.Length; index++) sums[index] += of(kernel)[index];
        return sums;
    }

    // From "exactly so many steps" to "at least so many".
    private static long[] AtLeast(ReadOnlySpan<long> exactly)
    {
        var reached = exactly.ToArray();
        for (var depth = reached.Length - 2; depth >= 0; depth--) reached[depth] += reached[depth + 1];
        return reached;
    }

    private static FunnelHistogram Bins(Span<long> times)
    {
        if (times.Length == 0) return new FunnelHistogram(Second, [], false);
        // A few who took weeks must not press all others into one bin.
        var most = Quantile.Select(times, (int)(UsualShare * (times.Length - 1)));
        var width = Array.Find(Widths, candidate => most / candidate < MostBins);
        for (var candidate = 14 * Day; width == 0; candidate *= 2)
            if (most / candidate < MostBins) width = candidate;
        var longest = 0L;
        foreach (var time in times) longest = Math.Max(longest, time);
        var bins = new long[Math.Min(MostBins, longest / width + 1)];
        foreach (var time in times) bins[Math.Min(bins.Length - 1, time / width)]++;
        return new FunnelHistogram(width, bins, longest / width >= MostBins);
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
