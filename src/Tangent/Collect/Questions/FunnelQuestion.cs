namespace Tangent.Collect;

/// <summary>How many customers go from touchpoint to touchpoint in this order (others may lie between) within a window counted from the first step.</summary>
/// <param name="Steps">Touchpoints by name, 1 to 20; the same one twice must happen twice.</param>
/// <param name="Window">Time from the first step to the last.</param>
/// <param name="Breakdown">Null, or <c>channel</c>: groups by the channel of the customer's first event.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record FunnelQuestion(IReadOnlyList<string> Steps, TimeSpan Window, string? Breakdown, JourneyFilter Filter)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(14);
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Steps">One for each step of the question.</param>
/// <param name="Groups">The same per group where a breakdown was asked for, the largest first; else empty.</param>
public sealed record FunnelAnswer(long Customers, IReadOnlyList<FunnelStep> Steps, IReadOnlyList<FunnelGroup> Groups);

/// <param name="Name">The touchpoint.</param>
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

/// <summary>The customers behind a number of a funnel: who reached step <paramref name="Step"/> (from 1), or who reached it but not the next one.</summary>
public sealed record FunnelPick(int Step, bool Dropped, string? Group = null);
