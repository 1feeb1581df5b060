using System.Collections.Frozen;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>A person's name in the form in which two of them are compared: folded, without titles, hyphens as blanks.</summary>
internal static class NameValue
{
    private static readonly FrozenSet<string> Titles = FrozenSet.ToFrozenSet(
    [
        "dr", "prof", "professor", "dipl", "ing", "mag", "mgr", "inz", "hab", "med", "jur", "phd", "msc", "bsc", "mba", "ba", "ma",
        "herr", "frau", "mr", "mrs", "ms", "miss", "pan", "pani", "sir",
    ]);

    // Without a dot these are somebody's name: Ma Yun, Ba Nguyen.
    private static readonly FrozenSet<string> AlsoNames = FrozenSet.ToFrozenSet(["ba", "ma", "ing", "med", "hab", "pan", "mag"]);

    /// <summary>Small words that belong to the surname behind them: von Berg, de la Cruz.</summary>
    private static readonly FrozenSet<string> Particles = FrozenSet.ToFrozenSet(
        ["von", "vom", "van", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ten", "ter", "zu", "zum", "zur"]);

    /// <summary>A name as it is kept: one blank between words, "Meier, Anna" turned round, titles by themselves.</summary>
    /// <returns>Titles before the name, as they were written, and the name; a name that consists of titles only stays.</returns>
    public static (string Title, string Name) Written(string text)
    {
        var plain = text.Normalize();
        if (plain.Split(',') is [var last, var first] && last.Trim().Length > 0 && first.Trim().Length > 0) plain = $"{first} {last}";
        var words = plain.Split([' ', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var titles = 0;
        while (titles < words.Length - 1 && IsTitle(words[titles])) titles++;
        return (string.Join(' ', words[..titles]), string.Join(' ', words[titles..]));
    }

    /// <summary>A whole name told apart, without titles: what stands before the comma is the surname, else the last word with the small ones before it.</summary>
    /// <returns>Given name and surname; a single word is a surname.</returns>
    public static (string Given, string Surname) Divided(string text)
    {
        if (text.Split(',') is [var before, var behind] && before.Trim() is { Length: > 0 } family && behind.Trim() is { Length: > 0 } && !behind.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(IsTitle))
            return (Written(behind).Name, Written(family).Name);
        var words = Written(text).Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return ("", "");
        var last = words.Length - 1;
        while (last > 1 && Particles.Contains(FoldedText.Of(words[last - 1]))) last--;
        return (string.Join(' ', words[..last]), string.Join(' ', words[last..]));
    }

    // "Dr.-Ing." and "Dipl.-Ing." are one word.
    private static bool IsTitle(string word) =>
        word.Split(['.', '-'], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts && parts.All(p => Titles.Contains(FoldedText.Of(p)) && (word.Contains('.', StringComparison.Ordinal) || !AlsoNames.Contains(FoldedText.Of(p))));

    /// <returns>Folded words with one blank between; a name that consists of titles only stays.</returns>
    public static string Of(string text)
    {
        var words = FoldedText.Of(text).Split([' ', '-', '.', ',', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var kept = words.Where(w => !Titles.Contains(w)).ToArray();
        return string.Join(' ', kept.Length > 0 ? kept : words);
    }
}
