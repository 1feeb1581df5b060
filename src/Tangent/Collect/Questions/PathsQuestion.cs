namespace Tangent.Collect;

/// <summary>Which ways customers go, position by position.</summary>
/// <param name="Start">Touchpoint the paths begin at (its first occurrence); null for the beginning of the journey.</param>
/// <param name="Steps">Positions shown, 2 to 10.</param>
/// <param name="Collapse">Immediate repeats count once.</param>
/// <param name="Edges">Most transitions shown in all, the largest; 1 to 500.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record PathsQuestion(string? Start, int Steps, bool Collapse, int Edges, JourneyFilter Filter);

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Paths">Customers whose journey has the start.</param>
/// <param name="Nodes">Touchpoints at their positions.</param>
/// <param name="Edges">Transitions between them.</param>
public sealed record PathsAnswer(long Customers, long Paths, IReadOnlyList<PathNode> Nodes, IReadOnlyList<PathEdge> Edges);

/// <param name="Position">From 1.</param>
/// <param name="Name">The touchpoint.</param>
/// <param name="Customers">Customers who are there at this position.</param>
/// <param name="Ended">Of them, whose journey ends there.</param>
public sealed record PathNode(int Position, string Name, long Customers, long Ended);

/// <param name="Position">Position of <paramref name="From"/>, from 1.</param>
/// <param name="From">Touchpoint before.</param>
/// <param name="To">Touchpoint after, at the next position.</param>
/// <param name="Customers">Customers who go this way.</param>
public sealed record PathEdge(int Position, string From, string To, long Customers);

/// <summary>The customers behind a number of a path: at <paramref name="Position"/> on <paramref name="From"/>, going to <paramref name="To"/> (null: all who are there; <see cref="Ended"/>: whose journey ends there; <see cref="Others"/>: who go on, but no way that is among those shown).</summary>
public sealed record PathsPick(int Position, string From, string? To, bool Ended = false, bool Others = false);
