using System.Runtime.CompilerServices;

namespace Tangent.Engine;

internal sealed unsafe class FunnelKernel(FunnelPlan plan) : Kernel
{
    private readonly FunnelDepths? journeys = plan.StepOfTouchpoint is null ? null : new FunnelDepths(plan);
    private readonly GrowingList<long>[] times = new GrowingList<long>[plan.Steps];
    private ulong[] bits = [];

    public override Reads Reads => Reads.Journeys | Reads.Times | Reads.Unmoved;

    /// <summary>Customers by group and number of steps reached.</summary>
    public long[] Counts { get; } = new long[plan.Groups * (plan.Steps + 1)];

    /// <summary>Times from the start to a step from 0; of the first step none is kept, they are all 0.</summary>
    public Span<long> Times(int step) => times[step].Items;

    public override void Visit(in JourneyBatch batch)
    {
        if (journeys is null) VisitOneByOne(batch);
        else VisitDepths(batch, journeys);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VisitDepths(in JourneyBatch batch, FunnelDepths journeys)
    {
        var depths = journeys.Find(batch, !plan.OnlyCustomers);
        if (plan.Groups > 1)
        {
            for (var run = 0; run < depths.Length; run++) CountOf(batch, run, depths[run]);
        }
        else
        {
            for (var depth = 0; depth <= plan.Steps; depth++) Counts[depth] += depths.Count((byte)depth);
            Counts[0] -= batch.RunsWithoutEvents();
        }

        if (plan.OnlyCustomers) return;
        for (var run = 0; run < depths.Length; run++)
        {
            if (depths[run] < 2) continue;
            var since = journeys.Since(run);
            for (var reached = 2; reached <= depths[run]; reached++) times[reached - 1].Add(since[reached]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VisitOneByOne(in JourneyBatch batch)
    {
        var scratch = stackalloc long[FunnelMatch.Places * 2];
        var match = new FunnelMatch(plan, batch, scratch, ref bits);
        fixed (ulong* steps = plan.StepsOfTouchpoint)
            for (int deepest; (deepest = match.Next(steps)) >= 0;)
            {
                CountOf(batch, match.Run, deepest);
                for (var reached = 2; reached <= deepest && !plan.OnlyCustomers; reached++) times[reached - 1].Add(match.SinceStart[reached]);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountOf(in JourneyBatch batch, int run, int depth)
    {
        if (batch.FirstOf(run) is >= 0 and var first) Counts[plan.GroupOf(batch, first) * (plan.Steps + 1) + depth]++;
    }
}

internal sealed unsafe class FunnelCustomersKernel(FunnelPlan plan, int least, int most, int group) : CustomersKernel
{
    private readonly FunnelDepths? journeys = plan.StepOfTouchpoint is null ? null : new FunnelDepths(plan);
    private ulong[] bits = [];

    public override Reads Reads => Reads.Journeys | Reads.Times | Reads.Unmoved;

    public override void Visit(in JourneyBatch batch)
    {
        if (journeys is not null)
        {
            var depths = journeys.Find(batch, withTimes: false);
            for (var run = 0; run < depths.Length; run++) Found(batch, run, depths[run]);
            return;
        }

        var scratch = stackalloc long[FunnelMatch.Places * 2];
        var match = new FunnelMatch(plan, batch, scratch, ref bits);
        fixed (ulong* steps = plan.StepsOfTouchpoint)
            for (int deepest; (deepest = match.Next(steps)) >= 0;) Found(batch, match.Run, deepest);
    }

    // Who reached a step has an event, so that there is a first.
    private void Found(in JourneyBatch batch, int run, int depth)
    {
        if (depth >= least && depth <= most && (group < 0 || group == plan.GroupOf(batch, batch.FirstOf(run)))) Found(batch.Customers[run]);
    }
}
