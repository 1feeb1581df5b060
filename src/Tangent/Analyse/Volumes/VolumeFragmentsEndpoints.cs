using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
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
        fragments.MapGet("/persona", Persona);
    }

    private static RazorComponentResult<PageHost> Sparks(HttpContext http, JourneyStore journeys) =>
        http.Show<VolumeSparks>(Weekly(journeys));

    /// <summary>What the persona in the filter does.</summary>
    private static IResult Persona(HttpContext http, JourneyStore journeys, TouchpointCatalogue catalogue) =>
        LiveMapAddress.ReadFilter(http.Request.Query).Then(filter => PersonaHabits.Of(journeys, catalogue, filter)).Answer is { Customers: > 0 } habits ? http.Show<PersonaHabitsView>(habits) : TypedResults.NoContent();

    private static IResult Touchpoint(HttpContext http, JourneyStore journeys, string touchpoint, string? bucket)
    {
        if (LiveMapAddress.ReadFilter(http.Request.Query).Answer is not { } said) return TypedResults.NoContent();
        var chosen = TouchpointVolumeModel.Buckets.Contains(bucket) ? bucket! : "week";
        // The touchpoint is the one that is shown, among all others.
        var filter = said with { Touchpoints = [] };
        var answer = Volumes(journeys, filter, ref chosen);
        var volume = answer.Items.FirstOrDefault(i => i.Name == touchpoint)
            ?? new TouchpointVolume(touchpoint, null, 0, 0, 0, 0, 1, 0, default, default, [], []);
        return http.Show<TouchpointVolumePanel>(new TouchpointVolumeModel(answer, volume, chosen, filter));
    }

    /// <summary>Without any event there are no volumes; that is not an error here.</summary>
    private static TouchpointsAnswer Weekly(JourneyStore journeys)
    {
        var week = "week";
        return Volumes(journeys, JourneyFilter.None, ref week);
    }

    /// <summary>Days of many years are more than a chart can show; then it shows months.</summary>
    private static TouchpointsAnswer Volumes(JourneyStore journeys, JourneyFilter filter, ref string bucket)
    {
        if (journeys.Ask(new TouchpointsQuestion(bucket, filter)).Answer is { } answer) return answer;
        bucket = "month";
        return journeys.Ask(new TouchpointsQuestion(bucket, filter)).Answer ?? new TouchpointsAnswer(0, 0, [], []);
    }
}

/// <param name="Bucket">What a point of the series is: <c>day</c>, <c>week</c> or <c>month</c>.</param>
public sealed record TouchpointVolumeModel(TouchpointsAnswer All, TouchpointVolume Volume, string Bucket, JourneyFilter Filter)
{
    public static readonly IReadOnlyList<string?> Buckets = ["day", "week", "month"];

    public ChartData Chart => new SeriesChart(
        "line", [.. All.Buckets.Select(b => b.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))],
        [new Series(Volume.Name, [.. Volume.EventSeries.Select(v => (double)v)], null, [.. All.Buckets.Select(Href)])], Texts.T("Analyse.Volume.EventsUnit"));

    /// <summary>The customers who were there in the days of a point.</summary>
    public string Href(DateOnly first)
    {
        var last = Bucket switch { "week" => first.AddDays(6), "month" => first.AddMonths(1).AddDays(-1), _ => first };
        return VolumesAddress.Behind(new TouchpointsQuestion(null, Filter with { From = first < Filter.From ? Filter.From : first, To = last > Filter.To ? Filter.To : last }), new TouchpointPick(Volume.Name)).ToString();
    }
}
