using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tangent.Engine;

/// <summary>Counts what follows each state of the paths by a hash table, where there are too many possible grams for an array over all of them.</summary>
internal sealed unsafe class TransitionKernel(AttributionPlan plan) : PathsOfConversionsKernel(plan)
{
    private readonly int[] symbolOf = [.. plan.TouchpointOf.Select(touchpoint => touchpoint + PathGram.FirstTouchpoint)];
    private readonly int bits = plan.Bits;
    private readonly long stateMask = (1L << (plan.Bits * plan.Order)) - 1;
    private readonly KeyTable ids = new();
    private long[] counts = new long[1024];
    private double[] values = new double[1024];

    public static List<PathGram> Merge(List<TransitionKernel> kernels)
    {
        var sums = new Dictionary<long, (long Count, double Value)>();
        foreach (var kernel in kernels) kernel.AddTo(sums);
        return [.. sums.Select(sum => new PathGram(sum.Key, sum.Value.Count, sum.Value.Value))];
    }

    protected override void Converted(in JourneyBatch batch, in ConvertedPath path)
    {
        var state = path.Length == 0 ? Step(0, Plan.Direct + PathGram.FirstTouchpoint) : Walk(batch.Touchpoints, path.From, path.At);
        // Counting may put another array in the place of this one.
        var id = Count(state << bits | PathGram.Converted);
        values[id] += path.Value;
    }

    protected override void Lost(in JourneyBatch batch, int from, int to) =>
        Count(Walk(batch.Touchpoints, from, to) << bits | PathGram.Lost);

    private long Walk(ushort* codes, int from, int to)
    {
        long state = 0;
        for (var at = from; at < to; at++) state = Step(state, symbolOf[codes[at]]);
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
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, ids.KeyOf(id), out _);
            sum = (sum.Count + counts[id], sum.Value + values[id]);
        }
    }
}
