using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>Journey maps.</summary>
public sealed class MapOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Maps";

    private const string Ageing = Section + ":" + nameof(AgeingAfterMonths), Old = Section + ":" + nameof(OldAfterMonths);
    private const int MostAgeing = 120, MostOld = 240;

    /// <summary>After so many months evidence should be looked at again.</summary>
    [Range(1, MostAgeing)]
    public int AgeingAfterMonths { get; set; } = 6;

    /// <summary>After so many months evidence is old.</summary>
    [Range(1, MostOld)]
    public int OldAfterMonths { get; set; } = 12;

    /// <summary>What owners may set while the program runs.</summary>
    internal static IEnumerable<Setting> Settings()
    {
        var defaults = new MapOptions();
        return
        [
            new(Ageing, Text(defaults.AgeingAfterMonths), (v, of) => Problem(v, MostAgeing) ?? (Months(of(Old)) < Months(v) ? T("Map.Evidence.MonthsOrder") : null)),
            new(Old, Text(defaults.OldAfterMonths), (v, of) => Problem(v, MostOld) ?? (Months(v) < Months(of(Ageing)) ? T("Map.Evidence.MonthsOrder") : null)),
        ];
    }

    private static string? Problem(string value, int most) => Months(value) is >= 1 and var months && months <= most ? null : T("Map.Evidence.MonthsWrong", most);

    private static int? Months(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var months) ? months : null;

    private static string Text(int months) => months.ToString(CultureInfo.InvariantCulture);
}
