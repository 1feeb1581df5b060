using System.Globalization;

namespace Tangent.Data;

/// <summary>The company that uses Tangent. Owners set it on the settings page; what stands in the configuration overrules them.</summary>
public sealed class CompanyOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Company";

    /// <summary>Name shown at the top of every page.</summary>
    public string Name { get; set; } = "";

    /// <summary>Time zone (IANA name) that days, weeks and times without an offset belong to.</summary>
    public string TimeZone { get; set; } = "Europe/Berlin";

    /// <summary>Currency (ISO 4217) in which sums over several currencies are shown.</summary>
    public string ReportingCurrency { get; set; } = "EUR";

    /// <summary>Worth of one unit of another currency in the reporting currency, for example <c>Company:Rates:PLN=0.23</c>. The built-in ones are converted where the reporting currency is not EUR; rates on the settings page take the place of all of them. A currency without a rate counts 1 : 1 only if it is the reporting currency, else 0.</summary>
    public Dictionary<string, double> Rates { get; } = new(StringComparer.OrdinalIgnoreCase) { ["PLN"] = 0.235, ["CHF"] = 1.05, ["USD"] = 0.88, ["GBP"] = 1.15 };

    /// <summary>Country whose national holidays are none of the company's working days: <c>DE</c>, <c>AT</c>, <c>CH</c>, <c>PL</c> or none.</summary>
    public string HolidayCountry { get; set; } = "";

    /// <summary>The company's own holidays, separated by commas: <c>2026-12-24</c> for one day, <c>12-24</c> for every year.</summary>
    public string Holidays { get; set; } = "";

    /// <summary>Working hours in the manner of OpenStreetMap: <c>Mo-Th 08:00-12:00,13:00-17:00; Fr 08:00-14:00</c>; <c>Mo-Su off</c> for none.</summary>
    public string Hours { get; set; } = "Mo-Fr 08:00-17:00";

    /// <summary>Country in which telephone numbers without calling code and streets are meant: that of the holidays, else the one the time zone is of.</summary>
    public string OwnCountry() => HolidayCountry.Length > 0 ? HolidayCountry : TimeZone switch
    {
        "Europe/Vienna" => "AT",
        "Europe/Zurich" => "CH",
        "Europe/Warsaw" => "PL",
        _ => "DE",
    };

    /// <summary>The time zone; that it is known is checked.</summary>
    public TimeZoneInfo Zone() => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>Rates as people write them: <c>CHF=1.05, PLN=0.235</c>.</summary>
    public static string Write(IReadOnlyDictionary<string, double> rates) =>
        string.Join(", ", rates.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key}={r.Value:0.####################}")));

    /// <returns>Null where something is not a currency and a number of 0 or more.</returns>
    public static Dictionary<string, double>? ReadRates(string text)
    {
        var rates = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (sides is not [{ Length: 3 } currency, var number] || !currency.All(char.IsAsciiLetter)
                || !double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var rate) || !double.IsFinite(rate)) return null;
            rates[currency.ToUpperInvariant()] = rate;
        }

        return rates;
    }

    /// <summary>Rates as they are when another currency is the reporting one.</summary>
    /// <returns>Null where the rates do not say what it is worth.</returns>
    public static Dictionary<string, double>? Convert(IReadOnlyDictionary<string, double> rates, string had, string gets)
    {
        var converted = new Dictionary<string, double>(rates, StringComparer.OrdinalIgnoreCase);
        if (string.Equals(had, gets, StringComparison.OrdinalIgnoreCase)) return converted;
        if (!converted.Remove(gets, out var worth) || worth <= 0) return null;
        foreach (var (currency, rate) in rates.Where(r => converted.ContainsKey(r.Key))) converted[currency] = Digits(rate / worth);
        converted[had] = Digits(1 / worth);
        return converted;
    }

    /// <summary>The rates that hold: those given as one text, or the built-in ones; then those that are given one by one.</summary>
    public static Dictionary<string, double> RatesOf(IConfiguration configuration)
    {
        var (company, builtIn) = (configuration.GetSection(Section), new CompanyOptions());
        var rates = ReadRates(company[nameof(Rates)] ?? "") is { Count: > 0 } given ? given
            : Convert(builtIn.Rates, builtIn.ReportingCurrency, company[nameof(ReportingCurrency)] ?? builtIn.ReportingCurrency) ?? new(StringComparer.OrdinalIgnoreCase);
        foreach (var own in company.GetSection(nameof(Rates)).GetChildren())
            if (double.TryParse(own.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)) rates[own.Key] = rate;
        return rates;
    }

    /// <summary>Binding only adds to the built-in rates; this takes what holds instead.</summary>
    public void TakeRates(IConfiguration configuration)
    {
        Rates.Clear();
        foreach (var (currency, rate) in RatesOf(configuration)) Rates[currency] = rate;
    }

    /// <summary>As many as lead there and back to the same number.</summary>
    private static double Digits(double rate) => double.Parse(rate.ToString("G9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
