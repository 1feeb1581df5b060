using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>First pass: how often, for how many customers, how long altogether.</summary>
internal sealed unsafe class FlowCountKernel<TIds>(int touchpoints, TIds ids) : Kernel
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
        var (codes, times, numbers, all, width) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), ids, tallies, touchpoints);
        for (var run = 0; run < batch.Runs; run++)
        {
            int at = batch.Starts[run], to = batch.Starts[run + 1];
            var stamp = batch.Customers[run] + 1;
            int from = codes.At[at];
            var since = times.At[at];
            for (at++; at < to; at++)
            {
                int here = codes.At[at];
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

/// <summary>Second pass: how the times of each edge are spread over bins.</summary>
internal sealed unsafe class FlowHistogramKernel<TIds>(int touchpoints, TIds ids, int[] histogramOf, int histograms) : Kernel
    where TIds : struct, IKeyIds
{
    private readonly uint[] counts = new uint[histograms * DurationBins.Count];

    public ReadOnlySpan<uint> Of(int histogram) => counts.AsSpan(histogram * DurationBins.Count, DurationBins.Count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times, numbers, width) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), ids, touchpoints);
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
                    var time = times.At[at];
                    var number = histogram[numbers.Of((long)from * width + here)];
                    if (number >= 0) bins[number * DurationBins.Count + DurationBins.Of(time - since)]++;
                    from = here;
                    since = time;
                }
            }
    }
}

/// <summary>Third pass: the times in the bins around each median, from all threads into one array.</summary>
internal sealed unsafe class FlowCollectKernel<TIds>(int touchpoints, TIds ids, FlowCollection plan, long[] values) : Kernel
    where TIds : struct, IKeyIds
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times, numbers, width) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), ids, touchpoints);
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
                    var time = times.At[at];
                    var id = numbers.Of((long)from * width + here);
                    if ((uint)DurationBins.Of(time - since) - (bins[id] >> 16) < (bins[id] & 0xFFFF))
                        found[Interlocked.Increment(ref next[id]) - 1] = time - since;
                    from = here;
                    since = time;
                }
            }
    }
}
