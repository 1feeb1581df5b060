namespace Tangent.Collect;

/// <summary>Journeys that stand still at a touchpoint longer than is usual there.</summary>
/// <param name="Percentile">Up to this percentile of the time to the next event a wait is usual, 50 to 99.</param>
/// <param name="AsOf">Waits are measured to the end of this day; null for the end of the filter's period, or the latest event of all where that is earlier.</param>
/// <param name="Exclude">Touchpoints left out of the list: natural ends such as a delivery.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record StalledQuestion(int Percentile, DateOnly? AsOf, IReadOnlyList<string> Exclude, JourneyFilter Filter)
{
    public const int UsualPercentile = 90;
    public const int LeastPercentile = 50;
    public const int MostPercentile = 99;
}

/// <param name="Customers">Customers with any event in the filter; each waits at one touchpoint.</param>
/// <param name="Stalled">Customers who wait longer than usual, at the touchpoints listed.</param>
/// <param name="AsOf">The moment waits are measured to, UTC; null where there are no events.</param>
/// <param name="Items">Touchpoints with events, those with the most stalled customers first.</param>
public sealed record StalledAnswer(long Customers, long Stalled, DateTime? AsOf, IReadOnlyList<StalledTouchpoint> Items);

/// <param name="Name">The touchpoint.</param>
/// <param name="Visits">Events there, each of which begins a wait.</param>
/// <param name="WentOn">Those after which another event came.</param>
/// <param name="EndShare">Estimated share of visits after which the journey never goes on, 0 to 1: a natural end, or lost.</param>
/// <param name="UsualSeconds">Up to this long is usual among those who go on; null where nobody ever did.</param>
/// <param name="Waiting">Customers whose last event is there.</param>
/// <param name="Stalled">Those of them who have waited longer than usual.</param>
/// <param name="Share">Stalled ÷ waiting; null where nobody waits.</param>
/// <param name="Low">Lower end of the share's 95 % interval (Wilson).</param>
/// <param name="High">Upper end of the share's 95 % interval.</param>
/// <param name="MedianWaitSeconds">Median time that the stalled ones have waited so far; null where there are none.</param>
public sealed record StalledTouchpoint(
    string Name, long Visits, long WentOn, double EndShare, double? UsualSeconds,
    long Waiting, long Stalled, double? Share, double? Low, double? High, double? MedianWaitSeconds);

/// <summary>The customers whose last event is at the touchpoint (null: at any that is not left out); or only those of them who have waited longer than usual.</summary>
public sealed record StalledPick(string? Touchpoint, bool Stalled);
