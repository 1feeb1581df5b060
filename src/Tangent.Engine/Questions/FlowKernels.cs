using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>First pass: how often, for how many customers, how long altogether.</summary>
internal sealed unsafe class FlowCountKernel<TIds>(int touchpoints, bool collapse, TIds ids) : Kernel
    where TIds : struct, IKeyIds
{
    private Tally[] tallies = new Tally[Math.Max(1024, ids.Count)];

    public long Customers { get; private set; }

    public IEnumerable<(long Key, Tally Tally)> Tallies()
    {
        for (var id = 0; id < ids.Count; id++)
            if (tallies[id].Count > 0) yield return (ids.KeyOf(id), tallies[id]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            int at = batch.Starts[run], to = batch.Starts[run + 1];
            var stamp = batch.Customers[run] + 1;
            int from = batch.Touchpoints[at];
            var since = batch.Times[at];
            for (at++; at < to; at++)
            {
                int here = batch.Touchpoints[at];
                if (collapse && here == from) continue;
                var time = batch.Times[at];
                var id = ids.Of((long)from * touchpoints + here);
                if (id >= tallies.Length) Array.Resize(ref tallies, Math.Max(id + 1, tallies.Length * 2));
                ref var tally = ref tallies[id];
                tally.Count++;
                tally.SumMs += time - since;
                tally.Customers += tally.LastCustomer != stamp ? 1 : 0;
                tally.LastCustomer = stamp;
                from = here;
                since = time;
            }
        }
    }

    public struct Tally
    {
        public long Count;
        public long Customers;
        // Whole milliseconds add exactly up to 2^53, 285,000 years.
        public double SumMs;
        public int LastCustomer;
    }
}

/// <summary>Times in bins of an eighth of an octave; below 16 ms each millisecond has its own.</summary>
internal static class FlowBins
{
    /// <summary>Enough for 300 years.</summary>
    public const int Count = 352;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(long ms)
    {
        var value = (ulong)ms;
        if (value < 8) return (int)value;
        var octave = BitOperations.Log2(value);
        return (octave - 2) * 8 + (int)(value >> (octave - 3) & 7);
    }
}

/// <summary>Second pass: how the times of each edge are spread over bins.</summary>
internal sealed unsafe class FlowHistogramKernel<TIds>(int touchpoints, bool collapse, TIds numbers, int[] index, int edges) : Kernel
    where TIds : struct, IKeyIds
{
    private readonly uint[] counts = new uint[Math.Max(1, edges) * FlowBins.Count];

    public ReadOnlySpan<uint> Of(int edge) => counts.AsSpan(edge * FlowBins.Count, FlowBins.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int at = batch.Starts[run], to = batch.Starts[run + 1];
            int from = batch.Touchpoints[at];
            var since = batch.Times[at];
            for (at++; at < to; at++)
            {
                int here = batch.Touchpoints[at];
                if (collapse && here == from) continue;
                var time = batch.Times[at];
                var edge = index[numbers.Of((long)from * touchpoints + here)];
                if (edge >= 0) counts[edge * FlowBins.Count + FlowBins.Of(time - since)]++;
                from = here;
                since = time;
            }
        }
    }
}

/// <summary>Third pass: the times in the bins around each median, from all threads into one array.</summary>
internal sealed unsafe class FlowCollectKernel<TIds>(int touchpoints, bool collapse, TIds numbers, int[] index, FlowRange[] ranges, long[] next, long[] values) : Kernel
    where TIds : struct, IKeyIds
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int at = batch.Starts[run], to = batch.Starts[run + 1];
            int from = batch.Touchpoints[at];
            var since = batch.Times[at];
            for (at++; at < to; at++)
            {
                int here = batch.Touchpoints[at];
                if (collapse && here == from) continue;
                var time = batch.Times[at];
                var edge = index[numbers.Of((long)from * touchpoints + here)];
                if (edge >= 0)
                {
                    var bin = FlowBins.Of(time - since);
                    if (bin >= ranges[edge].FirstBin && bin <= ranges[edge].LastBin) values[Interlocked.Increment(ref next[edge]) - 1] = time - since;
                }

                from = here;
                since = time;
            }
        }
    }
}
