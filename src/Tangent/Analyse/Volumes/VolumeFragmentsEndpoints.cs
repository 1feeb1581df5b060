using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>What pages of earlier stages show of a touchpoint's volume, loaded by its address.</summary>
internal static class VolumeFragmentsEndpoints
{
    public static void MapVolumeFragments(this WebApplication app)
    {
        var fragments = app.MapGroup("/analyse/volumes").ExcludeFromDescription();
        fragments.MapGet("/sparks", Sparks);
        fragments.MapGet("/touchpoint", Touchpoint);
    }

    private static RazorComponentResult<PageHost> Sparks(HttpContext http, JourneyStore journeys) =>
        http.Show<VolumeSparks>(Weekly(journeys));

    private static RazorComponentResult<PageHost> Touchpoint(HttpContext http, JourneyStore journeys, string touchpoint)
    {
        var answer = Weekly(journeys);
        var volume = answer.Items.FirstOrDefault(i => i.Name == touchpoint)
            ?? new TouchpointVolume(touchpoint, null, 0, 0, 0, default, default, [], []);
        return http.Show<TouchpointVolumePanel>(new TouchpointVolumeModel(answer, volume));
    }

    /// <summary>Without any event there are no volumes; that is not an error here.</summary>
    private static TouchpointsAnswer Weekly(JourneyStore journeys) =>
        journeys.Ask(new TouchpointsQuestion("week", JourneyFilter.None)).Answer ?? new TouchpointsAnswer(0, 0, [], []);
}

public sealed record TouchpointVolumeModel(TouchpointsAnswer All, TouchpointVolume Volume)
{
    public ChartData Chart => new SeriesChart(
        "line", [.. All.Buckets.Select(b => b.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))],
        [new Series(Volume.Name, [.. Volume.EventSeries.Select(v => (double)v)])], Texts.T("Analyse.Volume.EventsUnit"));
}
