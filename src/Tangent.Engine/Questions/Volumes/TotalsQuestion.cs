using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Events and value at each touchpoint over time, without counting customers. Cost: one pass; of the values only those that there are.</summary>
public sealed record TotalsQuestion : JourneyQuestion
{
    /// <summary>Bounds of days, weeks or the like in milliseconds, rising; bucket b is from bound b up to bound b + 1.</summary>
    public required long[] BucketBoundsMs { get; init; }

    /// <summary>What one unit of each currency code is worth in the reporting currency; 256 entries, finite; 0 leaves a currency out.</summary>
    public required double[] Rates { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">The bounds do not rise, there are fewer than two, touchpoints × buckets exceeds <see cref="TouchpointsQuestion.MaxCells"/>, there are not 256 rates, or one is not finite.</exception>
    public TotalsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        ValuesQuestion.Check(Rates);
        var lens = LensOn(view);
        var buckets = new Buckets(BucketBoundsMs);
        if ((long)lens.Touchpoints * buckets.Count > TouchpointsQuestion.MaxCells) throw new ArgumentException("Too many buckets for so many touchpoints.");
        var kernels = Scan.Run(view, lens, () => new TotalsKernel(lens.Touchpoints, buckets, Rates), ct);
        long[][] events = new long[lens.Touchpoints][];
        double[][] values = new double[lens.Touchpoints][];
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
        {
            events[touchpoint] = new long[buckets.Count];
            values[touchpoint] = new double[buckets.Count];
            foreach (var kernel in kernels) kernel.AddTo(touchpoint, events[touchpoint], values[touchpoint]);
        }

        return new TotalsAnswer(events, values);
    }
}

/// <summary>Totals over time; events outside all buckets are not in them.</summary>
/// <param name="Events">By touchpoint code, then bucket.</param>
/// <param name="Values">By touchpoint code, then bucket, in the reporting currency.</param>
public sealed record TotalsAnswer(long[][] Events, double[][] Values);

internal sealed unsafe class TotalsKernel(int touchpoints, Buckets buckets, double[] rates) : Kernel
{
    private readonly long[] events = new long[touchpoints * buckets.Count];
    private readonly ExactSum[] values = new ExactSum[touchpoints * buckets.Count];

    public void AddTo(int touchpoint, long[] allEvents, double[] allValues)
    {
        for (var bucket = 0; bucket < allEvents.Length; bucket++)
        {
            allEvents[bucket] += events[touchpoint * buckets.Count + bucket];
            allValues[bucket] += values[touchpoint * buckets.Count + bucket].Total;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times, count, length, first, shift) =
            (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times), batch.Events, buckets.LengthMs, buckets.FirstMs, buckets.Shift);
        var width = buckets.Count;
        fixed (long* counts = events, bounds = buckets.Bounds)
        fixed (int* bucketOfSpan = buckets.BucketOfSpan)
            for (var at = 0; at < count; at++)
            {
                var since = (ulong)(times.At[at] - first);
                if (since >= length) continue;
                var bucket = bucketOfSpan[since >> shift];
                if (bucket < 0)
                {
                    bucket = ~bucket;
                    while (times.At[at] >= bounds[bucket + 1]) bucket++;
                }

                counts[codes.At[at] * width + bucket]++;
            }

        var valued = new ValuedEvents(batch);
        while (valued.Next())
        {
            var time = batch.Times[valued.Index];
            if (time >= buckets.FirstMs && time < buckets.EndMs)
                values[batch.Touchpoints[valued.Index] * width + buckets.Of(time, out _)].Add(valued.Value * rates[valued.Currency]);
        }
    }
}
