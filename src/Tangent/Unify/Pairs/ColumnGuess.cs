using System.Text.RegularExpressions;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Finds out what a column holds by its header (English, German, Polish) and by what stands in it; the content decides where both speak.</summary>
internal static partial class ColumnGuess
{
    private const int FewValues = 40;

    /// <param name="header">The column's name.</param>
    /// <param name="values">Values that are not blank, a sample or all.</param>
    /// <param name="distinct">How many different values the whole column has.</param>
    /// <param name="filled">How many values of the whole column are not blank.</param>
    public static ColumnKind Of(string header, IReadOnlyList<string> values, int distinct, int filled)
    {
        if (values.Count == 0 || distinct < 2) return ColumnKind.Ignored;
        double Share(Func<string, bool> matches) => values.Count(matches) / (double)values.Count;
        var name = FoldedText.Of(header).Replace('_', ' ').Replace('-', ' ');
        if (Share(v => v.Contains('@')) > 0.5) return ColumnKind.Email;
        if (Share(v => DateValue.Of(v) != 0 || DateValue.Of(v, DateOrder.MonthFirst) != 0) > 0.6) return ColumnKind.Date;
        if (PhoneHeader().IsMatch(name) && Share(LooksLikePhone) > 0.5) return ColumnKind.Phone;
        var codes = Share(LooksLikeCode);
        // A key of rows tells rows apart, never persons: all its values are different.
        if (filled >= 20 && distinct == filled && codes > 0.8) return ColumnKind.Ignored;
        if (codes < 0.5)
        {
            if (GivenHeader().IsMatch(name)) return ColumnKind.GivenName;
            if (SurnameHeader().IsMatch(name)) return ColumnKind.Surname;
            if (NameHeader().IsMatch(name)) return ColumnKind.Name;
            if (AddressHeader().IsMatch(name)) return ColumnKind.Address;
        }

        if (Share(v => v.Length >= 8 && LooksLikePhone(v) && v.AsSpan().IndexOfAny("+ -/(") >= 0) > 0.6) return ColumnKind.Phone;
        if (distinct <= Math.Min(FewValues, filled / 10)) return ColumnKind.Category;
        return codes > 0.6 ? ColumnKind.Code : ColumnKind.Text;
    }

    private static bool LooksLikePhone(string text) =>
        text.Count(char.IsAsciiDigit) is >= 6 and <= 16 && text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '/' or '(' or ')' or '.');

    private static bool LooksLikeCode(string text) => text.Length <= 40 && !text.Contains(' ') && text.Count(char.IsAsciiDigit) * 2 >= text.Length;

    [GeneratedRegex(@"\b(phone|telephone|tel|telefon|mobile|mobil|handy|fax|komorka)\b|phone|telefon")]
    private static partial Regex PhoneHeader();

    [GeneratedRegex(@"\b(given|first|fore|christian|vor|middle) ?names?\b|\bvorname|\bimie\b|\bimiona\b|\bfname\b")]
    private static partial Regex GivenHeader();

    [GeneratedRegex(@"\b(sur|last|family|nach|familien) ?names?\b|\bnachname|\bfamilienname|\bnazwisko\b|\blname\b")]
    private static partial Regex SurnameHeader();

    [GeneratedRegex(@"^(full |customer |contact |person )?name$|^(kunde|kundenname|klient|imie i nazwisko)$")]
    private static partial Regex NameHeader();

    [GeneratedRegex(@"address|street|strasse|\bstr\b|adres|ulica|anschrift")]
    private static partial Regex AddressHeader();
}
