namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Days, weeks or months of the company's time zone, without gaps.</summary>
    /// <param name="Days">First day of each.</param>
    /// <param name="Bounds">Where each begins and the last ends, in milliseconds since 1970 UTC: one more than there are.</param>
    /// <param name="EndMs">Up to when events are known.</param>
    private sealed record Periods(List<DateOnly> Days, long[] Bounds, long EndMs)
    {
        /// <summary>The period, and so long after it, is not over yet where the known events end.</summary>
        public bool IsOpen(int period, long laterMs = 0) => Bounds[period + 1] - 1 + laterMs > EndMs;
    }

    /// <summary>The periods from the first event of the filtered journeys (or the filter's first day) to where the known events end (or the filter's last day); none where there are no events.</summary>
    private Periods PeriodsOf(string period, JourneyFilter filter, Scope scope, out Refusal? refusal)
    {
        refusal = null;
        if (new Engine.SpanQuestion { TouchpointOfSignature = scope.OfSignature, Filter = scope.Filter }.Ask(scope.View) is not { } span) return new Periods([], [0, 1], 0);
        var endMs = EndOf(filter, scope);
        var (first, last) = (filter.From ?? DayOf(span.FirstMs), filter.To ?? DayOf(endMs));
        List<DateOnly> days = [];
        for (var day = Begin(period, first); day <= last && days.Count <= MostBuckets; day = Next(period, day)) days.Add(day);
        if (days.Count > MostBuckets) refusal = new Refusal("period", Web.Texts.T("Collect.Refusal.Buckets", days.Count));
        return new Periods(days, [.. days.Select(StartOf), StartOf(Next(period, days[^1]))], endMs);
    }

    /// <summary>Up to when events are known: the last event of all, whatever the filter, or the end of the filter's last day where that is earlier.</summary>
    private long EndOf(JourneyFilter filter, Scope scope)
    {
        // The journeys of accounts end where their members' last event is, which may be long before what is known.
        var last = LatestMs(scope.Accounts is null ? scope : All()) ?? 0;
        return filter.To is { } to ? Math.Min(last, StartOf(to.AddDays(1)) - 1) : last;
    }

    /// <summary>The last event, but never later than now: of what is dated ahead, as a meeting, it does not follow that all until then is known.</summary>
    /// <returns>Null where there are no events.</returns>
    private static long? LatestMs(Scope scope) =>
        new Engine.SpanQuestion { TouchpointOfSignature = scope.OfSignature }.Ask(scope.View) is { } span ? Math.Min(span.LastMs, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) : null;
}
