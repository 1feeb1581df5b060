using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Finds the bucket of a time by guessing from the mean width; days that are an hour longer or shorter cost one step more.</summary>
internal sealed class Buckets
{
    private readonly long[] bounds;
    private readonly double perMs;

    public Buckets(long[] bounds)
    {
        if (bounds.Length < 2) throw new ArgumentException("Buckets need at least two bounds.", nameof(bounds));
        for (var index = 1; index < bounds.Length; index++)
            if (bounds[index] <= bounds[index - 1]) throw new ArgumentException("The bounds of buckets must rise.", nameof(bounds));
        this.bounds = bounds;
        perMs = Count / ((double)bounds[^1] - bounds[0]);
    }

    public int Count => bounds.Length - 1;

    /// <summary>The bucket, or -1 outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long ms)
    {
        if (ms < bounds[0] || ms >= bounds[^1]) return -1;
        var bucket = Math.Min(Count - 1, (int)((ms - bounds[0]) * perMs));
        while (ms < bounds[bucket]) bucket--;
        while (ms >= bounds[bucket + 1]) bucket++;
        return bucket;
    }
}

/// <summary>Events and customers of each touchpoint, and of all, in each bucket.</summary>
internal sealed unsafe class SeriesKernel(int touchpoints, Buckets buckets) : Kernel
{
    // The row behind the last touchpoint counts all touchpoints together.
    private readonly Cell[] cells = new Cell[(touchpoints + 1) * buckets.Count];

    public static long[] Sum(List<SeriesKernel> kernels, int touchpoint, Func<Cell, long> figure)
    {
        var count = kernels[0].Buckets;
        var sums = new long[count];
        foreach (var kernel in kernels)
            for (var bucket = 0; bucket < count; bucket++) sums[bucket] += figure(kernel.cells[touchpoint * count + bucket]);
        return sums;
    }

    private int Buckets => buckets.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var count = buckets.Count;
        for (var run = 0; run < batch.Runs; run++)
        {
            var stamp = batch.Customers[run] + 1;
            for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
            {
                var bucket = buckets.Of(batch.Times[at]);
                if (bucket < 0) continue;
                cells[batch.Touchpoints[at] * count + bucket].Add(stamp);
                cells[touchpoints * count + bucket].Add(stamp);
            }
        }
    }

    public struct Cell
    {
        public long Events;
        public int Customers;
        private int lastCustomer;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(int stamp)
        {
            Events++;
            Customers += lastCustomer != stamp ? 1 : 0;
            lastCustomer = stamp;
        }
    }
}
