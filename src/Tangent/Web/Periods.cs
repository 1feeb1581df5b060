namespace Tangent.Web;

/// <summary>A period that is chosen by one click.</summary>
/// <param name="Text">Key of its name.</param>
/// <param name="From">First day; null with <paramref name="To"/> for all time.</param>
public sealed record PeriodChoice(string Text, DateOnly? From, DateOnly? To);

/// <summary>The periods people ask for most. The address gets their days, so that a link sent to somebody keeps meaning the same.</summary>
internal static class Periods
{
    public static IReadOnlyList<PeriodChoice> Of(DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, (today.Month - 1) / 3 * 3 + 1, 1);
        return
        [
            new("Web.Period.Last7", today.AddDays(-6), today),
            new("Web.Period.Last30", today.AddDays(-29), today),
            new("Web.Period.Last90", today.AddDays(-89), today),
            new("Web.Period.ThisMonth", month, today),
            new("Web.Period.LastMonth", month.AddMonths(-1), month.AddDays(-1)),
            new("Web.Period.ThisQuarter", quarter, today),
            new("Web.Period.All", null, null),
        ];
    }
}
