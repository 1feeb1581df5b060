namespace Tangent.Map;

/// <summary>The evidence of a card as quotes come to it and go again: its day is the latest of what stands.</summary>
internal static class QuotedEvidence
{
    /// <summary>The day that a card has apart from its quotes; that of nothing where it has none.</summary>
    /// <param name="evidence">Of the card as it is.</param>
    /// <param name="quotes">What it stands on.</param>
    public static DateOnly DateBefore(Evidence evidence, IReadOnlyList<MapQuote> quotes) =>
        Known(quotes) is { } known && Latest(known, quotes) == (evidence.Date ?? default) ? known : evidence.Date ?? default;

    /// <summary>As it is without some of its quotes. A day that somebody has entered since stays.</summary>
    public static Evidence Without(Evidence evidence, IReadOnlyList<MapQuote> gone, IReadOnlyList<MapQuote> left)
    {
        var (now, known) = (evidence.HeardFrom(-gone.Sum(q => q.People), null), Known([.. gone, .. left]));
        var isTheirs = Latest(known ?? default, [.. gone, .. left]) == (evidence.Date ?? default);
        if (!isTheirs || (known is null && left.Count == 0)) return now;
        var date = Latest(known ?? default, left);
        return now with { Date = date == default ? null : date };
    }

    /// <summary>What the quote that came last knows of the card's own day.</summary>
    private static DateOnly? Known(IReadOnlyList<MapQuote> quotes) => quotes.MaxBy(q => q.Id)?.DateBefore;

    private static DateOnly Latest(DateOnly own, IReadOnlyList<MapQuote> quotes) => quotes.Select(q => DateOnly.FromDateTime(q.AtUtc)).Append(own).Max();
}
