using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Analyse;

public sealed record OverviewModel(Around Around, int Days, OverviewReport? Report);

/// <param name="Period">The days looked at.</param>
/// <param name="Before">As many days right before; null where the data begin later than that.</param>
/// <param name="CustomersHref">Address of the customers of the period.</param>
/// <param name="LastEvent">Time of the latest event, in the company's time zone.</param>
public sealed record OverviewReport(
    Period Period, Period? Before, Change Events, Change Customers, string CustomersHref, DateTime LastEvent, double SecondsSinceLast,
    SeriesChart Trend, IReadOnlyList<TouchpointChange> Touchpoints, Losses? Losses, Unmapped Unmapped);

public readonly record struct Period(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>As many days right before these.</summary>
    public Period Preceding() => new(From.AddDays(-Days), From.AddDays(-1));
}

/// <param name="Customers">Customers in the period, with the address of their list.</param>
/// <param name="CustomersBefore">Those of the period before; null where there is nothing to compare with.</param>
public sealed record TouchpointChange(Mark Touchpoint, Change Events, Change Reach, Count Customers, Count? CustomersBefore);

/// <summary>Where customers go no further, in the funnel that is shown first.</summary>
/// <param name="Funnel">Address of the funnel.</param>
/// <param name="Steps">From step to step, in order.</param>
/// <param name="Worst">Position in <paramref name="Steps"/> of the largest share lost, among those with enough customers; null where none has.</param>
public sealed record Losses(string Funnel, double WindowSeconds, IReadOnlyList<Loss> Steps, int? Worst);

/// <param name="Reached">Customers who were at <paramref name="From"/>.</param>
/// <param name="Lost">Those of them who did not reach <paramref name="To"/>.</param>
public sealed record Loss(Mark From, Mark To, Count Reached, Count Lost);

/// <param name="Signatures">Signatures that no rule maps.</param>
/// <param name="Events">Their events.</param>
/// <param name="AllEvents">All events.</param>
/// <param name="Largest">The largest of them.</param>
public sealed record Unmapped(long Signatures, long Events, long AllEvents, IReadOnlyList<UnmappedSignature> Largest);

public sealed record UnmappedSignature(Signature Signature, long Events, Count Customers);
