using System.Collections.Frozen;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>A person's name in the form in which two of them are compared: folded, without titles, hyphens as blanks.</summary>
internal static class NameValue
{
    private static readonly FrozenSet<string> Titles = FrozenSet.ToFrozenSet(
    [
        "dr", "prof", "professor", "dipl", "ing", "mag", "mgr", "inz", "hab", "med", "jur", "phd", "msc", "bsc", "mba", "ba", "ma",
        "herr", "frau", "mr", "mrs", "ms", "miss", "pan", "pani", "sir",
    ]);

    /// <returns>Folded words with one blank between; a name that consists of titles only stays.</returns>
    public static string Of(string text)
    {
        var words = FoldedText.Of(text).Split([' ', '-', '.', ',', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var kept = words.Where(w => !Titles.Contains(w)).ToArray();
        return string.Join(' ', kept.Length > 0 ? kept : words);
    }
}
