namespace Tangent.Collect;

/// <summary>How many customers go from step to step within a window counted from the first step. What an attempt is, is defined by <see cref="Engine.RuleFunnelQuestion"/>.</summary>
/// <param name="Steps">Touchpoints by name, or rules as <see cref="StepText"/> reads them; 1 to 20; the same one twice must happen twice.</param>
/// <param name="Window">Time from the first step to the last.</param>
/// <param name="Breakdown">Null, or what groups are made of: <c>channel</c>, <c>source</c>, <c>campaign</c>, <c>touchpoint</c>, <c>property.NAME</c> or <c>trait.NAME</c>.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record FunnelQuestion(IReadOnlyList<string> Steps, TimeSpan Window, string? Breakdown, JourneyFilter Filter)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(14);

    /// <summary>How the steps must follow each other.</summary>
    public FunnelOrder Order { get; init; }

    /// <summary>Somebody who sees every property wrote the steps, as of a kept segment.</summary>
    public bool IsKept { get; init; }

    /// <summary>Events that make a customer drop out.</summary>
    public IReadOnlyList<FunnelExclusion> Exclusions { get; init; } = [];

    /// <summary>Events taken out before matching, as steps are written.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Of which event the group is taken: <c>first</c> of the journey (also where null), <c>last</c>, or the number of a step.</summary>
    public string? Touch { get; init; }

    /// <summary><c>day</c>, <c>week</c> or <c>month</c> of entry, for the trend; null for none.</summary>
    public string? Trend { get; init; }

    /// <summary>Whether times to the last step are counted in bins too.</summary>
    public bool Histogram { get; init; }

    /// <summary>The groups of a breakdown by trait; whoever asks finds them.</summary>
    public CustomerGroups? Groups { get; init; }
}

/// <summary>How the steps of a funnel must follow each other.</summary>
public enum FunnelOrder
{
    /// <summary>In order, others may lie between.</summary>
    Ordered,

    /// <summary>In order, nothing between.</summary>
    Strict,

    /// <summary>In any order; step k is reached by who did any k of the steps.</summary>
    Any,
}

/// <summary>The customer drops out when the event occurs between two steps.</summary>
/// <param name="Event">As steps are written.</param>
/// <param name="After">Step from 1; null for the first.</param>
/// <param name="Before">Step from 1; null for the last.</param>
public sealed record FunnelExclusion(string Event, int? After = null, int? Before = null);

/// <summary>Customers in groups.</summary>
/// <param name="Names">Names of the groups, by code.</param>
/// <param name="OfCustomer">Code of the group of each customer, by number; 65,535 for none.</param>
public sealed record CustomerGroups(IReadOnlyList<string> Names, ushort[] OfCustomer);

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Steps">One for each step of the question.</param>
/// <param name="Groups">The same per group where a breakdown was asked for, the largest first, at most 100; else empty.</param>
/// <param name="MoreGroups">Groups that are not listed.</param>
/// <param name="Trend">By day, week or month of entry; null where not asked for.</param>
/// <param name="Histogram">Times to the last step; null where not asked for.</param>
public sealed record FunnelAnswer(
    long Customers, IReadOnlyList<FunnelStep> Steps, IReadOnlyList<FunnelGroup> Groups, int MoreGroups = 0,
    IReadOnlyList<FunnelEntry>? Trend = null, FunnelHistogram? Histogram = null);

/// <param name="Name">The touchpoint, or the rule. In any order: the step as listed; the figure is who did any so many steps.</param>
/// <param name="Customers">Customers who came at least this far.</param>
/// <param name="Conversion">Share of the customers of step 1, 0 to 1.</param>
/// <param name="ConversionFromPrevious">Share of the customers of the step before, 0 to 1.</param>
/// <param name="MedianSeconds">Median time from step 1 to here; null where nobody came.</param>
/// <param name="LowerQuartileSeconds">First quartile of that time.</param>
/// <param name="UpperQuartileSeconds">Third quartile of that time.</param>
public sealed record FunnelStep(
    string Name, long Customers, double Conversion, double ConversionFromPrevious,
    double? MedianSeconds, double? LowerQuartileSeconds, double? UpperQuartileSeconds);

public sealed record FunnelGroup(string Name, IReadOnlyList<FunnelStep> Steps);

/// <summary>The customers who entered in one day, week or month: whose attempt that counts began then.</summary>
/// <param name="From">First day.</param>
/// <param name="Customers">Who entered.</param>
/// <param name="Converted">Of them, who reached the last step.</param>
/// <param name="Conversion">Their share, 0 to 1.</param>
/// <param name="Reached">By step, who reached it.</param>
/// <param name="Open">Their window is not over yet for all of them at the last event: more may convert.</param>
public sealed record FunnelEntry(DateOnly From, long Customers, long Converted, double Conversion, IReadOnlyList<long> Reached, bool Open);

/// <param name="BinSeconds">Width of a bin; the first begins at 0, and a bin does not hold its upper bound.</param>
/// <param name="Customers">By bin.</param>
/// <param name="LastIsOpen">The last bin also holds all longer times.</param>
public sealed record FunnelHistogram(double BinSeconds, IReadOnlyList<long> Customers, bool LastIsOpen);

/// <summary>The customers behind a number of a funnel; all that is said must hold.</summary>
/// <param name="Step">Who reached this step, from 1.</param>
/// <param name="Dropped">But not the next one.</param>
/// <param name="Group">Of this group.</param>
/// <param name="Entered">Who entered in the day, week or month of the trend that begins on this day.</param>
/// <param name="Bin">Whose time to the step lies in this bin of the histogram, from 0.</param>
public sealed record FunnelPick(int Step, bool Dropped, string? Group = null, DateOnly? Entered = null, int? Bin = null);
