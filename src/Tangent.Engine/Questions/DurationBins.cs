using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>
/// Times in bins of a quarter of an octave, to find where quantiles lie: the exponent and the two highest bits behind it of the time
/// as a floating-point number. Longer times never have lower bins; 0 ms has a bin of its own.
/// </summary>
internal static class DurationBins
{
    /// <summary>Enough for 300 years.</summary>
    public const int Count = 180;

    private const int Shift = 50;
    private const long BeforeOne = (1023L << 2) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(long ms) => (int)Math.Max(0, (BitConverter.DoubleToInt64Bits(ms) >> Shift) - BeforeOne);

    /// <summary>The same for eight times. What is no time, negative or longer than all, has some bin too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Of(Vector512<long> ms) => Vector512.Min(Vector512.Create(Count - 1L),
        Vector512.Max(Vector512<long>.Zero, (Vector512.ConvertToDouble(ms).AsInt64() >> Shift) - Vector512.Create(BeforeOne)));
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
    public double Of(Span<long> values, double part)
    {
        var low = Quantile.Select(values, Rank);
        if (part == 0) return low;
        var high = long.MaxValue;
        foreach (var value in values[(Rank + 1)..]) high = Math.Min(high, value);
        return low + part * (high - low);
    }
}
