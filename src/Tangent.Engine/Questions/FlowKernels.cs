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
        // Locals: the compiler would read the fields again for every event.
        var (codes, times, numbers, all, width, merge) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), ids, tallies, touchpoints, collapse);
        for (var run = 0; run < batch.Runs; run++)
        {
            int at = batch.Starts[run], to = batch.Starts[run + 1];
            var stamp = batch.Customers[run] + 1;
            int from = codes.At[at];
            var since = times.At[at];
            for (at++; at < to; at++)
            {
                int here = codes.At[at];
                if (merge && here == from) continue;
                var time = times.At[at];
                var id = numbers.Of((long)from * width + here);
                if (id >= all.Length)
                {
                    Array.Resize(ref tallies, Math.Max(id + 1, tallies.Length * 2));
                    all = tallies;
                }

                ref var tally = ref all[id];
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
        // Whole milliseconds add exactly up to 2^53, 285,000 years.
        public double SumMs;
        public int Customers;
        public int LastCustomer;
    }
}

/// <summary>A pointer that fits in a tuple.</summary>
internal readonly unsafe struct Ptr<T>(T* at) where T : unmanaged
{
    public readonly T* At = at;
}

/// <summary>Times in bins of an eighth of an octave; below 16 ms each millisecond has its own.</summary>
internal static class FlowBins
{
    /// <summary>Enough for 300 years.</summary>
    public const int Count = 352;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(long ms)
    {
        // The octave's number and the three bits below its highest; 7 and less are bins of their own.
        var value = (ulong)ms;
        var octave = Math.Max(3, BitOperations.Log2(value | 1));
        return (octave - 3) * 8 + (int)(value >> (octave - 3));
    }
}

/// <summary>Second pass: how the times of each edge are spread over bins.</summary>
internal sealed unsafe class FlowHistogramKernel<TIds>(int touchpoints, bool collapse, TIds ids, int[] histogramOf, int histograms) : Kernel
    where TIds : struct, IKeyIds
{
    private readonly uint[] counts = new uint[histograms * FlowBins.Count];

    public ReadOnlySpan<uint> Of(int histogram) => counts.AsSpan(histogram * FlowBins.Count, FlowBins.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times, numbers, width, merge) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), ids, touchpoints, collapse);
        fixed (uint* bins = counts)
        fixed (int* histogram = histogramOf)
            for (var run = 0; run < batch.Runs; run++)
            {
                int at = batch.Starts[run], to = batch.Starts[run + 1];
                int from = codes.At[at];
                var since = times.At[at];
                for (at++; at < to; at++)
                {
                    int here = codes.At[at];
                    if (merge && here == from) continue;
                    var time = times.At[at];
                    var number = histogram[numbers.Of((long)from * width + here)];
                    if (number >= 0) bins[number * FlowBins.Count + FlowBins.Of(time - since)]++;
                    from = here;
                    since = time;
                }
            }
    }
}

/// <summary>Third pass: the times in the bins around each median, from all threads into one array.</summary>
internal sealed unsafe class FlowCollectKernel<TIds>(int touchpoints, bool collapse, TIds ids, FlowCollection plan, long[] values) : Kernel
    where TIds : struct, IKeyIds
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times, numbers, width, merge) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), ids, touchpoints, collapse);
        fixed (long* next = plan.Next, found = values)
        fixed (uint* bins = plan.Bins)
            for (var run = 0; run < batch.Runs; run++)
            {
                int at = batch.Starts[run], to = batch.Starts[run + 1];
                int from = codes.At[at];
                var since = times.At[at];
                for (at++; at < to; at++)
                {
                    int here = codes.At[at];
                    if (merge && here == from) continue;
                    var time = times.At[at];
                    var id = numbers.Of((long)from * width + here);
                    if ((uint)FlowBins.Of(time - since) - (bins[id] >> 16) < (bins[id] & 0xFFFF))
                        found[Interlocked.Increment(ref next[id]) - 1] = time - since;
                    from = here;
                    since = time;
                }
            }
    }
}
