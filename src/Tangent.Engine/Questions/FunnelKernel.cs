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
        StepOfTouchpoint = OneStepEach();
        GroupOfSignature = question.GroupOfSignature;
        Groups = 1;
        foreach (var group in GroupOfSignature ?? [])
            if (group != Code.None) Groups = Math.Max(Groups, group + 2);
    }

    public int Steps { get; }
    public long WindowMs { get; }
    public ulong[] StepsOfTouchpoint { get; }

    /// <summary>The number from 1 of the one step that a touchpoint serves, 0 for none; null where a touchpoint serves several.</summary>
    public byte[]? StepOfTouchpoint { get; }

    public ushort[]? GroupOfSignature { get; }

    /// <summary>Number of groups; the last is "none".</summary>
    public int Groups { get; }

    public int GroupIndex(ushort group) => group >= Groups - 1 ? Groups - 1 : group;

    private byte[]? OneStepEach()
    {
        var only = new byte[Code.Count];
        for (var touchpoint = 0; touchpoint < only.Length; touchpoint++)
        {
            var serves = StepsOfTouchpoint[touchpoint];
            if (BitOperations.PopCount(serves) > 1) return null;
            only[touchpoint] = (byte)(64 - BitOperations.LeadingZeroCount(serves));
        }

        return only;
    }

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
    // So long ago that no window reaches it, and subtracting it does not overflow.
    private const long Never = -(1L << 60);

    /// <summary>Scratch numbers needed: two more than the most steps.</summary>
    public const int Places = FunnelQuestion.MaxSteps + 2;

    /// <summary>Number of steps reached; the time of each first reaching is put into <paramref name="sinceStart"/>, by step number from 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Deepest(FunnelPlan plan, in JourneyBatch batch, int run, ulong* steps, byte* step, long* starts, long* sinceStart)
    {
        int from = batch.Starts[run], to = batch.Starts[run + 1];
        return step != null
            ? OneStepEach(batch.Touchpoints, batch.Times, from, to, step, plan.Steps, plan.WindowMs, starts, sinceStart)
            : SeveralSteps(batch.Touchpoints, batch.Times, from, to, steps, plan.Steps, plan.WindowMs, starts, sinceStart);
    }

    // Where a touchpoint serves one step at most there is nothing to choose, and the loop has no branch that depends on the events,
    // except for a step reached for the first time: starts[k + 1] is the latest start that has reached step k, starts[1] the event itself.
    private static int OneStepEach(ushort* touchpoints, long* times, int from, int to, byte* stepOf, int stepCount, long windowMs, long* starts, long* sinceStart)
    {
        for (var place = 0; place <= stepCount + 1; place++) starts[place] = Never;
        var deepest = 0;
        for (var i = from; i < to; i++)
        {
            int step = stepOf[touchpoints[i]];
            var time = times[i];
            starts[1] = time;
            // Step 0, "none", finds "never" in starts[0] and so changes nothing.
            var start = starts[step];
            // All bits set where the window has passed; a conditional would be compiled to a branch.
            var passed = (windowMs - (time - start)) >> 63;
            starts[step + 1] = (starts[step + 1] & passed) | (start & ~passed);
            if ((step & ~(int)passed) > deepest)
            {
                sinceStart[step] = time - start;
                deepest = step;
                if (deepest == stepCount) break;
            }
        }

        return deepest;
    }

    private static int SeveralSteps(ushort* touchpoints, long* times, int from, int to, ulong* steps, int stepCount, long windowMs, long* starts, long* sinceStart)
    {
        var deepest = 0;
        for (var i = from; i < to; i++)
        {
            // Only steps up to the one after the deepest; so starts[] is read for steps this journey has reached, and needs no clearing.
            var serves = steps[touchpoints[i]] & ((2UL << deepest) - 1);
            if (serves == 0) continue;
            var time = times[i];
            do
            {
                // From the last step down, so that one event serves one step of an attempt.
                var step = 64 - BitOperations.LeadingZeroCount(serves);
                serves &= ~(1UL << (step - 1));
                var start = step == 1 ? time : starts[step - 1];
                if (time - start > windowMs) continue;
                starts[step] = start;
                if (step <= deepest) continue;
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

    /// <summary>Times from the start to a step from 0; of the first step none is kept, they are all 0.</summary>
    public Span<long> Times(int step) => times[step].Items;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var starts = stackalloc long[FunnelMatch.Places];
        var sinceStart = stackalloc long[FunnelMatch.Places];
        var width = plan.Steps + 1;
        fixed (ulong* steps = plan.StepsOfTouchpoint)
        fixed (byte* step = plan.StepOfTouchpoint)
            for (var run = 0; run < batch.Runs; run++)
            {
                var deepest = FunnelMatch.Deepest(plan, batch, run, steps, step, starts, sinceStart);
                Counts[plan.GroupOf(batch, batch.Starts[run]) * width + deepest]++;
                for (var reached = 2; reached <= deepest; reached++) times[reached - 1].Add(sinceStart[reached]);
            }
    }
}

internal sealed unsafe class FunnelCustomersKernel(FunnelPlan plan, int least, int most, int group) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        var starts = stackalloc long[FunnelMatch.Places];
        var sinceStart = stackalloc long[FunnelMatch.Places];
        fixed (ulong* steps = plan.StepsOfTouchpoint)
        fixed (byte* step = plan.StepOfTouchpoint)
            for (var run = 0; run < batch.Runs; run++)
            {
                var deepest = FunnelMatch.Deepest(plan, batch, run, steps, step, starts, sinceStart);
                if (deepest >= least && deepest <= most && (group < 0 || group == plan.GroupOf(batch, batch.Starts[run]))) Found(batch.Customers[run]);
            }
    }
}
