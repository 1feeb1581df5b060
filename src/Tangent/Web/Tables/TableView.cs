using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Tangent.Web;

/// <summary>A column that can be shown or sorted by.</summary>
public sealed record TableChoice(string Key, string Title, bool Sorts);

/// <summary>How the reader has arranged a table. It lives in the address, each name after the table's own: <c>variants.sort=-customers</c>, <c>variants.find=</c>, <c>variants.columns=</c>, <c>variants.skip=</c>.</summary>
/// <param name="Sort">Key of the column; null = the order the rows came in.</param>
/// <param name="Find">Text that every row shown has.</param>
/// <param name="Chosen">Keys of the columns to show; empty = the usual ones.</param>
public sealed record TableView(string Id, string? Sort, bool Descending, string Find, IReadOnlyList<string> Chosen, int Skip)
{
    private static readonly string[] Names = ["sort", "find", "columns"];

    internal static TableView Of(string id, PageContext page)
    {
        var query = QueryHelpers.ParseQuery(page.Query);
        StringValues Values(string name) => query.TryGetValue($"{id}.{name}", out var values) ? values : StringValues.Empty;
        var sort = Values("sort") is [{ Length: > 0 } first, ..] ? first : null;
        _ = int.TryParse(Values("skip"), NumberStyles.None, CultureInfo.InvariantCulture, out var skip);
        return new(id, sort?.TrimStart('-'), sort is ['-', ..], (Values("find") is [{ } find, ..] ? find : "").Trim(), [.. Values("columns").OfType<string>()], skip);
    }

    /// <summary>The name belongs to the arrangement of some table, which stays while the filter changes.</summary>
    public static bool IsArrangement(string name) => name.LastIndexOf('.') is var dot and > 0 && Names.Contains(name[(dot + 1)..]) && !PageContext.IsFilter(name);

    /// <summary>Also which of its pages a table shows.</summary>
    public static bool IsOfTable(string name) => IsArrangement(name) || name.EndsWith(".skip", StringComparison.Ordinal);

    public string Name(string of) => $"{Id}.{of}";

    /// <summary>A choice of the usual columns is none: more columns may become usual, and sums need all of them.</summary>
    public TableView Among<TRow>(IReadOnlyList<Column<TRow>> columns) => columns.All(c => Chosen.Contains(c.Key) != c.Extra) ? this with { Chosen = [] } : this;

    public IReadOnlyList<Column<TRow>> Shown<TRow>(IReadOnlyList<Column<TRow>> columns)
    {
        var chosen = columns.Where(c => Chosen.Contains(c.Key)).ToList();
        return chosen.Count > 0 ? chosen : [.. columns.Where(c => !c.Extra)];
    }

    /// <summary>The rows that have the text looked for, in the order asked for; what has no value comes last.</summary>
    public IReadOnlyList<TRow> Arrange<TRow>(IReadOnlyList<TRow> rows, IReadOnlyList<Column<TRow>> columns)
    {
        IEnumerable<TRow> found = rows;
        if (Find.Length > 0)
        {
            var words = FoldedText.Of(Find).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var texts = columns.Where(c => c.Holds == Holds.Text).ToList();
            found = rows.Where(row => string.Join('\n', texts.Select(c => FoldedText.Of(c.Value(row)?.ToString() ?? ""))) is var text && words.All(text.Contains));
        }

        if (columns.FirstOrDefault(c => c.Key == Sort) is not { } by) return [.. found];
        var filled = found.Select(row => (Row: row, Value: by.Value(row))).OrderBy(x => x.Value is null);
        var values = Comparer<object?>.Create(Compare);
        return [.. (Descending ? filled.ThenByDescending(x => x.Value, values) : filled.ThenBy(x => x.Value, values)).Select(x => x.Row)];
    }

    private static int Compare(object? a, object? b) => (a, b) switch
    {
        (string x, string y) => CultureInfo.CurrentCulture.CompareInfo.Compare(x, y, CompareOptions.IgnoreCase),
        (IComparable x, not null) => x.CompareTo(b),
        _ => 0,
    };
}
