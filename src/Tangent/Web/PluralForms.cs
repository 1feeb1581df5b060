using System.Globalization;

namespace Tangent.Web;

/// <summary>
/// Chooses the form of a word that fits a number: a text says <c>{0} {0:customer|customers}</c>, in Polish <c>{0} {0:klient|klienci|klientów}</c>.
/// The rules are the CLDR's (Unicode, Language Plural Rules): English and German have one and other; Polish has one, few and many, and a
/// fourth form for fractions where it is given.
/// </summary>
internal sealed class PluralForms : IFormatProvider, ICustomFormatter
{
    public static readonly PluralForms OfRequest = new();

    public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : CultureInfo.CurrentCulture.GetFormat(formatType!);

    public string Format(string? format, object? arg, IFormatProvider? formatProvider)
    {
        if (format?.Contains('|', StringComparison.Ordinal) != true) return arg is IFormattable value ? value.ToString(format, CultureInfo.CurrentCulture) : arg?.ToString() ?? "";
        var forms = format.Split('|');
        return forms[Math.Min(Form(Amount(arg)), forms.Length - 1)];
    }

    /// <summary>Position of the form for an amount in the request's language; null is an amount that is not known exactly, such as "1.2 M".</summary>
    internal static int Form(decimal? amount)
    {
        var isPolish = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "pl";
        if (amount is not { } number) return isPolish ? 2 : 1;
        if (number != decimal.Truncate(number)) return isPolish ? 3 : 1;
        var whole = Math.Abs(number);
        if (whole == 1) return 0;
        return !isPolish ? 1 : whole % 10 is >= 2 and <= 4 && whole % 100 is not (>= 12 and <= 14) ? 1 : 2;
    }

    /// <summary>A number, or one that was written by <see cref="Figures.Number(long)"/> already.</summary>
    private static decimal? Amount(object? arg) => arg switch
    {
        string text => decimal.TryParse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.CurrentCulture, out var written) ? written : null,
        IConvertible number => Convert.ToDecimal(number, CultureInfo.InvariantCulture),
        _ => null,
    };
}
