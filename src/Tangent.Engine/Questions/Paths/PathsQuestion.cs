namespace Tangent.Engine;

/// <summary>
/// Which ways customers go: for a Sankey chart, the touchpoints at each position and the steps between neighbouring positions.
/// A customer has one path: from the first event of a start touchpoint (or the beginning of the journey) on.
/// At every node, customers = edges out + ended + continuing beyond the last position. Cost: one pass.
/// <para>
/// With an end as well, the path goes from the first start to the first end after it, and who never comes there has none. With only an end,
/// it is read backwards from the first event of an end touchpoint, which is at the last position; "ended" then means that the journey begins there.
/// Split by visits, a customer has a path for each visit; customers are still counted once at each node and edge, and the paths beside them.
/// </para>
/// </summary>
public sealed record PathsQuestion : JourneyQuestion
{
    /// <summary>The most positions a path may be asked for.</summary>
    public const int MaxSteps = 50;

    /// <summary>Start touchpoints; null: paths begin where journeys begin.</summary>
    public ushort[]? Start { get; init; }

    /// <summary>End touchpoints; null: paths go on as far as journeys do.</summary>
    public ushort[]? End { get; init; }

    /// <summary>Journeys are split where there is no event for longer than this; null: they are not.</summary>
    public long? VisitGapMs { get; init; }

    /// <summary>
    /// A journey whose last event is at this time or later is still open instead of ended, and one that goes on behind the period of the filter
    /// (read backwards: began before it) continues. Null: every journey without a further event in the filter has ended.
    /// </summary>
    public long? OpenFromMs { get; init; }

    /// <summary>Edges of fewer customers are not listed.</summary>
    public long LeastCustomers { get; init; }

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
        if (!IsPlain) return Walk(view, lens, ct);
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
        if (!IsPlain)
        {
            var walks = new PathWalkPlan(this, lens);
            return CustomersKernel.Ask(view, lens, () => new PathWalkCustomersKernel(walks, position, touchpoint, fate, to), limit, ct);
        }

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
        var listed = plan.NodesOf(nodes);
        return Answer(listed.Where(node => node.Position == 1).Sum(node => node.Customers), listed, all);
    }

    // The plain question has the faster kernel.
    private bool IsPlain => End is null && VisitGapMs is null && OpenFromMs is null;

    private PathsAnswer Walk(JourneyView view, Lens lens, CancellationToken ct)
    {
        if (VisitGapMs < 0) throw new ArgumentException("The gap between visits is negative.");
        var plan = new PathWalkPlan(this, lens);
        var possible = (Steps - 1L) * lens.Touchpoints * lens.Touchpoints;
        return possible <= DenseIds.Most
            ? Walk(view, lens, () => new PathWalksKernel<DenseIds>(plan, new DenseIds((int)possible)), ct)
            : Walk(view, lens, () => new PathWalksKernel<HashedIds>(plan, new HashedIds()), ct);
    }

    private PathsAnswer Walk<TIds>(JourneyView view, Lens lens, Func<PathWalksKernel<TIds>> create, CancellationToken ct)
        where TIds : struct, IKeyIds
    {
        var kernels = Scan.Run(view, lens, create, ct);
        var answer = Answer(kernels.Sum(kernel => kernel.Customers), kernels[0].Nodes(kernels), PathWalksKernel<TIds>.Edges(kernels, Math.Max(1, lens.Touchpoints)));
        return answer with { Paths = kernels.Sum(kernel => kernel.Paths) };
    }

    private PathsAnswer Answer(long customers, PathNode[] nodes, PathEdge[] all)
    {
        Array.Sort(all, PathEdge.LargestFirst);
        var enough = Array.FindIndex(all, edge => edge.Customers < LeastCustomers);
        var listed = Math.Min(EdgeLimit, enough < 0 ? all.Length : enough);
        var others = new long[Steps - 1];
        foreach (var edge in all.AsSpan(listed)) others[edge.Position - 1] += edge.Customers;
        return new PathsAnswer(customers, nodes, all[..listed], others, all.Length - listed);
    }
}

/// <summary>What became of a path after a node.</summary>
public enum PathFate
{
    /// <summary>Whatever happened.</summary>
    Any,

    /// <summary>It went on to a given touchpoint at the next position.</summary>
    WentOn,

    /// <summary>The journey has no further event; read backwards, none before.</summary>
    Ended,

    /// <summary>It goes on behind the last position asked for, or (where that is told apart) outside the period.</summary>
    Continues,

    /// <summary>The journey has no further event yet, but the last one is recent.</summary>
    Open,
}

/// <summary>The ways customers go.</summary>
/// <param name="Customers">Customers who have a path (who were at a start touchpoint).</param>
/// <param name="Nodes">Touchpoints by position, then code.</param>
/// <param name="Edges">The largest edges, largest first; equal ones by position, from, to.</param>
/// <param name="OtherByPosition">Customers on edges not listed, by the position they lead away from (index 0 is position 1).</param>
/// <param name="OtherEdges">Number of edges not listed.</param>
public sealed record PathsAnswer(long Customers, PathNode[] Nodes, PathEdge[] Edges, long[] OtherByPosition, int OtherEdges)
{
    /// <summary>Paths of these customers; counted only where the question is not the plain one.</summary>
    public long Paths { get; init; }
}

/// <summary>A touchpoint at a position.</summary>
/// <param name="Position">Position, from 1.</param>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Customers">Customers whose path is here at this position.</param>
/// <param name="Ended">Those whose journey has no further event.</param>
/// <param name="Continues">Those whose journey goes on behind the last position; 0 before it.</param>
public readonly record struct PathNode(int Position, ushort Touchpoint, long Customers, long Ended, long Continues)
{
    /// <summary>Those whose journey is still open; 0 where that is not asked for.</summary>
    public long Open { get; init; }

    /// <summary>Paths that are here: one for each visit; counted only where the question is not the plain one.</summary>
    public long Paths { get; init; }
}

/// <summary>A step between two positions.</summary>
/// <param name="Position">Position of <paramref name="From"/>, from 1.</param>
/// <param name="From">Touchpoint left.</param>
/// <param name="To">Touchpoint at the next position.</param>
/// <param name="Customers">Customers who went this way here.</param>
public readonly record struct PathEdge(int Position, ushort From, ushort To, long Customers)
{
    /// <summary>Paths that went this way here; counted only where the question is not the plain one.</summary>
    public long Paths { get; init; }

    internal static readonly Comparison<PathEdge> LargestFirst = (a, b) =>
        a.Customers != b.Customers ? b.Customers.CompareTo(a.Customers)
        : a.Position != b.Position ? a.Position.CompareTo(b.Position)
        : a.From != b.From ? a.From.CompareTo(b.From)
        : a.To.CompareTo(b.To);
}
