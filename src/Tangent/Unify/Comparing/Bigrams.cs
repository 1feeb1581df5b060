namespace Tangent.Unify;

/// <summary>Likeness of longer texts by the pairs of neighbouring characters they share (Dice 1945): twice the shared pairs over all pairs.</summary>
internal static class Bigrams
{
    private const int Longest = 128;

    /// <returns>0 to 1; 1 also where both are the same single character.</returns>
    public static double Likeness(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > Longest) a = a[..Longest];
        if (b.Length > Longest) b = b[..Longest];
        if (a.SequenceEqual(b)) return a.IsEmpty ? 0 : 1;
        if (a.Length < 2 || b.Length < 2) return 0;
        Span<int> left = stackalloc int[a.Length - 1], right = stackalloc int[b.Length - 1];
        Fill(a, left);
        Fill(b, right);
        int i = 0, j = 0, shared = 0;
        while (i < left.Length && j < right.Length)
        {
            var order = left[i].CompareTo(right[j]);
            if (order == 0) shared++;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }

        return 2.0 * shared / (left.Length + right.Length);
    }

    private static void Fill(ReadOnlySpan<char> text, Span<int> pairs)
    {
        for (var i = 0; i < pairs.Length; i++) pairs[i] = (text[i] << 16) | text[i + 1];
        pairs.Sort();
    }
}
