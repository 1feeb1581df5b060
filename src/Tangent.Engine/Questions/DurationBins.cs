using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>
/// Times in bins of an eighth of an octave, to find where quantiles lie: the exponent and the three highest bits behind it of the time
/// as a floating-point number. Longer times never have lower bins; 0 ms has a bin of its own.
/// </summary>
internal static class DurationBins
{
    /// <summary>Enough for 300 years.</summary>
    public const int Count = 360;

    private const int Shift = 49;
    private const int BeforeOne = (1023 << 3) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(long ms) => (int)Math.Max(0, (BitConverter.DoubleToInt64Bits(ms) >> Shift) - BeforeOne);

    /// <summary>No time of a bin is shorter than this; longer ones are in it or behind it.</summary>
    public static long LeastMs(int bin) => bin == 0 ? 0 : (long)Math.Ceiling(BitConverter.Int64BitsToDouble((long)(bin + BeforeOne) << Shift));

    /// <summary>The same for eight times, and eight more. What is no time, negative or longer than all, has some bin too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Of(Vector512<long> first, Vector512<long> second)
    {
        // Exponent and highest bits are in the upper halves.
        Vector512<int> low = Vector512.ConvertToDouble(first).AsInt32(), high = Vector512.ConvertToDouble(second).AsInt32();
        var upper = Avx512F.IsSupported
            ? Avx512F.PermuteVar16x32x2(low, Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31), high)
            : Vector512.Narrow(low.AsInt64() >> 32, high.AsInt64() >> 32);
        return Vector512.Min(Vector512.Create(Count - 1), Vector512.Max(Vector512<int>.Zero, (upper >> (Shift - 32)) - Vector512.Create(BeforeOne)));
    }
}

/// <summary>The bins around one quantile.</summary>
/// <param name="First">Bin of the value of the lower rank.</param>
/// <param name="Last">Bin of the value one rank above, where that is wanted.</param>
/// <param name="Rank">The lower rank among the values of these bins, from 0.</param>
/// <param name="Count">Values in these bins.</param>
internal readonly record struct BinRange(int First, int Last, int Rank, int Count)
{
    /// <summary>Finds the bins of the value of a rank, and of the next.</summary>
    public static BinRange Of(ReadOnlySpan<uint> histogram, long rank, bool andNext)
    {
        long before = 0, wanted = rank + (andNext ? 1 : 0);
        int bin = 0;
        while (before + histogram[bin] <= rank) before += histogram[bin++];
        int first = bin, inRank = (int)(rank - before);
        long inBins = histogram[bin], upTo = before + inBins;
        while (upTo <= wanted)
        {
            upTo += histogram[++bin];
            inBins += histogram[bin];
        }

        return new BinRange(first, bin, inRank, checked((int)inBins));
    }

    /// <summary>The quantile, given all values of these bins; they are reordered.</summary>
    /// <param name="values">The values of these bins.</param>
    /// <param name="part">How far the quantile lies between the value of the rank and the next, 0 to 1.</param>
    public double Of(Span<long> values, double part) => Quantile.At(values, Rank, part);
}
