namespace Tangent.Access;

/// <summary>What is left of a personal value for who may not see it: enough to tell two apart at a glance, too little to reach or to find anybody.</summary>
internal static class Masks
{
    public const string Hidden = "…";

    /// <summary><c>anna.muster@example.org</c> as <c>a…@example.org</c>.</summary>
    public static string Email(string text) => text.LastIndexOf('@') is > 0 and var at ? text[0] + Hidden + text[at..] : Hidden;

    /// <summary><c>+49 30 1234567</c> as <c>+49 … 67</c>; a number without its calling code as <c>… 67</c>.</summary>
    public static string Phone(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length < 6) return Hidden;
        return text.TrimStart().StartsWith('+') ? $"+{digits[..2]} {Hidden} {digits[^2..]}" : $"{Hidden} {digits[^2..]}";
    }
}
