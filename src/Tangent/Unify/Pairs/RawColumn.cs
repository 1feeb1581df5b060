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

    /// <summary>What the column holds, by its header and what stands in it.</summary>
    public ColumnKind Guess() => ColumnGuess.Of(name, Texts.Count <= 5_000 ? Texts : Texts[..5_000], Texts.Count, Filled);

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
