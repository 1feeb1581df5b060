namespace Tangent.Engine;

/// <summary>
/// Which ways customers go: for a Sankey chart, the touchpoints at each position and the steps between neighbouring positions.
/// A customer has one path: from the first event of a start touchpoint (or the beginning of the journey) on.
/// At every node, customers = edges out + ended + continuing beyond the last position. Cost: one pass.
/// </summary>
public sealed record PathsQuestion : JourneyQuestion
{
    /// <summary>The most positions a path may be asked for.</summary>
    public const int MaxSteps = 50;

    /// <summary>Start touchpoints; null: paths begin where journeys begin.</summary>
    public ushort[]? Start { get; init; }

    /// <summary>Positions shown, 2 to 50; 5 by default.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Whether immediate repeats of a touchpoint count as one.</summary>
    public bool CollapseRepeats { get; init; } = true;

    /// <summary>At most so many edges are listed, the largest; the others are summed.</summary>
    public int EdgeLimit { get; init; } = 50;

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">Steps or edge limit are out of range.</exception>
    public PathsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = Plan(view, out var lens);
        return plan.Edges <= DenseIds.Most * 4
            ? Ask(view, lens, plan, () => new PathsKernel<DenseIds>(plan, new DenseIds((int)plan.Edges)), ct)
            : Ask(view, lens, plan, () => new PathsKernel<HashedIds>(plan, new HashedIds()), ct);
    }

    /// <summary>The customers behind a node: those whose path is at a touchpoint at a position.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="position">Position, from 1.</param>
    /// <param name="touchpoint">Touchpoint at it.</param>
    /// <param name="fate">All of them, or only those who went on to <paramref name="to"/>, ended there or continue beyond the last position.</param>
    /// <param name="to">The touchpoint at the next position; for <see cref="PathFate.WentOn"/> only.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, int position, ushort touchpoint, PathFate fate = PathFate.Any, ushort to = Code.None, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var plan = Plan(view, out var lens);
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, Steps);
        return CustomersKernel.Ask(view, lens, () => new PathCustomersKernel(plan, position, touchpoint, fate, to), limit, ct);
    }

    private PathPlan Plan(JourneyView view, out Lens lens)
    {
        if (Steps is < 2 or > MaxSteps) throw new ArgumentException($"Paths have 2 to {MaxSteps} positions.");
        ArgumentOutOfRangeException.ThrowIfNegative(EdgeLimit);
        lens = LensOn(view);
        return new PathPlan(lens.Touchpoints, Steps, CollapseRepeats, Start);
    }

    private PathsAnswer Ask<TIds>(JourneyView view, Lens lens, PathPlan plan, Func<PathsKernel<TIds>> create, CancellationToken ct)
        where TIds : struct, IKeyIds
    {
        var kernels = Scan.Run(view, lens, create, ct);
        var edges = new Dictionary<long, long>();
        var nodes = new long[plan.Nodes * PathPlan.Fates];
        foreach (var kernel in kernels) kernel.AddTo(edges, nodes);

        var all = edges.Select(edge => plan.EdgeOf(edge.Key, edge.Value)).ToArray();
        Array.Sort(all, PathEdge.LargestFirst);
        var others = new long[Steps - 1];
        foreach (var edge in all.AsSpan(Math.Min(EdgeLimit, all.Length))) others[edge.Position - 1] += edge.Customers;
        var listed = plan.NodesOf(nodes);
        return new PathsAnswer(listed.Where(node => node.Position == 1).Sum(node => node.Customers), listed,
            all[..Math.Min(EdgeLimit, all.Length)], others, Math.Max(0, all.Length - EdgeLimit));
    }
}

/// <summary>What became of a path after a node.</summary>
public enum PathFate
{
    /// <summary>Whatever happened.</summary>
    Any,

    /// <summary>It went on to a given touchpoint at the next position.</summary>
    WentOn,

    /// <summary>The journey has no further event.</summary>
    Ended,

    /// <summary>It goes on behind the last position asked for.</summary>
    Continues,
}

/// <summary>The ways customers go.</summary>
/// <param name="Customers">Customers who have a path (who were at a start touchpoint).</param>
/// <param name="Nodes">Touchpoints by position, then code.</param>
/// <param name="Edges">The largest edges, largest first; equal ones by position, from, to.</param>
/// <param name="OtherByPosition">Customers on edges not listed, by the position they lead away from (index 0 is position 1).</param>
/// <param name="OtherEdges">Number of edges not listed.</param>
public sealed record PathsAnswer(long Customers, PathNode[] Nodes, PathEdge[] Edges, long[] OtherByPosition, int OtherEdges);

/// <summary>A touchpoint at a position.</summary>
/// <param name="Position">Position, from 1.</param>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Customers">Customers whose path is here at this position.</param>
/// <param name="Ended">Those whose journey has no further event.</param>
/// <param name="Continues">Those whose journey goes on behind the last position; 0 before it.</param>
public readonly record struct PathNode(int Position, ushort Touchpoint, long Customers, long Ended, long Continues);

/// <summary>A step between two positions.</summary>
/// <param name="Position">Position of <paramref name="From"/>, from 1.</param>
/// <param name="From">Touchpoint left.</param>
/// <param name="To">Touchpoint at the next position.</param>
/// <param name="Customers">Customers who went this way here.</param>
public readonly record struct PathEdge(int Position, ushort From, ushort To, long Customers)
{
    internal static readonly Comparison<PathEdge> LargestFirst = (a, b) =>
        a.Customers != b.Customers ? b.Customers.CompareTo(a.Customers)
        : a.Position != b.Position ? a.Position.CompareTo(b.Position)
        : a.From != b.From ? a.From.CompareTo(b.From)
        : a.To.CompareTo(b.To);
}
