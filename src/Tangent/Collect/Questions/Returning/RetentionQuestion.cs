namespace Tangent.Collect;

/// <summary>Who comes back, by cohorts of when they started.</summary>
/// <param name="Start">What starts, as a funnel's step is written; null: any event.</param>
/// <param name="Return">What counts as coming back; null: any event.</param>
/// <param name="Period"><c>day</c>, <c>week</c> (ISO, from Monday) or <c>month</c> of the company's time zone.</param>
/// <param name="Recurring">A customer starts anew in every period with a start, instead of once.</param>
/// <param name="OrAfter">A return in the period or any later one counts.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record RetentionQuestion(string? Start, string? Return, string Period, bool Recurring, bool OrAfter, JourneyFilter Filter);

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Period">Length of the periods.</param>
/// <param name="Cohorts">One for each period, those without customers too.</param>
/// <param name="Total">By periods since the start, over the cohorts for which that period is complete.</param>
public sealed record RetentionAnswer(long Customers, string Period, IReadOnlyList<RetentionCohort> Cohorts, IReadOnlyList<RetentionTotal> Total);

/// <param name="From">First day of the period of start.</param>
/// <param name="Customers">Customers of the cohort.</param>
/// <param name="Returned">Who returned in the period of start, the next, and so on.</param>
public sealed record RetentionCohort(DateOnly From, long Customers, IReadOnlyList<RetentionCell> Returned);

/// <param name="Customers">Who returned.</param>
/// <param name="Share">Their share of the cohort, 0 to 1.</param>
/// <param name="Open">The period is not over at the last event: more may return.</param>
public sealed record RetentionCell(long Customers, double Share, bool Open);

/// <param name="Customers">Customers of the cohorts.</param>
/// <param name="Returned">Who returned.</param>
/// <param name="Share">Their share, 0 to 1.</param>
public sealed record RetentionTotal(long Customers, long Returned, double Share);

/// <summary>The customers behind a number of retention.</summary>
/// <param name="Cohort">First day of the period of start.</param>
/// <param name="Offset">Who returned so many periods later; null for the whole cohort.</param>
/// <param name="Absent">Those who did not, instead.</param>
public sealed record RetentionPick(DateOnly Cohort, int? Offset, bool Absent);

/// <summary>In what part of their life customers are, period by period.</summary>
/// <param name="Active">What makes a customer active, as a funnel's step is written; null: any event.</param>
/// <param name="Period"><c>day</c>, <c>week</c> (ISO, from Monday) or <c>month</c> of the company's time zone.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record LifeCycleQuestion(string? Active, string Period, JourneyFilter Filter);

/// <param name="Customers">Customers active in any period.</param>
/// <param name="Period">Length of the periods.</param>
/// <param name="Items">The periods.</param>
public sealed record LifeCycleAnswer(long Customers, string Period, IReadOnlyList<LifeCyclePeriod> Items);

/// <param name="From">First day.</param>
/// <param name="New">Active for the first time.</param>
/// <param name="Returning">Active, and in the period before.</param>
/// <param name="Resurrecting">Active, not in the period before, but earlier.</param>
/// <param name="Dormant">Not active, but in the period before.</param>
/// <param name="Open">The period is not over at the last event.</param>
public sealed record LifeCyclePeriod(DateOnly From, long New, long Returning, long Resurrecting, long Dormant, bool Open);

/// <summary>The customers in a part of their life in a period.</summary>
/// <param name="From">First day of the period.</param>
/// <param name="Part"><c>new</c>, <c>returning</c>, <c>resurrecting</c> or <c>dormant</c>.</param>
public sealed record LifeCyclePick(DateOnly From, string Part);
