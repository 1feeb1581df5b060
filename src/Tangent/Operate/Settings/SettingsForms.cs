using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Operate;

/// <param name="Field">Key of the setting, or <c>logo</c>.</param>
public sealed record SettingRefused(string Field, string Detail);

/// <param name="Refusal">Null where the mail server took it.</param>
public sealed record TestLetterShown(string To, string? Refusal);

/// <param name="Value">What the field shows: what was entered, else what holds.</param>
public sealed record SettingField(string Key, string Value, string Default, bool IsSecret, bool IsSet, bool IsFixed, string? Problem)
{
    public string Id => Key.Replace(':', '-').ToLowerInvariant();

    public string Label => T("Operate.Setting." + Key.Replace(':', '.'));
}

/// <summary>What the settings page shows.</summary>
/// <param name="Hours">Working hours of the seven days, Monday first.</param>
/// <param name="Holidays">The next ones.</param>
public sealed record SettingsModel(
    IReadOnlyDictionary<string, SettingField> Fields, IReadOnlyList<(string Day, string Spans)> Hours, IReadOnlyList<(DateOnly Day, string Name)> Holidays,
    IReadOnlyList<string> TimeZones, IReadOnlyList<string> Currencies, string? Logo, SettingRefused? Refused, bool Saved, TestLetterShown? Test)
{
    public SettingField this[string key] => Fields[key];
}

/// <summary>Between the settings and the fields of their page.</summary>
internal sealed class SettingsForms(Settings settings, IOptionsMonitor<CompanyOptions> company, CompanyLogo logo, TimeProvider time)
{
    private const string HoursField = "hours";
    private const int NextHolidays = 8;

    private static readonly DayOfWeek[] Week = [.. Enum.GetValues<DayOfWeek>()[1..], DayOfWeek.Sunday];

    private static readonly Lazy<IReadOnlyList<string>> Zones = new(() =>
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

    /// <param name="refused">What was wrong.</param>
    /// <param name="form">What was entered then.</param>
    public SettingsModel Model(SettingRefused? refused = null, IFormCollection? form = null, bool saved = false, TestLetterShown? test = null)
    {
        var entered = form is null ? null : Entered(form);
        var fields = settings.All().ToDictionary(s => s.Key, s => new SettingField(
            s.Key, s.IsSecret ? "" : entered?.GetValueOrDefault(s.Key) ?? s.Value, s.Default, s.IsSecret, s.IsSet, s.IsFixed, refused?.Field == s.Key ? refused.Detail : null));
        return new SettingsModel(fields, Hours(form is not null && form.TryGetValue(HoursField, out var hours) ? hours : (StringValues?)null), Upcoming(), Zones.Value, CompanySettings.CurrencyCodes, logo.Address, refused, saved, test);
    }

    /// <summary>What the form says, without fields that are fixed and without a secret that was left empty (which keeps the one there is).</summary>
    public static Dictionary<string, string?> Changes(IFormCollection form, Settings settings)
    {
        var entered = Entered(form);
        return settings.All().Where(s => !s.IsFixed && entered.ContainsKey(s.Key) && !(s.IsSecret && entered[s.Key].Length == 0))
            .ToDictionary(s => s.Key, s => (string?)entered[s.Key]);
    }

    public static Dictionary<string, string> Entered(IFormCollection form)
    {
        var entered = form.Where(f => f.Key.Contains(':', StringComparison.Ordinal)).ToDictionary(f => f.Key, f => f.Value.ToString().ReplaceLineEndings(", "), StringComparer.OrdinalIgnoreCase);
        if (form.TryGetValue(HoursField, out var hours)) entered["Company:Hours"] = WorkingHours.Write([.. hours.Select(s => s ?? "")]);
        return entered;
    }

    /// <param name="entered">Word for word what was entered for each day, so that the page shows what cannot be read; null where nothing was.</param>
    private List<(string Day, string Spans)> Hours(StringValues? entered)
    {
        var hours = WorkingHours.Read(company.CurrentValue.Hours);
        return [.. Week.Select((day, i) => (CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName(day), entered is { } words ? words.ElementAtOrDefault(i) ?? "" : hours.Text(day)))];
    }

    private List<(DateOnly Day, string Name)> Upcoming()
    {
        var today = company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime);
        var calendar = new BusinessCalendar(company.CurrentValue);
        return [.. calendar.HolidaysOf(today.Year).Concat(calendar.HolidaysOf(today.Year + 1)).Where(h => h.Day >= today).Take(NextHolidays).Select(h => (h.Day, SettingsEndpoints.HolidayName(h)))];
    }
}
