using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>A part of a customer's timeline.</summary>
/// <param name="Customer">Number of the customer.</param>
/// <param name="Day">The day that the part before ended with, whose heading stands already.</param>
/// <param name="Next">What the next part comes after; null where this is the last.</param>
/// <param name="Searched">Where not all events were gone through yet: down to when, UTC.</param>
public sealed record TimelineModel(int Customer, TimelineFilter Filter, IReadOnlyList<TimelineEvent> Events, DateOnly? Day, string? Next, DateTime? Searched, PageContext Page)
{
    internal static TimelineModel Of(int customer, TimelineFilter filter, TimelinePage part, PageContext page, DateOnly? day = null) =>
        new(customer, filter, part.Events, day, part.Next, part.Searched, page);

    /// <summary>Address of the next part.</summary>
    public string Address(string path)
    {
        var day = Events.Count > 0 ? DateOnly.FromDateTime(Page.Local(Events[^1].At)) : Day;
        return QueryHelpers.AddQueryString($"/unify/customers/{Customer}{path}", new Dictionary<string, string?>
        {
            ["after"] = Next,
            ["day"] = day?.ToString("O", CultureInfo.InvariantCulture),
            ["channel"] = Filled(Filter.Channel),
            ["touchpoint"] = Filled(Filter.Touchpoint),
            ["text"] = Filled(Filter.Text),
        }.Where(q => q.Value is not null));
    }

    private static string? Filled(string text) => text.Length > 0 ? text : null;
}

internal static class TimelinesEndpoints
{
    public const int EventsInAPart = 50;

    public static void MapTimelines(this WebApplication app)
    {
        var pages = app.MapGroup("/unify").LooksAtCustomer().ExcludeFromDescription();
        pages.MapGet("/customers/{number:int}/timeline", ShowPart);
        pages.MapGet("/events/{position:long}", ShowEvent);
        app.MapGet("/api/v1/unify/events/{position:long}", FindEvent).LooksAtCustomer().WithTags("Unify").WithSummary("One event as it was received.").Produces<object>(contentType: "application/json");
    }

    /// <param name="after">What the part comes after.</param>
    public static Paging Part(string? after) =>
        new(0, EventsInAPart, int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? after : null);

    private static IResult ShowPart(HttpContext http, CustomerTimeline timeline, int number, string? after, string? day)
    {
        var filter = TimelineFilter.Of(http);
        if (timeline.Page(number, filter, Part(after)) is not { } part) return TypedResults.NotFound();
        return http.Show<Timeline>(TimelineModel.Of(number, filter, part, http.Page(), DateOnly.TryParseExact(day, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) ? last : null));
    }

    private static IResult ShowEvent(HttpContext http, EventLog log, Sensitivity sensitivity, long position) =>
        log.Find(position) is { } json ? http.Show<EventFragment>(EventModel.Of(position, json, sensitivity.Now)) : TypedResults.NotFound();

    private static IResult FindEvent(EventLog log, long position) =>
        log.Find(position) is { } json ? TypedResults.Bytes(json, "application/json") : Problems.NotFound($"There is no event at position {position}.");
}
