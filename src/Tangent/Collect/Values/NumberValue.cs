using System.Globalization;

namespace Tangent.Collect;

/// <summary>Numbers as people write them: 1.234,56 and 1,234.56 alike, with a currency or unit around them.</summary>
internal static class NumberValue
{
    /// <returns>The number in invariant form, or empty where the text is none.</returns>
    public static string Of(string text)
    {
        var digits = text.AsSpan().Trim().TrimStart("€$£").TrimEnd("€$£%").Trim();
        Span<char> number = stackalloc char[64];
        var length = 0;
        var last = digits.LastIndexOfAny('.', ',');
        for (var i = 0; i < digits.Length; i++)
        {
            var c = digits[i];
            if (length == number.Length) return "";
            if (char.IsAsciiDigit(c) || (i == 0 && c is '-' or '+')) number[length++] = c;
            else if (i == last && IsDecimal(digits, last)) number[length++] = '.';
            else if (c is not ('.' or ',' or ' ' or '\'' or '’' or '\u00A0' or '\u202F')) return "";
        }

        return double.TryParse(number[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
    }

    /// <summary>A separator that occurs once and has three digits behind it and up to three before it groups thousands.</summary>
    private static bool IsDecimal(ReadOnlySpan<char> text, int at)
    {
        var separator = text[at];
        if (text[..at].Contains(separator)) return false;
        if (text[..at].IndexOfAny('.', ',') >= 0) return true;
        var before = text[..at].TrimStart("+-");
        return text.Length - at - 1 != 3 || before.Length is 0 or > 3 || before[0] == '0';
    }
}
