using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>The bucket of each hour: for buckets that begin and end with an hour a look-up is all there is to do. One for all threads of a question.</summary>
internal sealed class HourTable(Buckets buckets)
{
    /// <summary>In place of a bucket: the hour lies in several, or is none; or there are so many buckets that none is below this.</summary>
    public const ushort LookCloser = ushort.MaxValue;

    private Counted? latest;
    private Spanned? spans;
    private Stepped? steps;

    /// <summary>Whether each bucket begins and ends with an hour: only hours <see cref="Hours.Elsewhere"/> do not tell their bucket, which in a journey come first or last.</summary>
    public bool IsWhole { get; } = buckets.Count < LookCloser && Array.TrueForAll(buckets.Bounds, bound => bound % Hours.HourMs == 0);

    /// <summary>What a kernel reads of a batch to look buckets up; while hours tell them, times are looked up one by one.</summary>
    public Reads Reads => IsWhole ? Reads.Hours : Reads.Hours | Reads.Times;

    /// <summary>The number given to times outside all buckets.</summary>
    public int Outside => buckets.Count;

    /// <summary>The bucket of an event.</summary>
    /// <param name="bucketOf">What <see cref="From"/> gave.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="at">The event's number in the batch.</param>
    public unsafe int Of(ushort* bucketOf, in JourneyBatch batch, int at) =>
        bucketOf[batch.Hours[at]] is var bucket and not LookCloser ? bucket : Closer(batch.TimeOf(at));

    /// <summary>The buckets of all hours, counted from an origin.</summary>
    public ushort[] From(long originMs)
    {
        if (Volatile.Read(ref latest) is { } known && known.OriginMs == originMs) return known.BucketOfHour;
        var made = Make(originMs);
        Volatile.Write(ref latest, new Counted(originMs, made));
        return made;
    }

    /// <summary>The same as <see cref="From"/> by spans of hours; null where buckets are too many or too short for that, do not begin and end with an hour, or vectors are not that wide.</summary>
    public HourSpans? SpansFrom(long originMs)
    {
        if (Volatile.Read(ref spans) is { } known && known.OriginMs == originMs) return known.Spans;
        var made = IsWhole && Avx512BW.IsSupported && buckets.Count < HourSpans.Most ? HourSpans.Of(HoursOfBounds(originMs)) : null;
        Volatile.Write(ref spans, new Spanned(originMs, made));
        return made;
    }

    /// <summary>The same where buckets are about equally long.</summary>
    public HourSteps? StepsFrom(long originMs)
    {
        if (Volatile.Read(ref steps) is { } known && known.OriginMs == originMs) return known.Steps;
        var made = IsWhole && Avx512BW.IsSupported ? HourSteps.Of(HoursOfBounds(originMs)) : null;
        Volatile.Write(ref steps, new Stepped(originMs, made));
        return made;
    }

    internal int[] HoursOfBounds(long originMs) => [.. buckets.Bounds.Select(bound => Hours.At(bound, originMs, up: false))];

    private int Closer(long ms) => ms < buckets.FirstMs || ms >= buckets.EndMs ? Outside : buckets.Of(ms, out _);

    private ushort[] Make(long originMs)
    {
        var bucketOf = GC.AllocateUninitializedArray<ushort>(Hours.Elsewhere + 1);
        bucketOf.AsSpan().Fill(buckets.Count < LookCloser ? (ushort)Outside : LookCloser);
        if (buckets.Count >= LookCloser) return bucketOf;
        var bounds = buckets.Bounds;
        for (var bucket = 0; bucket < buckets.Count; bucket++)
        {
            int from = Hours.At(bounds[bucket], originMs, up: false), to = Hours.At(bounds[bucket + 1], originMs, up: true);
            if (to > from) bucketOf.AsSpan(from, to - from).Fill((ushort)bucket);
        }

        foreach (var bound in bounds)
            if (Hours.At(bound, originMs, up: false) is var cut && cut < Hours.At(bound, originMs, up: true)) bucketOf[cut] = LookCloser;
        bucketOf[Hours.Elsewhere] = LookCloser;
        return bucketOf;
    }

    private sealed record Counted(long OriginMs, ushort[] BucketOfHour);

    private sealed record Spanned(long OriginMs, HourSpans? Spans);

    private sealed record Stepped(long OriginMs, HourSteps? Steps);
}
