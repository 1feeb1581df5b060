namespace Tangent.Collect;

/// <summary>Which ways customers go, position by position.</summary>
/// <param name="Start">Touchpoint the paths begin at (its first occurrence); null for the beginning of the journey.</param>
/// <param name="Steps">Positions shown, 2 to 10.</param>
/// <param name="Collapse">Immediate repeats count once.</param>
/// <param name="Edges">Most transitions shown in all, the largest; 1 to 500.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record PathsQuestion(string? Start, int Steps, bool Collapse, int Edges, JourneyFilter Filter)
{
    /// <summary>A journey is silent for so long before it counts as ended.</summary>
    public static readonly TimeSpan DefaultSilence = TimeSpan.FromDays(14);

    /// <summary>A visit is over after so much silence.</summary>
    public static readonly TimeSpan VisitGap = TimeSpan.FromMinutes(30);

    /// <summary>Touchpoint the paths end at: with a start, its first occurrence after that; without, paths lead to its first occurrence, which is at the last position. Null: paths go on.</summary>
    public string? End { get; init; }

    /// <summary>A path for each visit instead of one for the journey.</summary>
    public bool Visits { get; init; }

    /// <summary>Transitions of fewer customers are not shown.</summary>
    public int Least { get; init; } = 1;

    /// <summary>See <see cref="DefaultSilence"/>; of visits, <see cref="VisitGap"/> counts.</summary>
    public TimeSpan Silence { get; init; } = DefaultSilence;

    /// <summary>Touchpoints (values) that are one node (name).</summary>
    public IReadOnlyList<NamedValue> Groups { get; init; } = [];

    /// <summary>There is only an end: paths are read from it backwards.</summary>
    public bool IsBackwards => Start is null && End is not null;
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Paths">Paths: one for each customer whose journey has the start and the end, or one for each visit.</param>
/// <param name="Nodes">Touchpoints at their positions.</param>
/// <param name="Edges">Transitions between them, those shown.</param>
/// <param name="Others">Number of transitions not shown.</param>
public sealed record PathsAnswer(long Customers, long Paths, IReadOnlyList<PathNode> Nodes, IReadOnlyList<PathEdge> Edges, int Others);

/// <param name="Position">From 1.</param>
/// <param name="Name">The touchpoint, or the group.</param>
/// <param name="Customers">Customers who are there at this position.</param>
/// <param name="Ended">Of them, whose journey ends there: no further event, and silence for longer than the question says. Read backwards: whose journey begins there.</param>
/// <param name="Open">Of them, whose journey stands there: no further event, but the last one is not that long ago.</param>
/// <param name="Left">Of them, who leave the view there: their journey goes on behind the last position or the last day looked at. Read backwards: began before.</param>
/// <param name="Paths">Paths that are there; more than customers where there is one for each visit.</param>
public sealed record PathNode(int Position, string Name, long Customers, long Ended, long Open, long Left, long Paths);

/// <param name="Position">Position of <paramref name="From"/>, from 1.</param>
/// <param name="From">Touchpoint before.</param>
/// <param name="To">Touchpoint after, at the next position.</param>
/// <param name="Customers">Customers who go this way.</param>
/// <param name="Paths">Paths that go this way.</param>
public sealed record PathEdge(int Position, string From, string To, long Customers, long Paths);

/// <summary>What became of a path where it goes no further; see <see cref="PathNode"/>.</summary>
public enum PathFate
{
    Ended,
    Open,
    Left,

    /// <summary>It went on, but no way that is among those shown.</summary>
    Others,
}

/// <summary>The customers behind a number of a path: at <paramref name="Position"/> on <paramref name="From"/>, going to <paramref name="To"/>, or with this <paramref name="Fate"/> there; neither: all who are there.</summary>
public sealed record PathsPick(int Position, string From, string? To = null, PathFate? Fate = null);
