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

    public long FirstMs => bounds[0];
    public long EndMs => bounds[^1];

    /// <summary>The bucket of a time that lies in one, and where it ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long ms, out long toMs)
    {
        var bucket = Math.Min(Count - 1, (int)((ms - bounds[0]) * perMs));
        while (ms < bounds[bucket]) bucket--;
        while (ms >= bounds[bucket + 1]) bucket++;
        toMs = bounds[bucket + 1];
        return bucket;
    }
}

/// <summary>Events and customers of each touchpoint, and of all, in each bucket.</summary>
internal sealed unsafe class SeriesKernel(int touchpoints, Buckets buckets) : Kernel
{
    private readonly Cell[] cells = new Cell[touchpoints * buckets.Count];
    private readonly long[] allCustomers = new long[buckets.Count];

    public static long[] Events(List<SeriesKernel> kernels, int touchpoint) => Row(kernels, touchpoint, cell => cell.Events);

    public static long[] Customers(List<SeriesKernel> kernels, int touchpoint) => Row(kernels, touchpoint, cell => cell.Customers);

    public static long[] AllCustomers(List<SeriesKernel> kernels)
    {
        var sums = new long[kernels[0].allCustomers.Length];
        foreach (var kernel in kernels)
            for (var bucket = 0; bucket < sums.Length; bucket++) sums[bucket] += kernel.allCustomers[bucket];
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var count = buckets.Count;
        long firstMs = buckets.FirstMs, endMs = buckets.EndMs;
        fixed (Cell* all = cells)
            for (var run = 0; run < batch.Runs; run++)
            {
                var stamp = batch.Customers[run] + 1;
                // Times only rise within a journey: the bucket is looked up where it changes, and a customer enters each bucket once.
                long toMs = long.MinValue;
                var row = all;
                for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
                {
                    var time = batch.Times[at];
                    if (time >= toMs)
                    {
                        if (time < firstMs) continue;
                        if (time >= endMs) break;
                        var bucket = buckets.Of(time, out toMs);
                        allCustomers[bucket]++;
                        row = all + bucket;
                    }

                    var cell = row + batch.Touchpoints[at] * count;
                    cell->Events++;
                    cell->Customers += cell->LastCustomer != stamp ? 1 : 0;
                    cell->LastCustomer = stamp;
                }
            }
    }

    private static long[] Row(List<SeriesKernel> kernels, int touchpoint, Func<Cell, long> figure)
    {
        var count = kernels[0].allCustomers.Length;
        var sums = new long[count];
        foreach (var kernel in kernels)
            for (var bucket = 0; bucket < count; bucket++) sums[bucket] += figure(kernel.cells[touchpoint * count + bucket]);
        return sums;
    }

    // A segment holds fewer than 2^31 events and a view fewer than 2^32 in one cell of one thread.
    private struct Cell
    {
        public uint Events;
        public int Customers;
        public int LastCustomer;
    }
}
