using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Events and customers of each touchpoint, and of all, in each bucket; and the volumes of the touchpoints in the same pass.</summary>
internal sealed unsafe class SeriesKernel(int touchpoints, Buckets buckets) : Kernel
{
    private readonly Cell[] cells = new Cell[touchpoints * buckets.Count];
    private readonly long[] allCustomers = new long[buckets.Count];

    public VolumesKernel Volumes { get; } = new(touchpoints);

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
        Volumes.Begin(batch);
        fixed (Cell* all = cells)
        fixed (VolumesKernel.Tally* tallies = Volumes.Tallies)
            for (var run = 0; run < batch.Runs; run++)
            {
                var stamp = batch.Customers[run] + 1;
                // Times only rise within a journey: the bucket is looked up where it changes, and a customer enters each bucket once.
                long toMs = long.MinValue;
                var row = all;
                for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
                {
                    var time = batch.Times[at];
                    int touchpoint = batch.Touchpoints[at];
                    VolumesKernel.Count(tallies + touchpoint, time, stamp);
                    if (time >= toMs)
                    {
                        if (time < firstMs) continue;
                        if (time >= endMs) continue;
                        var bucket = buckets.Of(time, out toMs);
                        allCustomers[bucket]++;
                        row = all + bucket;
                    }

                    var cell = row + touchpoint * count;
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
