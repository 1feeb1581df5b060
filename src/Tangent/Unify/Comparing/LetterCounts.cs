using System.Numerics;

namespace Tangent.Unify;

/// <summary>How often each letter and digit occurs in a text, up to twice: enough to say without comparing that two texts cannot be alike.</summary>
/// <param name="Once">A bit for each of a–z, 0–9 (others share the rest) that occurs.</param>
/// <param name="Twice">A bit for each that occurs at least twice.</param>
/// <param name="Length">Characters of the text.</param>
internal readonly record struct LetterCounts(ulong Once, ulong Twice, int Length)
{
    public static LetterCounts Of(ReadOnlySpan<char> text)
    {
        ulong once = 0, twice = 0;
        foreach (var c in text)
        {
            var bit = 1UL << (c is >= 'a' and <= 'z' ? c - 'a' : c is >= '0' and <= '9' ? 26 + c - '0' : 36 + (c % 28));
            twice |= once & bit;
            once |= bit;
        }

        return new LetterCounts(once, twice, text.Length);
    }

    /// <summary>At most so many characters can be paired with an equal one of the other text.</summary>
    public int MostShared(LetterCounts other)
    {
        var counted = BitOperations.PopCount(Once & other.Once) + BitOperations.PopCount(Twice & other.Twice);
        return counted + Math.Min(Uncounted, other.Uncounted);
    }

    /// <summary>Upper bound of <see cref="Bigrams.Likeness"/> and, with up to <paramref name="prefix"/> equal characters at the start, of <see cref="JaroWinkler.Likeness"/>.</summary>
    public (double Bigrams, double JaroWinkler) Bounds(LetterCounts other, int prefix)
    {
        var shared = MostShared(other);
        if (shared == 0) return (0, 0);
        var jaro = (((double)shared / Length) + ((double)shared / other.Length) + 1) / 3;
        var pairs = Length + other.Length - 2;
        // The pairs of abca are those of bcab, though only three of the letters are shared.
        return (pairs <= 0 ? 1 : 2.0 * shared / pairs, jaro + (Math.Min(4, prefix) * 0.1 * (1 - jaro)));
    }

    private int Uncounted => Length - BitOperations.PopCount(Once) - BitOperations.PopCount(Twice);
}
