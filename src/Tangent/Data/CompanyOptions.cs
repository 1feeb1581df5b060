namespace Tangent.Data;

/// <summary>The company that uses Tangent.</summary>
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

    /// <summary>Worth of one unit of another currency in the reporting currency, for example <c>Company:Rates:PLN=0.23</c>. A currency without a rate counts 1 : 1 only if it is the reporting currency, else 0.</summary>
    public Dictionary<string, double> Rates { get; } = new(StringComparer.OrdinalIgnoreCase) { ["PLN"] = 0.235, ["CHF"] = 1.05, ["USD"] = 0.88, ["GBP"] = 1.15 };

    /// <summary>The time zone; that it is known is checked at start.</summary>
    public TimeZoneInfo Zone() => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}
