using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>A line of an address in the form in which two of them are compared: folded, kinds of streets in one spelling.</summary>
internal static partial class AddressValue
{
    /// <summary>Written forms of the kinds of streets and their one spelling; an empty one is left out (in Polish it is mostly not said).</summary>
    private static readonly FrozenDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["strasse"] = "str",
        ["street"] = "str",
        ["st"] = "str",
        ["platz"] = "pl",
        ["plac"] = "pl",
        ["place"] = "pl",
        ["allee"] = "al",
        ["aleja"] = "al",
        ["aleje"] = "al",
        ["avenue"] = "av",
        ["ave"] = "av",
        ["road"] = "rd",
        ["drive"] = "dr",
        ["court"] = "ct",
        ["crescent"] = "cr",
        ["cres"] = "cr",
        ["circuit"] = "cct",
        ["lane"] = "ln",
        ["ul"] = "",
        ["ulica"] = "",
        ["os"] = "",
        ["osiedle"] = "",
        ["nr"] = "",
        ["no"] = "",
    }.ToFrozenDictionary();

    /// <summary>A street as it is kept: kinds of streets written out in German ("Hauptstraße", in Switzerland "Hauptstrasse"), shortened in Polish ("ul. Długa").</summary>
    public static string Written(string text, string country)
    {
        var plain = string.Join(' ', text.Normalize().Split([' ', '\t', '\u00A0', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        if (country == "PL") return Ulica().Replace(plain, "ul. ");
        if (country is not ("DE" or "AT" or "CH" or "LI")) return plain;
        var street = country is "CH" or "LI" ? "strasse" : "straße";
        return Strasse().Replace(plain, m =>
        {
            var next = m.Index + m.Length;
            var joined = next < plain.Length && char.IsAsciiDigit(plain[next]);
            return (m.Value[0] == 'S' ? char.ToUpperInvariant(street[0]) + street[1..] : street) + (joined ? " " : "");
        });
    }

    [GeneratedRegex(@"^(ul\.?|ulica)\s+|^ul\.", RegexOptions.IgnoreCase)]
    private static partial Regex Ulica();

    [GeneratedRegex(@"([Ss]tr\.|[Ss]trasse\b|[Ss]traße\b|[Ss]tr\b)(?=$|\s|\d)")]
    private static partial Regex Strasse();

    /// <returns>Folded words with one blank between.</returns>
    public static string Of(string text)
    {
        var words = FoldedText.Of(text).Split([' ', '-', '.', ',', '/', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var kept = words.Select(Spelled).Where(w => w.Length > 0).ToArray();
        return string.Join(' ', kept.Length > 0 ? kept : words);
    }

    private static string Spelled(string word)
    {
        if (Kinds.TryGetValue(word, out var spelled)) return spelled;
        // Hauptstraße, Hauptstrasse and Hauptstr. are one street.
        if (word.EndsWith("strasse", StringComparison.Ordinal)) return word[..^4];
        return word;
    }
}
