using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        Relevant = [.. question.Steps.SelectMany(step => step).Where(touchpoint => touchpoint != Code.None).Distinct()];
        IsRelevant = Array.ConvertAll(StepsOfTouchpoint, serves => serves != 0 ? (byte)1 : (byte)0);
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

    /// <summary>Touchpoints of any step.</summary>
    public ushort[] Relevant { get; }

    /// <summary>The same, 1 by touchpoint.</summary>
    public byte[] IsRelevant { get; }

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
/// Finds the deepest attempt of each journey in one pass: for each step it keeps the latest start of an attempt that has come so far.
/// The latest start has the most of its window left, so no other start needs to be remembered.
/// Only events of steps are looked at; they are found many at a time.
/// </summary>
internal unsafe ref struct FunnelMatch
{
    // So long ago that no window reaches it, and subtracting it does not overflow.
    private const long Never = -(1L << 60);

    /// <summary>Scratch numbers needed: two more than the most steps.</summary>
    public const int Places = FunnelQuestion.MaxSteps + 2;

    private readonly FunnelPlan plan;
    private readonly JourneyBatch batch;
    private readonly ulong* relevant;
    private readonly long* starts;
    private ulong word;
    private int wordAt;
    private int run = -1;

    /// <param name="scratch">Room for two times <see cref="Places"/> numbers.</param>
    /// <param name="bits">Room for a bit an event; kept from batch to batch.</param>
    public FunnelMatch(FunnelPlan plan, in JourneyBatch batch, long* scratch, ref ulong[] bits)
    {
        this.plan = plan;
        this.batch = batch;
        starts = scratch;
        SinceStart = scratch + Places;
        if (bits.Length < Selection.Words(batch.Events) + 1) bits = GC.AllocateUninitializedArray<ulong>(Selection.Words(batch.Events) * 2 + 1, pinned: true);
        relevant = (ulong*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bits));
        Selection.All(relevant, batch.Events);
        Selection.KeepListed(relevant, batch.Touchpoints, batch.Events, plan.Relevant, plan.IsRelevant);
        word = batch.Events > 0 ? relevant[0] : 0;
    }

    /// <summary>Milliseconds from the start to the first reaching of a step, by step number from 1, as far as the last journey came.</summary>
    public long* SinceStart { get; }

    public readonly int Run => run;

    /// <summary>Goes on to the next journey: the number of steps reached, or -1 where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(ulong* steps, byte* step)
    {
        if (++run >= batch.Runs) return -1;
        return step != null ? OneStepEach(step) : SeveralSteps(steps);
    }

    // Where a touchpoint serves one step at most there is nothing to choose, and the loop has no branch that depends on the events,
    // except for a step reached for the first time: starts[k + 1] is the latest start that has reached step k, starts[1] the event itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int OneStepEach(byte* stepOf)
    {
        var (touchpoints, times, windowMs, last, to) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), plan.WindowMs, plan.Steps, batch.Starts[run + 1]);
        var (open, since, bits, at) = (new Ptr<long>(starts), new Ptr<long>(SinceStart), word, wordAt);
        for (var place = 0; place <= last + 1; place++) open.At[place] = Never;
        var deepest = 0;
        while (true)
        {
            while (bits != 0)
            {
                var i = at + BitOperations.TrailingZeroCount(bits);
                if (i >= to) goto End;
                bits &= bits - 1;
                int step = stepOf[touchpoints.At[i]];
                var time = times.At[i];
                open.At[1] = time;
                var start = open.At[step];
                // All bits set where the window has passed; a conditional would be compiled to a branch.
                var passed = (windowMs - (time - start)) >> 63;
                open.At[step + 1] = (open.At[step + 1] & passed) | (start & ~passed);
                if ((step & ~(int)passed) > deepest)
                {
                    since.At[step] = time - start;
                    deepest = step;
                }
            }

            if (at + Selection.Word >= to) break;
            at += Selection.Word;
            bits = relevant[at >> 6];
        }

    End:
        (word, wordAt) = (bits, at);
        return deepest;
    }

    private int SeveralSteps(ulong* steps)
    {
        int deepest = 0, to = batch.Starts[run + 1];
        while (NextRelevant(to) is var i and >= 0)
        {
            // Only steps up to the one after the deepest; so starts[] is read for steps this journey has reached, and needs no clearing.
            var serves = steps[batch.Touchpoints[i]] & ((2UL << deepest) - 1);
            var time = batch.Times[i];
            while (serves != 0)
            {
                // From the last step down, so that one event serves one step of an attempt.
                var step = 64 - BitOperations.LeadingZeroCount(serves);
                serves &= ~(1UL << (step - 1));
                if (step > plan.Steps) continue;
                var start = step == 1 ? time : starts[step - 1];
                if (time - start > plan.WindowMs) continue;
                starts[step] = start;
                if (step <= deepest) continue;
                SinceStart[step] = time - start;
                deepest++;
            }
        }

        return deepest;
    }

    private int NextRelevant(int to)
    {
        while (true)
        {
            if (word != 0)
            {
                var i = wordAt + BitOperations.TrailingZeroCount(word);
                if (i >= to) return -1;
                word &= word - 1;
                return i;
            }

            if (wordAt + Selection.Word >= to) return -1;
            wordAt += Selection.Word;
            word = relevant[wordAt >> 6];
        }
    }
}

internal sealed unsafe class FunnelKernel(FunnelPlan plan) : Kernel
{
    private readonly GrowingList<long>[] times = new GrowingList<long>[plan.Steps];
    private ulong[] bits = [];

    /// <summary>Customers by group and number of steps reached.</summary>
    public long[] Counts { get; } = new long[plan.Groups * (plan.Steps + 1)];

    /// <summary>Times from the start to a step from 0; of the first step none is kept, they are all 0.</summary>
    public Span<long> Times(int step) => times[step].Items;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var scratch = stackalloc long[FunnelMatch.Places * 2];
        var match = new FunnelMatch(plan, batch, scratch, ref bits);
        var width = plan.Steps + 1;
        fixed (ulong* steps = plan.StepsOfTouchpoint)
        fixed (byte* step = plan.StepOfTouchpoint)
            for (int deepest; (deepest = match.Next(steps, step)) >= 0;)
            {
                Counts[plan.GroupOf(batch, batch.Starts[match.Run]) * width + deepest]++;
                for (var reached = 2; reached <= deepest; reached++) times[reached - 1].Add(match.SinceStart[reached]);
            }
    }
}

internal sealed unsafe class FunnelCustomersKernel(FunnelPlan plan, int least, int most, int group) : CustomersKernel
{
    private ulong[] bits = [];

    public override void Visit(in JourneyBatch batch)
    {
        var scratch = stackalloc long[FunnelMatch.Places * 2];
        var match = new FunnelMatch(plan, batch, scratch, ref bits);
        fixed (ulong* steps = plan.StepsOfTouchpoint)
        fixed (byte* step = plan.StepOfTouchpoint)
            for (int deepest; (deepest = match.Next(steps, step)) >= 0;)
            {
                if (deepest >= least && deepest <= most && (group < 0 || group == plan.GroupOf(batch, batch.Starts[match.Run]))) Found(batch.Customers[match.Run]);
            }
    }
}
