using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Bits in words of 64; null stands for "no bit is set".</summary>
internal static class Bitmap
{
    public static ulong[] Of(int count) => new ulong[(count + 63) >> 6];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(ulong[]? words, int bit) =>
        words is not null && (uint)(bit >> 6) < (uint)words.Length && (words[bit >> 6] >> (bit & 63) & 1) != 0;

    /// <summary>A bit as 1 or 0, without a branch that depends on it.</summary>
    /// <param name="words">The bits.</param>
    /// <param name="bit">Its number.</param>
    /// <param name="otherwise">What it is where there are no bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong[]? words, int bit, ulong otherwise) =>
        words is null ? otherwise : (uint)(bit >> 6) < (uint)words.Length ? words[bit >> 6] >> (bit & 63) & 1 : 0;

    public static void Set(ulong[] words, int bit) => words[bit >> 6] |= 1UL << (bit & 63);

    /// <summary>Whether a bit from <paramref name="from"/> up to <paramref name="to"/> (exclusive) is set.</summary>
    public static bool AnyIn(ulong[]? words, int from, int to)
    {
        if (words is null || to <= from) return false;
        int first = from >> 6, last = (to - 1) >> 6;
        if (first >= words.Length) return false;
        var head = ~0UL << (from & 63);
        var tail = ~0UL >> (63 - ((to - 1) & 63));
        if (first == last) return (words[first] & head & tail) != 0;
        if ((words[first] & head) != 0) return true;
        for (var word = first + 1; word < Math.Min(last, words.Length); word++)
            if (words[word] != 0) return true;
        return last < words.Length && (words[last] & tail) != 0;
    }
}
