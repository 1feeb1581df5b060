using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>The periods in which a journey has events, as the bits of a word.</summary>
internal static unsafe class PeriodBits
{
    /// <summary>So many numbers behind the last may be read.</summary>
    public const int Spare = 64;

    // Shifting by 64 or more leaves no bit. Read from the place that leaves as many zeros as there are events.
    private static ReadOnlySpan<byte> Behind =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    ];

    /// <summary>The number of the bit of each event: the lowest six bits of the bucket of its hour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Number(ushort* hours, byte* numbers, int count, ushort* bucketOf)
    {
        for (var end = numbers + count; numbers < end; numbers += 4, hours += 4)
        {
            nuint a = hours[0], b = hours[1], c = hours[2], d = hours[3];
            numbers[0] = (byte)(bucketOf[a] & 63);
            numbers[1] = (byte)(bucketOf[b] & 63);
            numbers[2] = (byte)(bucketOf[c] & 63);
            numbers[3] = (byte)(bucketOf[d] & 63);
        }
    }

    /// <summary>The same where few spans tell the bucket, 64 hours at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Number(ushort* hours, byte* numbers, int count, HourSpans spans)
    {
        var (lookup, elsewhere) = (spans.Look(), Vector512.Create(Hours.Elsewhere));
        for (var at = 0; at < count; at += 64)
        {
            Vector512<ushort> low = Vector512.Load(hours + at), high = Vector512.Load(hours + at + 32);
            Vector512.Narrow(
                Vector512.ConditionalSelect(Vector512.Equals(low, elsewhere), Vector512.Create((ushort)63), lookup.BucketsOf(low)),
                Vector512.ConditionalSelect(Vector512.Equals(high, elsewhere), Vector512.Create((ushort)63), lookup.BucketsOf(high))).Store(numbers + at);
        }
    }

    /// <summary>Takes events that do not stay out of all periods: shifted by their number, no bit is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TakeOut(byte* numbers, ulong* staying, int count)
    {
        ReadOnlySpan<byte> places = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7];
        var (byteOf, bitOf) = (Vector512.Create(places), Vector512.Create(0x8040_2010_0804_0201UL).AsByte());
        for (var at = 0; at < count; at += 64)
        {
            var bits = Vector512.Shuffle(Vector512.Create(staying[at >> 6]).AsByte(), byteOf) & bitOf;
            Vector512.ConditionalSelect(Vector512.Equals(bits, bitOf), Vector512.Load(numbers + at), Vector512.Create((byte)64)).Store(numbers + at);
        }
    }

    /// <summary>The bits of a journey's events. Most journeys are short: up to 16 events are taken at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(byte* numbers, int count)
    {
        if (!Avx512F.IsSupported) return OneByOne(numbers, count);
        ref readonly var behind = ref Behind[0];
        var bits = Vector512<ulong>.Zero;
        for (; count > 16; count -= 16, numbers += 16) bits |= Shifted(Vector128.Load(numbers));
        bits |= Shifted(Vector128.Load(numbers) | Vector128.LoadUnsafe(in behind, (nuint)(16 - count)));
        var half = bits.GetLower() | bits.GetUpper();
        var quarter = half.GetLower() | half.GetUpper();
        return quarter.ToScalar() | quarter.GetElement(1);
    }

    internal static ulong OneByOne(byte* numbers, int count)
    {
        ulong bits = 0;
        for (var end = numbers + count; numbers < end; numbers++) bits |= *numbers < 64 ? 1UL << *numbers : 0;
        return bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Shifted(Vector128<byte> numbers) =>
        Avx512F.ShiftLeftLogicalVariable(Vector512<ulong>.One, Avx512F.ConvertToVector512UInt64(numbers))
        | Avx512F.ShiftLeftLogicalVariable(Vector512<ulong>.One, Avx512F.ConvertToVector512UInt64(Vector128.Shuffle(numbers, Vector128.Create((byte)8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))));
}
