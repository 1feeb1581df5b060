using Tangent.Web;

namespace Tangent.Unify;

/// <summary>A column as it stands in the file: every text once, and for every row the number of its text (-1: blank).</summary>
internal sealed class RawColumn(string name)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Headers of the columns of all files that are put together in it.</summary>
    public HashSet<string> Names { get; } = [FoldedText.Of(name)];

    public List<string> Texts { get; } = [];

    public List<int> Rows { get; } = [];

    public int Filled { get; private set; }

    public void Add(ReadOnlySpan<char> text) => Rows.Add(NumberOf(text));

    /// <summary>Gives a row that was blank a value.</summary>
    public void Fill(int row, ReadOnlySpan<char> text) => Rows[row] = NumberOf(text);

    /// <summary>Makes the column as long as <paramref name="rows"/>: rows of a file without it are blank in it.</summary>
    public void FillUpTo(int rows)
    {
        while (Rows.Count < rows) Rows.Add(-1);
    }

    /// <summary>It stands beside given names and has a word or two: what would be a whole name by itself is a surname.</summary>
    public bool IsBesideGivenNames { get; set; }

    /// <summary>What the column holds, by its header, what stands in it and what it stands beside.</summary>
    public ColumnKind Guess()
    {
        var some = Texts.Count <= 5_000 ? Texts : Texts[..5_000];
        var kind = ColumnGuess.Of(name, some, Texts.Count, Filled);
        return kind == ColumnKind.Name && IsBesideGivenNames && some.Count(t => !t.Contains(' ', StringComparison.Ordinal)) > some.Count / 2 ? ColumnKind.Surname : kind;
    }

    private int NumberOf(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.IsEmpty) return -1;
        Filled++;
        var numbers = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (numbers.TryGetValue(text, out var number)) return number;
        number = Texts.Count;
        Texts.Add(text.ToString());
        _numbers.Add(Texts[number], number);
        return number;
    }
}
