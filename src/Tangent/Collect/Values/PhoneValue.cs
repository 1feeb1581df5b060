using System.Collections.Frozen;

namespace Tangent.Collect;

/// <summary>Telephone numbers in the international form of ITU-T E.164: + and at most 15 digits.</summary>
internal static class PhoneValue
{
    /// <summary>Calling code and trunk prefix (dialled inside the country only) by country; source: ITU-T E.164 assigned country codes and national numbering plans.</summary>
    private static readonly FrozenDictionary<string, (string Code, string Trunk)> Countries = new Dictionary<string, (string, string)>
    {
        ["DE"] = ("49", "0"),
        ["AT"] = ("43", "0"),
        ["CH"] = ("41", "0"),
        ["PL"] = ("48", ""),
        ["LI"] = ("423", ""),
        ["LU"] = ("352", ""),
        ["FR"] = ("33", "0"),
        ["IT"] = ("39", ""),
        ["ES"] = ("34", ""),
        ["PT"] = ("351", ""),
        ["NL"] = ("31", "0"),
        ["BE"] = ("32", "0"),
        ["GB"] = ("44", "0"),
        ["IE"] = ("353", "0"),
        ["DK"] = ("45", ""),
        ["SE"] = ("46", "0"),
        ["NO"] = ("47", ""),
        ["FI"] = ("358", "0"),
        ["CZ"] = ("420", ""),
        ["SK"] = ("421", "0"),
        ["HU"] = ("36", "06"),
        ["SI"] = ("386", "0"),
        ["HR"] = ("385", "0"),
        ["RO"] = ("40", "0"),
        ["UA"] = ("380", "0"),
        ["TR"] = ("90", "0"),
        ["US"] = ("1", "1"),
        ["CA"] = ("1", "1"),
        ["AU"] = ("61", "0"),
    }.ToFrozenDictionary();

    /// <summary>Lengths of whole national numbers (without trunk prefix) where the plan fixes them tightly.</summary>
    private static readonly FrozenDictionary<string, (int Least, int Most)> Lengths = new Dictionary<string, (int, int)>
    {
        ["DE"] = (5, 13),
        ["AT"] = (4, 13),
        ["CH"] = (9, 9),
        ["PL"] = (9, 9),
    }.ToFrozenDictionary();

    /// <param name="text">As written: with blanks, brackets, "(0)", a leading 00, + or trunk prefix, an extension.</param>
    /// <param name="country">ISO code of the country in which a number without calling code is meant.</param>
    /// <returns>The number as +49…; null where it cannot be one.</returns>
    public static string? Of(string text, string country)
    {
        var (code, trunk) = Countries.TryGetValue(country, out var known) ? known : ("", "");
        var body = WithoutExtension(text.AsSpan().Trim());
        var international = body.StartsWith("+") || body.StartsWith("00");
        // +49 (0)30 …: the trunk prefix in brackets is for callers inside the country.
        var written = international ? body.ToString().Replace("(0)", "", StringComparison.Ordinal) : body.ToString();
        if (written.Any(c => !char.IsAsciiDigit(c) && !IsSeparator(c))) return null;
        var digits = string.Concat(written.Where(char.IsAsciiDigit));
        if (written.StartsWith("00", StringComparison.Ordinal) && !written.StartsWith('+')) digits = digits[2..];
        else if (!international) return National(digits, country, code, trunk);
        var abroad = Countries.FirstOrDefault(c => digits.StartsWith(c.Value.Code, StringComparison.Ordinal));
        if (abroad.Key is not null && Lengths.ContainsKey(abroad.Key)) return National(digits[abroad.Value.Code.Length..], abroad.Key, abroad.Value.Code, abroad.Value.Trunk);
        return digits.Length is >= 7 and <= 15 ? "+" + digits : null;
    }

    private static string? National(string digits, string country, string code, string trunk)
    {
        if (code.Length == 0) return null;
        if (trunk.Length > 0 && digits.StartsWith(trunk, StringComparison.Ordinal)) digits = digits[trunk.Length..];
        // Exports leave the plus sign out: what is too long for the country, or long enough for a whole number behind its code, has the code.
        else if (digits.StartsWith(code, StringComparison.Ordinal) && Lengths.TryGetValue(country, out var whole) && digits.Length >= code.Length + Math.Max(9, whole.Least)) digits = digits[code.Length..];
        var (least, most) = Lengths.TryGetValue(country, out var lengths) ? lengths : (5, 14 - code.Length);
        return digits.Length >= least && digits.Length <= most && code.Length + digits.Length <= 15 ? $"+{code}{digits}" : null;
    }

    private static ReadOnlySpan<char> WithoutExtension(ReadOnlySpan<char> text)
    {
        foreach (var mark in (ReadOnlySpan<string>)["ext", "Ext", "Durchwahl", "wew", "x", "#"])
            if (text.IndexOf(mark, StringComparison.Ordinal) is > 5 and var at) text = text[..at];
        if (text.StartsWith("tel", StringComparison.OrdinalIgnoreCase)) text = text[3..].TrimStart(":. ");
        return text.Trim();
    }

    private static bool IsSeparator(char c) => c is ' ' or '\u00A0' or '-' or '–' or '/' or '.' or '(' or ')' or '+' or '\t';
}
