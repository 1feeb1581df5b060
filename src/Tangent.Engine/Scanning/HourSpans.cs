using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>Buckets of hours by up to 64 spans of equal length, each with one bound between buckets at most: few enough to be looked up in registers.</summary>
/// <param name="FirstHour">Where the first span begins; hours before are in it too, those behind the last in the last.</param>
/// <param name="Shift">A span is 2 to this hours.</param>
/// <param name="Before">By span: the bucket of the hours before its bound.</param>
/// <param name="Bound">By span: the hour of its bound.</param>
/// <param name="After">By span: the bucket of the bound and the hours behind it.</param>
internal sealed record HourSpans(ushort FirstHour, int Shift, ushort[] Before, ushort[] Bound, ushort[] After)
{
    public const int Most = 63;

    /// <param name="bounds">Hours of the bounds, rising; outside all buckets is the number behind the last bucket's.</param>
    public static HourSpans? Of(int[] bounds)
    {
        int shift = 0, outside = bounds.Length - 1;
        // The first span lies before all buckets, the last behind them.
        while ((bounds[^1] - bounds[0] >> shift) + 3 > Most + 1) shift++;
        var first = bounds[0] - (1 << shift);
        if (first < 0 || bounds.Zip(bounds.Skip(1)).Any(pair => pair.Second - pair.First < 1 << shift)) return null;
        var spans = new HourSpans((ushort)first, shift, new ushort[Most + 1], new ushort[Most + 1], new ushort[Most + 1]);
        for (int span = 0, passed = 0; span <= Most; span++)
        {
            // Buckets are numbered by the bounds passed before them.
            int Bucket() => passed == 0 || passed > outside ? outside : passed - 1;
            spans.Before[span] = spans.After[span] = (ushort)Bucket();
            spans.Bound[span] = ushort.MaxValue;
            if (passed >= bounds.Length || bounds[passed] >= first + ((span + 1) << shift)) continue;
            spans.Bound[span] = (ushort)bounds[passed++];
            spans.After[span] = (ushort)Bucket();
        }

        return spans;
    }

    public Lookup Look() => new(this);

    public readonly struct Lookup(HourSpans spans) : IHourLookup
    {
        private readonly Wide before = new(spans.Before), bound = new(spans.Bound), after = new(spans.After);
        private readonly Vector512<ushort> first = Vector512.Create(spans.FirstHour);
        private readonly Vector128<ushort> shift = Vector128.CreateScalar((ushort)spans.Shift);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ushort> BucketsOf(Vector512<ushort> hours)
        {
            var span = Vector512.Min(Avx512BW.ShiftRightLogical(Avx512BW.SubtractSaturate(hours, first), shift), Vector512.Create((ushort)Most));
            return Vector512.ConditionalSelect(Vector512.LessThan(hours, bound.At(span)), before.At(span), after.At(span));
        }
    }

    /// <summary>64 numbers in two registers.</summary>
    private readonly struct Wide(ushort[] numbers)
    {
        private readonly Vector512<ushort> low = Vector512.Create(numbers, 0), high = Vector512.Create(numbers, 32);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ushort> At(Vector512<ushort> places) => Avx512BW.PermuteVar32x16x2(low, places, high);
    }
}
