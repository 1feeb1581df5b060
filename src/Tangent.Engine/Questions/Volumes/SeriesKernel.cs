using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Events and customers of each touchpoint, and of all, in each bucket; and the volumes of the touchpoints in the same pass.</summary>
internal sealed unsafe class SeriesKernel(int touchpoints, Buckets buckets) : Kernel
{
    private readonly Cell[] cells = new Cell[touchpoints * buckets.Count];
    private readonly long[] allCustomers = new long[2 * buckets.Count];

    public VolumesKernel Volumes { get; } = new(touchpoints);

    public override Reads Reads => Reads.Journeys | Reads.Times;

    public static long[] Events(List<SeriesKernel> kernels, int touchpoint) => Row(kernels, touchpoint, cell => cell.Events);

    public static long[] Customers(List<SeriesKernel> kernels, int touchpoint) => Row(kernels, touchpoint, cell => cell.Customers);

    public static long[] AllCustomers(List<SeriesKernel> kernels)
    {
        var sums = new long[kernels[0].allCustomers.Length / 2];
        foreach (var kernel in kernels)
            for (var bucket = 0; bucket < sums.Length; bucket++) sums[bucket] += kernel.allCustomers[2 * bucket] + kernel.allCustomers[2 * bucket + 1];
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times, count, length, first, shift) =
            (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), buckets.Count, buckets.LengthMs, buckets.FirstMs, buckets.Shift);
        Volumes.Begin(batch);
        fixed (Cell* all = cells)
        fixed (long* customers = allCustomers, bounds = buckets.Bounds)
        fixed (int* bucketOfSpan = buckets.BucketOfSpan)
        fixed (VolumesKernel.Tally* tallies = Volumes.Tallies)
            for (var run = 0; run < batch.Runs; run++)
            {
                var (stamp, to, last) = (batch.Customers[run] + 1, batch.Starts[run + 1], -1);
                for (var at = batch.Starts[run]; at < to; at++)
                {
                    var time = times.At[at];
                    int touchpoint = codes.At[at];
                    VolumesKernel.Count(tallies + touchpoint, time, stamp);
                    var since = (ulong)(time - first);
                    if (since >= length) continue;
                    var bucket = bucketOfSpan[since >> shift];
                    if (bucket < 0)
                    {
                        bucket = ~bucket;
                        while (time >= bounds[bucket + 1]) bucket++;
                    }

                    // Times only rise within a journey: a customer enters each bucket once. In turn, so that no event waits for the one before.
                    customers[bucket << 1 | (at & 1)] += bucket != last ? 1 : 0;
                    last = bucket;
                    var cell = all + touchpoint * count + bucket;
                    cell->Events++;
                    cell->Customers += cell->LastCustomer != stamp ? 1 : 0;
                    cell->LastCustomer = stamp;
                }
            }
    }

    private static long[] Row(List<SeriesKernel> kernels, int touchpoint, Func<Cell, long> figure)
    {
        var count = kernels[0].allCustomers.Length / 2;
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
