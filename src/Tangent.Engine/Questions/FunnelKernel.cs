using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>A funnel question made ready: which steps a touchpoint serves, as bits.</summary>
internal sealed class FunnelPlan
{
    public FunnelPlan(FunnelQuestion question)
    {
        if (question.Steps.Count is 0 or > FunnelQuestion.MaxSteps) throw new ArgumentException($"A funnel has 1 to {FunnelQuestion.MaxSteps} steps.", nameof(question));
        if (question.WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(question));
        Steps = question.Steps.Count;
        // Longer than all times the engine takes, and far from overflow.
        WindowMs = Math.Min(question.WindowMs, 1L << 50);
        StepsOfTouchpoint = new ulong[Code.Count];
        for (var step = 0; step < Steps; step++)
            foreach (var touchpoint in question.Steps[step])
                if (touchpoint != Code.None) StepsOfTouchpoint[touchpoint] |= 1UL << step;
        GroupOfSignature = question.GroupOfSignature;
        Groups = 1;
        foreach (var group in GroupOfSignature ?? [])
            if (group != Code.None) Groups = Math.Max(Groups, group + 2);
    }

    public int Steps { get; }
    public long WindowMs { get; }
    public ulong[] StepsOfTouchpoint { get; }
    public ushort[]? GroupOfSignature { get; }

    /// <summary>Number of groups; the last is "none".</summary>
    public int Groups { get; }

    public int GroupIndex(ushort group) => group >= Groups - 1 ? Groups - 1 : group;

    public unsafe int GroupOf(in JourneyBatch batch, int first)
    {
        if (GroupOfSignature is null) return 0;
        var signature = batch.Segment.Signatures[batch.Row(first)];
        return signature < GroupOfSignature.Length ? GroupIndex(GroupOfSignature[signature]) : Groups - 1;
    }
}

/// <summary>
/// Finds the deepest attempt of a journey in one pass: for each step it keeps the latest start of an attempt that has come so far.
/// The latest start has the most of its window left, so no other start needs to be remembered.
/// </summary>
internal static unsafe class FunnelMatch
{
    /// <summary>Number of steps reached; the time of each first reaching is put into <paramref name="sinceStart"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Deepest(ushort* touchpoints, long* times, int from, int to, ulong* steps, int stepCount, long windowMs, long* starts, long* sinceStart)
    {
        var deepest = 0;
        for (var i = from; i < to; i++)
        {
            var serves = steps[touchpoints[i]];
            // Only steps up to the one after the deepest; so starts[] is read for steps this journey has reached, and needs no clearing.
            serves &= (2UL << deepest) - 1;
            if (serves == 0) continue;
            var time = times[i];
            do
            {
                // From the last step down, so that one event serves one step of an attempt.
                var step = 63 - BitOperations.LeadingZeroCount(serves);
                serves &= ~(1UL << step);
                var start = step == 0 ? time : starts[step - 1];
                if (time - start > windowMs) continue;
                starts[step] = start;
                if (step < deepest) continue;
                sinceStart[step] = time - start;
                if (++deepest == stepCount) return deepest;
            }
            while (serves != 0);
        }

        return deepest;
    }
}

internal sealed unsafe class FunnelKernel(FunnelPlan plan) : Kernel
{
    private readonly GrowingList<long>[] times = new GrowingList<long>[plan.Steps];

    /// <summary>Customers by group and number of steps reached.</summary>
    public long[] Counts { get; } = new long[plan.Groups * (plan.Steps + 1)];

    public Span<long> Times(int step) => times[step].Items;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var starts = stackalloc long[FunnelQuestion.MaxSteps];
        var sinceStart = stackalloc long[FunnelQuestion.MaxSteps];
        var width = plan.Steps + 1;
        fixed (ulong* steps = plan.StepsOfTouchpoint)
            for (var run = 0; run < batch.Runs; run++)
            {
                int from = batch.Starts[run], to = batch.Starts[run + 1];
                var deepest = FunnelMatch.Deepest(batch.Touchpoints, batch.Times, from, to, steps, plan.Steps, plan.WindowMs, starts, sinceStart);
                Counts[plan.GroupOf(batch, from) * width + deepest]++;
                for (var step = 0; step < deepest; step++) times[step].Add(sinceStart[step]);
            }
    }
}

internal sealed unsafe class FunnelCustomersKernel(FunnelPlan plan, int least, int most, int group) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        var starts = stackalloc long[FunnelQuestion.MaxSteps];
        var sinceStart = stackalloc long[FunnelQuestion.MaxSteps];
        fixed (ulong* steps = plan.StepsOfTouchpoint)
            for (var run = 0; run < batch.Runs; run++)
            {
                int from = batch.Starts[run], to = batch.Starts[run + 1];
                var deepest = FunnelMatch.Deepest(batch.Touchpoints, batch.Times, from, to, steps, plan.Steps, plan.WindowMs, starts, sinceStart);
                if (deepest >= least && deepest <= most && (group < 0 || group == plan.GroupOf(batch, from))) Found(batch.Customers[run]);
            }
    }
}
