using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Customers of each touchpoint in each bucket. Times only rise within a journey, so what a customer did in one bucket follows on each other:
/// a bit for each touchpoint says what was there already.
/// </summary>
internal sealed unsafe class UniquesKernel(int touchpoints, HourTable table) : Kernel
{
    public const int MostTouchpoints = 64;

    // By bucket, then touchpoint; the last row takes what is outside all buckets.
    private readonly uint[] counts = new uint[touchpoints * (table.Outside + 1)];

    public long Events { get; private set; }
    public long Customers { get; private set; }
    public override Reads Reads => Reads.Journeys | table.Reads;

    public void AddTo(int touchpoint, long[] customers)
    {
        for (var bucket = 0; bucket < customers.Length; bucket++) customers[bucket] += counts[bucket * touchpoints + touchpoint];
    }

    public override void Visit(in JourneyBatch batch)
    {
        Events += batch.Events;
        Customers += batch.Runs;
        fixed (uint* all = counts)
        fixed (ushort* bucketOf = table.From(batch.HoursOriginMs))
            for (var run = 0; run < batch.Runs; run++)
            {
                if (table.IsWhole) run = Count(batch, run, bucketOf, all, touchpoints);
                if (run < batch.Runs) CountCloser(batch, run, bucketOf, all);
            }
    }

    // Counts up to the first journey with hours that do not tell the bucket. A method of its own, without branches on events.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Count(in JourneyBatch batch, int run, ushort* bucketOf, uint* all, nint width)
    {
        var (codes, hours, starts, runs) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<ushort>(batch.Hours), new Ptr<int>(batch.Starts), batch.Runs);
        for (nint at = starts.At[run]; run < runs; run++)
        {
            nint to = starts.At[run + 1];
            if (hours.At[at] == Hours.Elsewhere || hours.At[to - 1] == Hours.Elsewhere) break;
            ulong seen = 0;
            for (nint last = -1; at < to; at++)
            {
                nint bucket = bucketOf[(nint)hours.At[at]];
                int touchpoint = codes.At[at];
                // All bits set where the bucket is the last one's.
                seen &= (ulong)(((bucket ^ last) - 1) >> 63);
                last = bucket;
                all[bucket * width + touchpoint] += (uint)(~seen >> touchpoint) & 1;
                seen |= 1UL << touchpoint;
            }
        }

        return run;
    }

    private void CountCloser(in JourneyBatch batch, int run, ushort* bucketOf, uint* all)
    {
        var (seen, last) = (0UL, -1);
        for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
        {
            var bucket = table.Of(bucketOf, batch, at);
            if (bucket != last) seen = 0;
            last = bucket;
            var bit = 1UL << batch.Touchpoints[at];
            if ((seen & bit) == 0) all[bucket * touchpoints + batch.Touchpoints[at]]++;
            seen |= bit;
        }
    }
}
