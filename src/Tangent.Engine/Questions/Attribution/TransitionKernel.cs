using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Counts what follows each state of the paths, in plain arrays over all possible grams where these are few, else by a hash table.</summary>
internal sealed unsafe class TransitionKernel<TIds>(AttributionPlan plan, TIds ids) : PathsOfConversionsKernel(plan)
    where TIds : struct, IKeyIds
{
    /// <summary>Up to this many bits of a gram its counts lie in an array of their own.</summary>
    public const int DenseBits = 18;

    private readonly int[] symbolOf = [.. plan.TouchpointOf.Select(touchpoint => touchpoint + PathGram.FirstTouchpoint)];
    private readonly int bits = plan.Bits;
    private readonly long stateMask = (1L << (plan.Bits * plan.Order)) - 1;
    private long[] counts = new long[Math.Max(1024, ids.Count)];
    private double[] values = new double[Math.Max(1024, ids.Count)];

    public static List<PathGram> Merge(List<TransitionKernel<TIds>> kernels)
    {
        var sums = new Dictionary<long, (long Count, double Value)>();
        foreach (var kernel in kernels) kernel.AddTo(sums);
        return [.. sums.Select(sum => new PathGram(sum.Key, sum.Value.Count, sum.Value.Value))];
    }

    protected override void Converted(in JourneyBatch batch, int run, int from, int conversion, double value)
    {
        var state = from == conversion ? Step(0, Plan.Direct + PathGram.FirstTouchpoint) : Walk(batch.Touchpoints, from, conversion);
        // Counting may put another array in the place of this one.
        var id = Count(state << bits | PathGram.Converted);
        values[id] += value;
    }

    protected override void Lost(in JourneyBatch batch, int from, int to) =>
        Count(Walk(batch.Touchpoints, from, to) << bits | PathGram.Lost);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long Walk(ushort* codes, int from, int to)
    {
        long state = 0;
        if (typeof(TIds) != typeof(DenseIds))
        {
            for (var at = from; at < to; at++) state = Step(state, symbolOf[codes[at]]);
            return state;
        }

        // A gram is its own number, and fits: without the fields of this class in the way it is a third of the time.
        var (shift, mask) = (bits, stateMask);
        fixed (long* count = counts)
        fixed (int* symbols = symbolOf)
            for (var at = from; at < to; at++)
            {
                var gram = state << shift | (uint)symbols[codes[at]];
                count[gram]++;
                state = gram & mask;
            }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Step(long state, int symbol)
    {
        var gram = state << bits | (uint)symbol;
        Count(gram);
        return gram & stateMask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Count(long gram)
    {
        var id = ids.Of(gram);
        if (id >= counts.Length) Grow();
        counts[id]++;
        return id;
    }

    private void Grow()
    {
        Array.Resize(ref counts, counts.Length * 2);
        Array.Resize(ref values, values.Length * 2);
    }

    private void AddTo(Dictionary<long, (long Count, double Value)> sums)
    {
        for (var id = 0; id < ids.Count; id++)
        {
            if (counts[id] == 0) continue;
            ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums, ids.KeyOf(id), out _);
            sum = (sum.Count + counts[id], sum.Value + values[id]);
        }
    }
}
