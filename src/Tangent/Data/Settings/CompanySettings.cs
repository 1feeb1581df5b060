using System.Globalization;
using Microsoft.Extensions.Options;
using static Tangent.Web.Texts;

namespace Tangent.Data;

/// <summary>What an owner can set of the company.</summary>
internal static class CompanySettings
{
    public const string Rates = "Company:Rates";
    private const string Currency = "Company:ReportingCurrency";
    private const int LongestName = 80;
    private static readonly CompanyOptions Defaults = new();

    private static readonly Lazy<HashSet<string>> Currencies = new(() =>
        [.. CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(c => new RegionInfo(c.Name).ISOCurrencySymbol).Where(c => c.Length == 3)]);

    public static IReadOnlyList<string> CurrencyCodes => [.. Currencies.Value.Order(StringComparer.Ordinal)];

    public static IEnumerable<Setting> All =>
    [
        new("Company:Name", "", (v, _) => IsName(v) ? null : T("Operate.Problem.Name", LongestName)),
        new("Company:TimeZone", Defaults.TimeZone, (v, _) => IsTimeZone(v) ? null : T("Operate.Problem.TimeZone", Cut(v))),
        new(Currency, Defaults.ReportingCurrency, (v, _) => IsCurrency(v) ? null : T("Operate.Problem.Currency", Cut(v))) { Entails = NewRates },
        new(Rates, CompanyOptions.Write(Defaults.Rates), (v, _) => CompanyOptions.ReadRates(v) is null ? T("Operate.Problem.Rates") : null)
        {
            Gather = c => CompanyOptions.Write(CompanyOptions.RatesOf(c)),
        },
        new("Company:HolidayCountry", "", (v, _) => IsCountry(v) ? null : T("Operate.Problem.Country", Cut(v))),
        new("Company:Holidays", "", (v, _) => OwnHolidays.Read(v).Wrong is { } wrong ? T("Operate.Problem.Holidays", Cut(wrong)) : null),
        new("Company:Hours", Defaults.Hours, (v, _) => WorkingHours.Read(v).Wrong is { } wrong ? T("Operate.Problem.Hours", Cut(wrong)) : null),
    ];

    /// <summary>What the settings page refuses keeps the server from starting, too, where its own configuration says it.</summary>
    public static OptionsBuilder<CompanyOptions> Check(this OptionsBuilder<CompanyOptions> options) => options
        .Validate(o => IsName(o.Name), $"Company:Name has more than {LongestName} characters or more than one line.")
        .Validate(o => IsTimeZone(o.TimeZone), "Company:TimeZone is not a known time zone. Use an IANA name such as Europe/Vienna.")
        .Validate(o => IsCurrency(o.ReportingCurrency), "Company:ReportingCurrency is not a currency. Use a code of three letters such as EUR.")
        .Validate<IConfiguration>((o, c) => CompanyOptions.ReadRates(c[Rates] ?? "") is not null && o.Rates.Values.All(r => double.IsFinite(r) && r >= 0), "Company:Rates holds a rate that is not a number of 0 or more.")
        .Validate(o => IsCountry(o.HolidayCountry), "Company:HolidayCountry is none of DE, AT, CH, PL.")
        .Validate(o => OwnHolidays.Read(o.Holidays).Wrong is null, "Company:Holidays cannot be read. Use for example 2026-12-24, 12-31.")
        .Validate(o => WorkingHours.Read(o.Hours).Wrong is null, "Company:Hours cannot be read. Use for example Mo-Fr 08:00-12:00,13:00-17:00.");

    private static bool IsName(string name) => name.Length <= LongestName && !name.Any(char.IsControl);

    private static bool IsTimeZone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    private static bool IsCurrency(string code) => Currencies.Value.Contains(code);

    private static bool IsCountry(string code) => code.Length == 0 || Holidays.Countries.Contains(code, StringComparer.Ordinal);

    /// <summary>Rates are the worth in the reporting currency: when that changes, so does every one of them.</summary>
    private static SettingRefusal? NewRates(SettingChanges changes)
    {
        var (had, gets) = (changes.Had(Currency), changes.Gets(Currency));
        if (gets == had || !IsCurrency(gets) || CompanyOptions.ReadRates(changes.Gets(Rates)) is not { } rates) return null;
        // Given with it they are those in the new currency, unless they say what one of it is worth.
        if (changes.IsGiven(Rates) && rates.GetValueOrDefault(gets, 1) == 1) return null;
        if (CompanyOptions.Convert(rates, changes.IsReset(Rates) ? Defaults.ReportingCurrency : had, gets) is not { } converted)
            return new SettingRefusal(Rates, T("Operate.Problem.NoRate", gets, had));
        changes.Want(Rates, CompanyOptions.Write(converted));
        return null;
    }

    private static string Cut(string value) => value.Length <= 60 ? value : value[..60] + " …";
}
