using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Finds the bucket of a time by a table of equal, short spans: most lie in one bucket as a whole. So days, weeks and months are
/// found alike, whatever their lengths.
/// </summary>
internal sealed class Buckets
{
    // The table stays in the first-level cache.
    private const int MostSpans = 4096;

    private readonly long[] bounds;
    private readonly int[] bucketOfSpan;

    public Buckets(long[] bounds)
    {
        if (bounds.Length < 2) throw new ArgumentException("Buckets need at least two bounds.", nameof(bounds));
        for (var index = 1; index < bounds.Length; index++)
            if (bounds[index] <= bounds[index - 1]) throw new ArgumentException("The bounds of buckets must rise.", nameof(bounds));
        this.bounds = bounds;
        LengthMs = (ulong)(EndMs - FirstMs);
        Shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(LengthMs) - BitOperations.Log2(MostSpans));
        bucketOfSpan = new int[(int)((LengthMs - 1) >> Shift) + 1];
        for (int span = 0, bucket = 0; span < bucketOfSpan.Length; span++)
        {
            var from = FirstMs + ((long)span << Shift);
            while (from >= bounds[bucket + 1]) bucket++;
            // The complement says that the span reaches into later buckets.
            bucketOfSpan[span] = from + (1L << Shift) <= bounds[bucket + 1] ? bucket : ~bucket;
        }
    }

    public int Count => bounds.Length - 1;

    public long FirstMs => bounds[0];
    public long EndMs => bounds[^1];
    public ulong LengthMs { get; }
    public int Shift { get; }
    public int[] BucketOfSpan => bucketOfSpan;
    public long[] Bounds => bounds;

    /// <summary>The bucket of a time that lies in one, and where it ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long ms, out long toMs)
    {
        var bucket = bucketOfSpan[(int)((ulong)(ms - bounds[0]) >> Shift)];
        if (bucket < 0)
        {
            bucket = ~bucket;
            while (ms >= bounds[bucket + 1]) bucket++;
        }

        toMs = bounds[bucket + 1];
        return bucket;
    }
}
