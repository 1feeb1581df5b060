using System.Numerics;

namespace Tangent.Unify;

/// <summary>
/// Likeness of short texts such as names: 1 for equal ones, 0 where nothing agrees. Jaro (1989) counts characters that agree within half
/// the longer text and how many of them stand in another order; Winkler (1990) adds a tenth of the rest for each of up to four equal
/// characters at the start.
/// </summary>
internal static class JaroWinkler
{
    /// <summary>Longer texts are compared by their first characters only: one machine word marks which have been used.</summary>
    public const int Longest = 64;

    /// <returns>0 to 1.</returns>
    public static double Likeness(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > Longest) a = a[..Longest];
        if (b.Length > Longest) b = b[..Longest];
        if (a.SequenceEqual(b)) return a.IsEmpty ? 0 : 1;
        if (a.IsEmpty || b.IsEmpty) return 0;

        var window = Math.Max(0, (Math.Max(a.Length, b.Length) / 2) - 1);
        var (usedA, usedB) = Matches(a, b, window);
        var matches = BitOperations.PopCount(usedA);
        if (matches == 0) return 0;
        var jaro = (((double)matches / a.Length) + ((double)matches / b.Length) + ((matches - (Displaced(a, b, usedA, usedB) / 2.0)) / matches)) / 3;
        var prefix = Math.Min(4, a.CommonPrefixLength(b));
        return jaro + (prefix * 0.1 * (1 - jaro));
    }

    private static (ulong A, ulong B) Matches(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int window)
    {
        ulong usedA = 0, usedB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var end = Math.Min(i + window + 1, b.Length);
            for (var j = Math.Max(0, i - window); j < end; j++)
            {
                if (b[j] != a[i] || (usedB >> j & 1) != 0) continue;
                usedA |= 1UL << i;
                usedB |= 1UL << j;
                break;
            }
        }

        return (usedA, usedB);
    }

    /// <summary>How many of the agreeing characters stand at another place in the order of the agreeing ones.</summary>
    private static int Displaced(ReadOnlySpan<char> a, ReadOnlySpan<char> b, ulong usedA, ulong usedB)
    {
        var displaced = 0;
        for (; usedA != 0; usedA &= usedA - 1, usedB &= usedB - 1)
            if (a[BitOperations.TrailingZeroCount(usedA)] != b[BitOperations.TrailingZeroCount(usedB)]) displaced++;
        return displaced;
    }
}
