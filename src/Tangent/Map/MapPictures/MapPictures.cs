using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>Maps as pictures and prints, in the reader's language.</summary>
internal sealed class MapPictures(MapImport import, IOptionsMonitor<MapOptions> limits, IOptionsMonitor<CompanyOptions> company, TimeProvider time, MeasuredEmotions measured)
{
    public const string SvgType = "image/svg+xml", PdfType = "application/pdf";

    /// <param name="map">The map.</param>
    /// <param name="seen">What of it is shown; null for all.</param>
    /// <param name="hidesHeard">For people of outside: neither what customers said is shown nor how they scored.</param>
    public SheetMap Of(JourneyMap map, MapContent? seen = null, bool hidesHeard = false) =>
        Of(map, import.Touchpoint, seen) with { Measured = hidesHeard ? new Dictionary<string, MeasuredEmotion>() : measured(MapContent.Read(map.Content)), HidesHeard = hidesHeard };

    /// <summary>Of a map that stands nowhere yet: nothing is measured at it.</summary>
    /// <param name="map">The map.</param>
    /// <param name="touchpoint">Name of a step's touchpoint; empty for none.</param>
    /// <param name="seen">What of it is shown; null for all.</param>
    public SheetMap Of(JourneyMap map, Func<MapStep, string> touchpoint, MapContent? seen = null) => new(
        map.Name, Web.Texts.T("Map.State." + map.State), seen ?? MapContent.Read(map.Content), touchpoint,
        company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime), limits.CurrentValue, new Dictionary<string, MeasuredEmotion>());
}
