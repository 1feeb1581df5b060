namespace Tangent.Collect;

/// <summary>What customers do again, loops, and how long journeys take.</summary>
/// <param name="Start">Time is also taken from the first event at this touchpoint …; null: not.</param>
/// <param name="End">… to the first event after it at this one.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record ReworkQuestion(string? Start, string? End, JourneyFilter Filter);

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Journeys">Time from the first event to the last.</param>
/// <param name="Between">Time between the two touchpoints; null where it was not asked for.</param>
/// <param name="Items">Touchpoints, those with the most customers who come back first.</param>
/// <param name="Loops">From a touchpoint to another and straight back, the most frequent first.</param>
public sealed record ReworkAnswer(long Customers, Throughput Journeys, Throughput? Between, IReadOnlyList<Rework> Items, IReadOnlyList<ReworkLoop> Loops);

/// <param name="Customers">Customers whose time was taken.</param>
/// <param name="MedianSeconds">Median; null where there is none.</param>
/// <param name="LowerQuartileSeconds">First quartile.</param>
/// <param name="UpperQuartileSeconds">Third quartile.</param>
public sealed record Throughput(long Customers, double? MedianSeconds, double? LowerQuartileSeconds, double? UpperQuartileSeconds);

/// <param name="Name">The touchpoint.</param>
/// <param name="Events">Events there.</param>
/// <param name="Customers">Customers who were there.</param>
/// <param name="Repeating">Of them, who were there at least twice.</param>
/// <param name="Share">Their share, 0 to 1.</param>
/// <param name="MeanTimes">Events for each customer who was there.</param>
/// <param name="AtOnce">How often it follows itself directly (self-loops).</param>
/// <param name="AtOnceCustomers">Customers of whom it does.</param>
public sealed record Rework(string Name, long Events, long Customers, long Repeating, double Share, double MeanTimes, long AtOnce, long AtOnceCustomers);

/// <param name="Name">Touchpoint come back to.</param>
/// <param name="Over">Touchpoint between.</param>
/// <param name="Count">How often.</param>
/// <param name="Customers">For how many customers.</param>
public sealed record ReworkLoop(string Name, string Over, long Count, long Customers);

/// <summary>The customers behind a number: who were at a touchpoint again, at once or over another one; without a touchpoint, those whose time was taken.</summary>
public sealed record ReworkPick(string? At, bool AtOnce = false, string? Over = null);
