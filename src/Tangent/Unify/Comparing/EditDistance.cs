namespace Tangent.Unify;

/// <summary>
/// Fewest single mistakes between two texts: a character left out, added, mistaken, or two neighbours exchanged (Damerau 1964; in the
/// restricted form, where no part is edited twice).
/// </summary>
internal static class EditDistance
{
    private const int Longest = 128;

    /// <param name="a">The one text; of longer ones the first 128 characters count.</param>
    /// <param name="b">The other.</param>
    /// <param name="most">Larger distances are not told apart.</param>
    /// <returns>The distance, or <paramref name="most"/> + 1 where it is larger.</returns>
    public static int Between(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        if (a.Length > Longest) a = a[..Longest];
        if (b.Length > Longest) b = b[..Longest];
        if (Math.Abs(a.Length - b.Length) > most) return most + 1;
        // What both begin and end with costs nothing.
        var prefix = a.CommonPrefixLength(b);
        a = a[prefix..];
        b = b[prefix..];
        while (!a.IsEmpty && !b.IsEmpty && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }

        if (a.IsEmpty || b.IsEmpty) return Math.Max(a.Length, b.Length);
        return Table(a, b, most);
    }

    private static int Table(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        Span<int> rows = stackalloc int[3 * (Longest + 1)];
        var before = rows[..(b.Length + 1)];
        var above = rows.Slice(Longest + 1, b.Length + 1);
        var row = rows.Slice(2 * (Longest + 1), b.Length + 1);
        for (var j = 0; j <= b.Length; j++) above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var least = row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost = Math.Min(cost, before[j - 2] + 1);
                row[j] = cost;
                least = Math.Min(least, cost);
            }

            if (least > most) return most + 1;
            var spare = before;
            before = above;
            above = row;
            row = spare;
        }

        return Math.Min(above[b.Length], most + 1);
    }
}
