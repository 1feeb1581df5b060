using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>Looks up the buckets of 32 hours at once; hours <see cref="Hours.Elsewhere"/> get one that means nothing. Structs, so that loops are compiled for each.</summary>
internal interface IHourLookup
{
    Vector512<ushort> BucketsOf(Vector512<ushort> hours);
}

/// <summary>Buckets of hours that are equally long but for a few, as days are where clocks change: their numbers are divided out instead of looked up.</summary>
internal sealed class HourSteps
{
    /// <summary>Two years' changes of the clocks.</summary>
    private const int MostChanges = 4;

    private readonly ushort first, hours, outside, multiplier;
    private readonly byte shift, shiftAfter;
    // By change: from which hour on, counted from the first, and how many hours a bucket then lacks.
    private readonly ushort[] from = [ushort.MaxValue, ushort.MaxValue, ushort.MaxValue, ushort.MaxValue];
    private readonly short[] lacking = new short[MostChanges];

    private HourSteps(int[] bounds, int length, (int Shift, int Multiplier, int ShiftAfter) division)
    {
        (first, hours, outside) = ((ushort)bounds[0], (ushort)(bounds[^1] - bounds[0]), (ushort)(bounds.Length - 1));
        (shift, multiplier, shiftAfter) = ((byte)division.Shift, (ushort)division.Multiplier, (byte)division.ShiftAfter);
        for (int bucket = 0, change = 0; bucket + 1 < bounds.Length; bucket++)
        {
            var lacks = length - (bounds[bucket + 1] - bounds[bucket]);
            if (lacks == 0) continue;
            // What a longer bucket has too much follows the length of the others; of a shorter one the next begins sooner.
            from[change] = (ushort)(bounds[bucket] + Math.Min(length, bounds[bucket + 1] - bounds[bucket]) - bounds[0]);
            lacking[change++] = (short)lacks;
        }
    }

    /// <param name="bounds">Hours of the bounds, rising; outside all buckets is the number behind the last bucket's. Null where more than a few buckets are of another length than the others.</param>
    public static HourSteps? Of(int[] bounds)
    {
        int[] lengths = [.. bounds.Zip(bounds.Skip(1), (from, to) => to - from)];
        var length = lengths.Order().ElementAt(lengths.Length / 2);
        // Twice as long a bucket would count as two.
        if (lengths.Any(other => other <= 0 || other >= 2 * length) || lengths.Count(other => other != length) > MostChanges) return null;
        return Division(length, lengths.Length * length) is { } division ? new HourSteps(bounds, length, division) : null;
    }

    public Lookup Look() => new(this);

    /// <summary>The bucket of one hour.</summary>
    public int BucketOf(ushort hour)
    {
        var since = (ushort)(hour - first);
        if (since >= hours) return outside;
        var even = since + from.Zip(lacking).Sum(change => since >= change.First ? change.Second : 0);
        return (int)((uint)(even >> shift) * multiplier >> 16 >> shiftAfter);
    }

    // Numbers below "most" are divided by a length as: shift, the upper half of a product of 16 bits, shift.
    private static (int Shift, int Multiplier, int ShiftAfter)? Division(int length, int most)
    {
        if (length < 2 || most > ushort.MaxValue) return null;
        var shift = BitOperations.TrailingZeroCount(length);
        if (BitOperations.IsPow2(length)) shift--;
        long divisor = length >> shift, largest = (most - 1) >> shift;
        for (var after = 0; after < 16; after++)
        {
            // The product is too large by what the multiplier was rounded up; as long as that stays below one divisor's share, nothing changes.
            long unit = 1L << (16 + after), multiplier = (unit + divisor - 1) / divisor;
            if (multiplier <= ushort.MaxValue && largest * (multiplier * divisor - unit) < unit) return (shift, (int)multiplier, after);
        }

        return null;
    }

    public readonly struct Lookup(HourSteps steps) : IHourLookup
    {
        private readonly Vector512<ushort> first = Vector512.Create(steps.first), hours = Vector512.Create(steps.hours), outside = Vector512.Create(steps.outside), multiplier = Vector512.Create(steps.multiplier);
        private readonly Vector128<ushort> shift = Vector128.CreateScalar((ushort)steps.shift), shiftAfter = Vector128.CreateScalar((ushort)steps.shiftAfter);
        private readonly Vector512<ushort> from0 = Vector512.Create(steps.from[0]), from1 = Vector512.Create(steps.from[1]), from2 = Vector512.Create(steps.from[2]), from3 = Vector512.Create(steps.from[3]);
        private readonly Vector512<ushort> lacking0 = Vector512.Create((ushort)steps.lacking[0]), lacking1 = Vector512.Create((ushort)steps.lacking[1]);
        private readonly Vector512<ushort> lacking2 = Vector512.Create((ushort)steps.lacking[2]), lacking3 = Vector512.Create((ushort)steps.lacking[3]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<ushort> BucketsOf(Vector512<ushort> hours)
        {
            var since = hours - first;
            var even = since
                + (Vector512.GreaterThanOrEqual(since, from0) & lacking0) + (Vector512.GreaterThanOrEqual(since, from1) & lacking1)
                + (Vector512.GreaterThanOrEqual(since, from2) & lacking2) + (Vector512.GreaterThanOrEqual(since, from3) & lacking3);
            var bucket = Avx512BW.ShiftRightLogical(Avx512BW.MultiplyHigh(Avx512BW.ShiftRightLogical(even, shift), multiplier), shiftAfter);
            return Vector512.ConditionalSelect(Vector512.LessThan(since, this.hours), bucket, outside);
        }
    }
}
