using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Web;

/// <summary>The one way to write numbers, shares, times and money, in the request's culture.</summary>
public static class Figures
{
    /// <summary>Under this many cases a figure is marked as too few.</summary>
    public const int Enough = 30;

    private const string Nothing = "–";

    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public static string Number(long value) => value.ToString("N0", Culture);

    /// <summary>A whole number with its sign, as a mark on a scale around 0.</summary>
    public static string WithSign(int value) => value.ToString("+0;−0;0", Culture);

    public static string WithSign(double value) => value.ToString("+0.0;−0.0;0", Culture);

    public static string Number(double value, int digits = 1) => double.IsFinite(value) ? value.ToString("N" + digits, CultureInfo.CurrentCulture) : Nothing;

    /// <summary>A count short enough for a tile or an axis: 12,345 stays, 1,234,567 becomes 1.23 M.</summary>
    public static string Compact(long value) => Math.Abs(value) switch
    {
        >= 1_000_000_000 => (value / 1e9).ToString("0.##", Culture) + T("Web.Figures.Billion"),
        >= 1_000_000 => (value / 1e6).ToString("0.##", Culture) + T("Web.Figures.Million"),
        _ => Number(value),
    };

    /// <param name="share">0 to 1.</param>
    /// <param name="digits">Digits after the decimal mark.</param>
    public static string Percent(double share, int digits = 1) =>
        double.IsFinite(share) ? (share * 100).ToString("N" + digits, Culture) + " %" : Nothing;

    public static string Percent(long part, long whole, int digits = 1) => whole == 0 ? Nothing : Percent((double)part / whole, digits);

    /// <summary>The two largest units: "3 d 4 h", "12 min 5 s".</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } value || !double.IsFinite(value)) return Nothing;
        var rounded = (long)Math.Round(Math.Abs(value));
        var (days, hours, minutes, rest) = (rounded / 86400, rounded / 3600 % 24, rounded / 60 % 60, rounded % 60);
        string Two(long large, string largeUnit, long small, string smallUnit) =>
            Number(large) + " " + T(largeUnit) + (small == 0 ? "" : " " + Number(small) + " " + T(smallUnit));
        return (value < 0 ? "−" : "") + (days, hours, minutes) switch
        {
            ( >= 100, _, _) => Number(days) + " " + T("Web.Figures.Days"),
            ( > 0, _, _) => Two(days, "Web.Figures.Days", hours, "Web.Figures.Hours"),
            (_, > 0, _) => Two(hours, "Web.Figures.Hours", minutes, "Web.Figures.Minutes"),
            (_, _, > 0) => Two(minutes, "Web.Figures.Minutes", rest, "Web.Figures.Seconds"),
            _ => Number(rest) + " " + T("Web.Figures.Seconds"),
        };
    }

    public static string Date(DateOnly day) => day.ToString(DatePattern, Culture);

    public static string Date(DateTime at) => at.ToString(DatePattern, Culture);

    public static string Time(DateTime at) => at.ToString("HH:mm", Culture);

    public static string Moment(DateTime at) => $"{Date(at)}, {Time(at)}";

    /// <param name="value">Amount.</param>
    /// <param name="currency">ISO code; empty where none is known.</param>
    public static string Money(double value, string currency) =>
        string.IsNullOrEmpty(currency) ? Number(value, 2) : $"{Number(value, 2)} {currency}";

    /// <summary>A sum for a tile: from a thousand on, what is behind the decimal mark says nothing.</summary>
    public static string Sum(double value, string currency) => $"{Number(value, Math.Abs(value) >= 1000 ? 0 : 2)} {currency}";

    private static string DatePattern => Culture.TwoLetterISOLanguageName == "de" ? "d. MMM yyyy" : "d MMM yyyy";
}
