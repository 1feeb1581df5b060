namespace Tangent.Engine;

/// <summary>Exact quantiles by selection, without sorting everything.</summary>
internal static class Quantile
{
    private const int ManyValues = 2048;

    /// <summary>
    /// Quantile q of the values, interpolated linearly between the neighbours of rank q·(n − 1)
    /// (Hyndman and Fan's definition 7; for q = ½ the usual median). 0 of nothing. Reorders the values.
    /// </summary>
    public static double Of(Span<long> values, double q)
    {
        if (values.Length == 0) return 0;
        var rank = q * (values.Length - 1);
        var lower = (int)rank;
        return At(values, lower, lower + 1 < values.Length ? rank - lower : 0);
    }

    /// <summary>What lies some part of the way from the value of a rank to that of the next. Reorders the values.</summary>
    public static double At(Span<long> values, int rank, double part)
    {
        var low = Select(values, rank);
        if (part == 0) return low;
        // All behind the selected rank are at least as large; their least is the neighbour.
        var high = long.MaxValue;
        foreach (var value in values[(rank + 1)..]) high = Math.Min(high, value);
        return low + part * (high - low);
    }

    /// <summary>The quartiles of times, none negative. Many are first spread over bins, so that only those near a quartile are selected from.</summary>
    public static Durations Durations(Span<long> values)
    {
        if (values.Length < ManyValues) return new Durations(values.Length, Of(values, 0.25), Of(values, 0.5), Of(values, 0.75));
        Span<uint> histogram = stackalloc uint[DurationBins.Count];
        histogram.Clear();
        foreach (var value in values) histogram[DurationBins.Of(value)]++;
        return new Durations(values.Length, InBins(values, histogram, 0.25), InBins(values, histogram, 0.5), InBins(values, histogram, 0.75));
    }

    private static double InBins(Span<long> values, ReadOnlySpan<uint> histogram, double q)
    {
        var rank = q * (values.Length - 1);
        var lower = (long)rank;
        var range = BinRange.Of(histogram, lower, rank > lower);
        var near = GC.AllocateUninitializedArray<long>(range.Count + 1);
        var count = 0;
        foreach (var value in values)
        {
            near[count] = value;
            var bin = DurationBins.Of(value);
            count += bin >= range.First && bin <= range.Last ? 1 : 0;
        }

        return range.Of(near.AsSpan(0, count), rank - lower);
    }

    /// <summary>The value of a rank from 0; smaller ones are left before it, larger ones behind it (Hoare's selection).</summary>
    public static long Select(Span<long> values, int rank)
    {
        int left = 0, right = values.Length - 1;
        var depth = 4 * (64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)values.Length));
        while (left < right)
        {
            if (depth-- == 0)
            {
                // Unlucky pivots: sorting bounds the worst case.
                values[left..(right + 1)].Sort();
                break;
            }

            var pivot = MedianOfThree(values[left], values[(left + right) >>> 1], values[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (values[i] < pivot) i++;
                while (values[j] > pivot) j--;
                if (i > j) break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (rank <= j) right = j;
            else if (rank >= i) left = i;
            else break;
        }

        return values[rank];
    }

    private static long MedianOfThree(long a, long b, long c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
