namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Days, weeks or months of the company's time zone, without gaps.</summary>
    /// <param name="Days">First day of each.</param>
    /// <param name="Bounds">Where each begins and the last ends, in milliseconds since 1970 UTC: one more than there are.</param>
    /// <param name="LastMs">The last event of the filtered journeys.</param>
    private sealed record Periods(List<DateOnly> Days, long[] Bounds, long LastMs);

    /// <summary>The periods from the first event of the filtered journeys (or the filter's first day) to the last (or its last day); none where there are no events.</summary>
    private Periods PeriodsOf(string period, JourneyFilter filter, Scope scope, out Refusal? refusal)
    {
        refusal = null;
        if (new Engine.SpanQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter }.Ask(scope.View) is not { } span) return new Periods([], [], 0);
        var (first, last) = (filter.From ?? DayOf(span.FirstMs), filter.To ?? DayOf(span.LastMs));
        List<DateOnly> days = [];
        for (var day = Begin(period, first); day <= last && days.Count <= MostBuckets; day = Next(period, day)) days.Add(day);
        if (days.Count > MostBuckets) refusal = new Refusal("period", Web.Texts.T("Collect.Refusal.Buckets", days.Count));
        return new Periods(days, [.. days.Select(StartOf), StartOf(Next(period, days[^1]))], span.LastMs);
    }
}
