using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>Maps as pictures and prints, in the reader's language.</summary>
internal sealed class MapPictures(MapImport import, IOptionsMonitor<MapOptions> limits, IOptionsMonitor<CompanyOptions> company, TimeProvider time, MeasuredEmotions measured)
{
    public const string SvgType = "image/svg+xml", PdfType = "application/pdf";

    /// <param name="map">The map.</param>
    /// <param name="hidesHeard">For people of outside: neither what customers said is shown nor how they scored.</param>
    public SheetMap Of(JourneyMap map, bool hidesHeard = false)
    {
        var content = MapContent.Read(map.Content);
        return new(
            map.Name, Web.Texts.T("Map.State." + map.State), content, import.Touchpoint, company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime), limits.CurrentValue,
            hidesHeard ? new Dictionary<string, MeasuredEmotion>() : measured(content), hidesHeard);
    }
}
