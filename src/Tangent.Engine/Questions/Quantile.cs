namespace Tangent.Engine;

/// <summary>Exact quantiles by selection, without sorting everything.</summary>
internal static class Quantile
{
    /// <summary>
    /// Quantile q of the values, interpolated linearly between the neighbours of rank q·(n − 1)
    /// (Hyndman and Fan's definition 7; for q = ½ the usual median). 0 of nothing. Reorders the values.
    /// </summary>
    public static double Of(Span<long> values, double q)
    {
        if (values.Length == 0) return 0;
        var rank = q * (values.Length - 1);
        var lower = (int)rank;
        var low = Select(values, lower);
        if (rank <= lower || lower + 1 >= values.Length) return low;
        // All behind the selected rank are at least as large; their least is the neighbour.
        long high = long.MaxValue;
        foreach (var value in values[(lower + 1)..]) high = Math.Min(high, value);
        return low + (rank - lower) * (high - low);
    }

    public static Durations Durations(Span<long> values) =>
        new(values.Length, Of(values, 0.25), Of(values, 0.5), Of(values, 0.75));

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
