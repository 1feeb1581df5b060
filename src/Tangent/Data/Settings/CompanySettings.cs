using System.Globalization;
using static Tangent.Web.Texts;

namespace Tangent.Data;

/// <summary>What an owner can set of the company.</summary>
internal static class CompanySettings
{
    private const int LongestName = 80;
    private static readonly CompanyOptions Defaults = new();

    private static readonly Lazy<HashSet<string>> Currencies = new(() =>
        [.. CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(c => new RegionInfo(c.Name).ISOCurrencySymbol).Where(c => c.Length == 3)]);

    public static IReadOnlyList<string> CurrencyCodes => [.. Currencies.Value.Order(StringComparer.Ordinal)];

    public static IEnumerable<Setting> All =>
    [
        new("Company:Name", "", (v, _) => v.Length <= LongestName && !v.Any(char.IsControl) ? null : T("Operate.Problem.Name", LongestName)),
        new("Company:TimeZone", Defaults.TimeZone, (v, _) => v.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(v, out var _) ? null : T("Operate.Problem.TimeZone", Cut(v))),
        new("Company:ReportingCurrency", Defaults.ReportingCurrency, (v, _) => Currencies.Value.Contains(v) ? null : T("Operate.Problem.Currency", Cut(v))) { Entails = NewRates },
        new("Company:Rates", CompanyOptions.Write(Defaults.Rates), (v, _) => CompanyOptions.ReadRates(v) is null ? T("Operate.Problem.Rates") : null)
        {
            Spread = v => CompanyOptions.ReadRates(v)!.Select(r => KeyValuePair.Create($"Company:Rates:{r.Key}", Text(r.Value))),
            Gather = c => CompanyOptions.Write(c.GetSection(CompanyOptions.Section).Get<CompanyOptions>()?.Rates ?? Defaults.Rates),
        },
        new("Company:HolidayCountry", "", (v, _) => v.Length == 0 || Holidays.Countries.Contains(v, StringComparer.Ordinal) ? null : T("Operate.Problem.Country", Cut(v))),
        new("Company:Holidays", "", (v, _) => OwnHolidays.Read(v).Wrong is { } wrong ? T("Operate.Problem.Holidays", Cut(wrong)) : null),
        new("Company:Hours", Defaults.Hours, (v, _) => WorkingHours.Read(v).Wrong is { } wrong ? T("Operate.Problem.Hours", Cut(wrong)) : null),
    ];

    /// <summary>Rates are the worth in the reporting currency: when that changes, so does every one of them.</summary>
    private static IEnumerable<KeyValuePair<string, string>> NewRates(string had, string gets, Func<string, string> of)
    {
        var rates = CompanyOptions.ReadRates(of("Company:Rates")) ?? [];
        if (!rates.TryGetValue(gets, out var worth) || worth <= 0) yield break;
        var scaled = rates.Where(r => r.Key != gets).Append(KeyValuePair.Create(had, 1d)).ToDictionary(r => r.Key, r => Math.Round(r.Value / worth, 6));
        yield return KeyValuePair.Create("Company:Rates", CompanyOptions.Write(scaled));
    }

    private static string Text(double rate) => rate.ToString(CultureInfo.InvariantCulture);

    private static string Cut(string value) => value.Length <= 60 ? value : value[..60] + " …";
}
