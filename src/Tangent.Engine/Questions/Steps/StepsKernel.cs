using System.Numerics;

namespace Tangent.Engine;

internal sealed unsafe class StepsKernel(StepsPlan plan) : Kernel
{
    private const int Places = 1 << 14;

    private readonly Tally[] tallies = new Tally[plan.Steps];
    private readonly long[] cameMs = new long[plan.Steps];

    // Counts of waits by place; a step's are made when the first customer goes on from it.
    private readonly int[]?[] waits = new int[plan.Steps][];
    private readonly long[] arrivals = new long[plan.Steps * (plan.Buckets?.Count ?? 0)];

    public long Customers { get; private set; }

    public long AtAny { get; private set; }

    public static StepVisits Sum(List<StepsKernel> kernels, StepsPlan plan, int step)
    {
        var buckets = plan.Buckets?.Count ?? 0;
        var arrivals = new long[buckets];
        foreach (var kernel in kernels)
            for (var bucket = 0; bucket < buckets; bucket++) arrivals[bucket] += kernel.arrivals[step * buckets + bucket];
        var wentOn = kernels.Sum(kernel => kernel.tallies[step].WentOn);
        return new StepVisits(kernels.Sum(kernel => kernel.tallies[step].Customers), wentOn, Median(kernels, step, wentOn), arrivals);
    }

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            ulong seen = 0, open = 0;
            var end = batch.Starts[run + 1];
            for (var at = batch.Starts[run]; at < end; at++)
            {
                var mark = plan.Marks.Of(batch, at);
                if (mark == 0) continue;
                // Going on comes first: an event does not follow itself.
                if (open != 0 && (open & plan.GoesOnFrom(mark)) is var closing and not 0)
                {
                    open &= ~closing;
                    GoOn(closing, batch.Times[at]);
                }

                var came = mark & ~seen;
                if (came == 0) continue;
                seen |= came;
                open |= came;
                Come(came, batch.Times[at]);
            }

            AtAny += seen != 0 ? 1 : 0;
        }
    }

    private void Come(ulong steps, long ms)
    {
        for (; steps != 0; steps &= steps - 1)
        {
            var step = BitOperations.TrailingZeroCount(steps);
            tallies[step].Customers++;
            cameMs[step] = ms;
            if (plan.Buckets is { } buckets && ms >= buckets.FirstMs && ms < buckets.EndMs) arrivals[step * buckets.Count + buckets.Of(ms, out _)]++;
        }
    }

    private void GoOn(ulong steps, long ms)
    {
        for (; steps != 0; steps &= steps - 1)
        {
            var step = BitOperations.TrailingZeroCount(steps);
            tallies[step].WentOn++;
            (waits[step] ??= new int[Places])[StalledKernel.Place(ms - cameMs[step])]++;
        }
    }

    /// <summary>The wait in the middle; of an even number the mean of the middle two.</summary>
    private static double Median(List<StepsKernel> kernels, int step, long count)
    {
        if (count == 0) return 0;
        long below = 0, lower = (count - 1) / 2, upper = count / 2;
        var first = -1.0;
        for (var place = 0; ; place++)
        {
            foreach (var kernel in kernels) below += kernel.waits[step]?[place] ?? 0;
            if (first < 0 && below > lower) first = MiddleOf(place);
            if (below > upper) return (first + MiddleOf(place)) / 2;
        }
    }

    /// <summary>The middle of the times that <see cref="StalledKernel.Place"/> puts in a place.</summary>
    private static double MiddleOf(int place)
    {
        var shift = Math.Max(0, (place >> 8) - 1);
        var leading = shift == 0 ? place : (place & 255) + 256;
        return ((long)leading << shift) + ((1L << shift) - 1) / 2.0;
    }

    private struct Tally
    {
        public long Customers;
        public long WentOn;
    }
}

internal sealed unsafe class StepCustomersKernel(StepsPlan plan, int step, bool stayed) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        var bit = 1UL << step;
        for (var run = 0; run < batch.Runs; run++)
        {
            bool was = false, wentOn = false;
            for (var at = batch.Starts[run]; at < batch.Starts[run + 1] && !wentOn; at++)
            {
                var mark = plan.Marks.Of(batch, at);
                if (was) wentOn = stayed && (plan.GoesOnFrom(mark) & bit) != 0;
                else was = (mark & bit) != 0;
                if (was && !stayed) break;
            }

            if (was && !wentOn) Found(batch.Customers[run]);
        }
    }
}
