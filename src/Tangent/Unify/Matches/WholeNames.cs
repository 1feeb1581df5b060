using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Divides the whole names of one file, so that they can be compared with the given names and surnames of another.</summary>
internal static class WholeNames
{
    /// <param name="columns">The columns of all files, and what they hold.</param>
    /// <param name="files">Which of the columns each file has.</param>
    /// <returns>The column of whole names, where its values stand in those of given names and surnames now; null where no file needs that.</returns>
    public static RawColumn? Divide(IReadOnlyList<(RawColumn Raw, ColumnKind Kind)> columns, IReadOnlyList<IReadOnlySet<RawColumn>> files)
    {
        RawColumn? First(ColumnKind kind) => columns.Where(c => c.Kind == kind).Select(c => c.Raw).FirstOrDefault();
        if (First(ColumnKind.Name) is not { } whole || First(ColumnKind.GivenName) is not { } given || First(ColumnKind.Surname) is not { } surname) return null;
        bool HasParts(IReadOnlySet<RawColumn> file) => file.Contains(given) || file.Contains(surname);
        // Files that have the whole name are compared by it, as long as there is none that has the parts alone.
        if (!files.Any(f => f.Contains(whole) && !HasParts(f)) || !files.Any(f => HasParts(f) && !f.Contains(whole))) return null;
        var parts = whole.Texts.ConvertAll(NameValue.Divided);
        for (var row = 0; row < whole.Rows.Count; row++)
        {
            var text = whole.Rows[row];
            if (text < 0 || given.Rows[row] >= 0 || surname.Rows[row] >= 0) continue;
            given.Fill(row, parts[text].Given);
            surname.Fill(row, parts[text].Surname);
        }

        return whole;
    }
}
