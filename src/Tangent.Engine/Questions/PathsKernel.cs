using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>A paths question made ready, and how its counts are numbered.</summary>
internal sealed class PathPlan
{
    /// <summary>Counts kept for a node: customers, ended, continuing.</summary>
    public const int Fates = 3;

    private readonly int touchpoints;

    public PathPlan(int touchpoints, int steps, bool collapse, ushort[]? start)
    {
        this.touchpoints = touchpoints;
        Steps = steps;
        Collapse = collapse;
        if (start is null) return;
        IsStart = new bool[Code.Count];
        foreach (var touchpoint in start) IsStart[touchpoint] = true;
    }

    public int Steps { get; }
    public bool Collapse { get; }

    /// <summary>By touchpoint; null where every touchpoint starts a path.</summary>
    public bool[]? IsStart { get; }

    public long Edges => (Steps - 1L) * touchpoints * touchpoints;
    public int Nodes => Steps * touchpoints;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Node(int position, int touchpoint) => (position * touchpoints + touchpoint) * Fates;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Edge(int position, int from, int to) => ((long)position * touchpoints + from) * touchpoints + to;

    public PathEdge EdgeOf(long key, long customers)
    {
        var (front, to) = Math.DivRem(key, touchpoints);
        var (position, from) = Math.DivRem(front, touchpoints);
        return new PathEdge((int)position + 1, (ushort)from, (ushort)to, customers);
    }

    public PathNode[] NodesOf(long[] counts)
    {
        var nodes = new List<PathNode>();
        for (var position = 0; position < Steps; position++)
            for (var touchpoint = 0; touchpoint < touchpoints; touchpoint++)
            {
                var at = Node(position, touchpoint);
                if (counts[at] > 0) nodes.Add(new PathNode(position + 1, (ushort)touchpoint, counts[at], counts[at + 1], counts[at + 2]));
            }

        return [.. nodes];
    }

    /// <summary>The first event of the path of a run, or the end of the run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe int First(ushort* touchpoints, int from, int to)
    {
        if (IsStart is null) return from;
        while (from < to && !IsStart[touchpoints[from]]) from++;
        return from;
    }

    /// <summary>The event after this one on the path, or the end of the run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe int Next(ushort* touchpoints, int at, int to)
    {
        var here = touchpoints[at++];
        if (Collapse)
            while (at < to && touchpoints[at] == here) at++;
        return at;
    }
}

internal sealed unsafe class PathsKernel<TIds>(PathPlan plan, TIds ids) : Kernel
    where TIds : struct, IKeyIds
{
    private long[] edges = new long[Math.Max(ids.Count, 1024)];

    public long[] Nodes { get; } = new long[plan.Nodes * PathPlan.Fates];

    public void AddEdgesTo(Dictionary<long, long> all)
    {
        for (var id = 0; id < ids.Count; id++)
            if (edges[id] > 0) all[ids.KeyOf(id)] = all.GetValueOrDefault(ids.KeyOf(id)) + edges[id];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var touchpoints = batch.Touchpoints;
        var last = plan.Steps - 1;
        for (var run = 0; run < batch.Runs; run++)
        {
            var to = batch.Starts[run + 1];
            var at = plan.First(touchpoints, batch.Starts[run], to);
            if (at == to) continue;
            for (var position = 0; ; position++)
            {
                var node = plan.Node(position, touchpoints[at]);
                Nodes[node]++;
                var next = plan.Next(touchpoints, at, to);
                if (next == to) Nodes[node + 1]++;
                else if (position == last) Nodes[node + 2]++;
                else
                {
                    var id = ids.Of(plan.Edge(position, touchpoints[at], touchpoints[next]));
                    if (id >= edges.Length) Array.Resize(ref edges, Math.Max(id + 1, edges.Length * 2));
                    edges[id]++;
                    at = next;
                    continue;
                }

                break;
            }
        }
    }
}

internal sealed unsafe class PathCustomersKernel(PathPlan plan, int position, ushort touchpoint, PathFate fate, ushort onward) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var to = batch.Starts[run + 1];
            var at = plan.First(batch.Touchpoints, batch.Starts[run], to);
            for (var here = 1; here < position && at < to; here++) at = plan.Next(batch.Touchpoints, at, to);
            if (at < to && batch.Touchpoints[at] == touchpoint && IsWanted(batch.Touchpoints, at, to)) Found(batch.Customers[run]);
        }
    }

    private bool IsWanted(ushort* touchpoints, int at, int to)
    {
        if (fate == PathFate.Any) return true;
        var next = plan.Next(touchpoints, at, to);
        return fate switch
        {
            PathFate.Ended => next == to,
            PathFate.WentOn => position < plan.Steps && next < to && touchpoints[next] == onward,
            _ => position == plan.Steps && next < to,
        };
    }
}
