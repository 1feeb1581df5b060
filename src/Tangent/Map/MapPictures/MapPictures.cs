using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>Maps as pictures and prints, in the reader's language.</summary>
internal sealed class MapPictures(MapImport import, IOptionsMonitor<MapOptions> limits, IOptionsMonitor<CompanyOptions> company, TimeProvider time)
{
    public const string SvgType = "image/svg+xml", PdfType = "application/pdf";

    public SheetMap Of(JourneyMap map, bool hidesHeard = false) => Of(map, import.Touchpoint, hidesHeard);

    /// <param name="map">The map.</param>
    /// <param name="touchpoint">Name of a step's touchpoint; empty for none.</param>
    /// <param name="hidesHeard">What customers said is left out.</param>
    public SheetMap Of(JourneyMap map, Func<MapStep, string> touchpoint, bool hidesHeard = false) => new(
        map.Name, Web.Texts.T("Map.State." + map.State), MapContent.Read(map.Content), touchpoint,
        company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime), limits.CurrentValue, hidesHeard);
}
