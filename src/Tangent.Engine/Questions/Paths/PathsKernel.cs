using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>A paths question made ready, and how its counts are numbered.</summary>
internal sealed class PathPlan
{
    /// <summary>Counts of a node: customers, ended, continuing.</summary>
    public const int Fates = 3;

    /// <summary>Counts kept for a node while scanning, those who do not go on: ended, continuing.</summary>
    public const int Ends = 2;

    public PathPlan(int touchpoints, int steps, bool collapse, ushort[]? start)
    {
        Touchpoints = touchpoints;
        Steps = steps;
        Collapse = collapse;
        if (start is null) return;
        IsStart = new bool[Code.Count];
        foreach (var touchpoint in start) IsStart[touchpoint] = true;
    }

    /// <summary>Touchpoint codes are below this.</summary>
    public int Touchpoints { get; }

    public int Steps { get; }
    public bool Collapse { get; }

    /// <summary>The most steps that are read as one vector.</summary>
    public const int MostVectorSteps = 16;

    /// <summary>Whether paths can be read as vectors: repeats are pressed out, and all begin where journeys do.</summary>
    public bool IsVectorized => Collapse && IsStart is null && Steps <= MostVectorSteps && Avx512Vbmi2.IsSupported && Avx512BW.IsSupported;

    /// <summary>By touchpoint; null where every touchpoint starts a path.</summary>
    public bool[]? IsStart { get; }

    /// <summary>Edges are numbered by position, touchpoint left, touchpoint reached.</summary>
    public long Edges => (Steps - 1L) * Touchpoints * Touchpoints;

    /// <summary>Nodes are numbered by position, touchpoint.</summary>
    public int Nodes => Steps * Touchpoints;

    /// <summary>The node that an edge leaves.</summary>
    public int NodeBefore(long edge) => (int)(edge / Touchpoints);

    public PathEdge EdgeOf(long key, long customers)
    {
        var (front, to) = Math.DivRem(key, Touchpoints);
        var (position, from) = Math.DivRem(front, Touchpoints);
        return new PathEdge((int)position + 1, (ushort)from, (ushort)to, customers);
    }

    public PathNode[] NodesOf(long[] counts)
    {
        var nodes = new List<PathNode>();
        for (var position = 0; position < Steps; position++)
            for (var touchpoint = 0; touchpoint < Touchpoints; touchpoint++)
            {
                var at = (position * Touchpoints + touchpoint) * Fates;
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
    // Behind the edges, room for what is none: one place for each step.
    private uint[] edges = new uint[Math.Max(ids.Count, 1024) + PathPlan.MostVectorSteps];
    private readonly long[] ends = new long[plan.Nodes * PathPlan.Ends];

    public override Reads Reads => Reads.Journeys;

    /// <summary>Adds the edges to those of others, and to the customers of each node those who end there, continue beyond the last position or go on.</summary>
    public void AddTo(Dictionary<long, long> all, long[] nodes)
    {
        for (var node = 0; node < plan.Nodes; node++)
        {
            nodes[node * PathPlan.Fates] += ends[node * PathPlan.Ends] + ends[node * PathPlan.Ends + 1];
            nodes[node * PathPlan.Fates + 1] += ends[node * PathPlan.Ends];
            nodes[node * PathPlan.Fates + 2] += ends[node * PathPlan.Ends + 1];
        }

        for (var id = 0; id < ids.Count; id++)
        {
            if (edges[id] == 0) continue;
            var key = ids.KeyOf(id);
            all[key] = all.GetValueOrDefault(key) + edges[id];
            nodes[plan.NodeBefore(key) * PathPlan.Fates] += edges[id];
        }
    }

    public override void Visit(in JourneyBatch batch)
    {
        if (typeof(TIds) != typeof(DenseIds) || !plan.IsVectorized)
        {
            Walk(batch, 0, batch.Runs);
            return;
        }

        fixed (uint* all = edges)
        fixed (long* atEnds = ends)
            for (var run = 0; (run = WalkCollapsed(batch, run, (uint)plan.Touchpoints, plan.Steps, (uint)ids.Count, all, atEnds)) < batch.Runs; run++)
                Walk(batch, run, run + 1);
    }

    // A path at a time, without a branch on its length: repeats are pressed out of the first events as vectors. Returns where these are not enough.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int WalkCollapsed(in JourneyBatch batch, int run, uint width, int steps, uint none, uint* all, long* atEnds)
    {
        const int Lanes = 32;
        var (codes, starts, runs) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<int>(batch.Starts), batch.Runs);
        var lane = Vector512<ushort>.Indices;
        // Each code's neighbour before it; before the first stands what no code is.
        var before = (lane - Vector512<ushort>.One).WithElement(0, (ushort)Lanes);
        var after = lane + Vector512<ushort>.One;
        var each = Vector512.Create(width);
        var nodes = Vector512<uint>.Indices * each;
        var places = Vector512<uint>.Indices + Vector512.Create(none);
        var path = stackalloc ushort[Lanes];
        var numbers = stackalloc uint[PathPlan.MostVectorSteps];
        for (; run < runs; run++)
        {
            int from = starts.At[run], length = starts.At[run + 1] - from;
            var some = Vector512.Load(codes.At + from);
            var isChange = ~Vector512.Equals(some, Avx512BW.PermuteVar32x16x2(some, before, Vector512<ushort>.AllBitsSet))
                & Vector512.LessThan(lane, Vector512.Create((ushort)Math.Min(length, Lanes)));
            var count = BitOperations.PopCount(isChange.ExtractMostSignificantBits());
            if (length > Lanes && count <= steps) return run;
            var way = Avx512Vbmi2.Compress(Vector512<ushort>.Zero, isChange, some);
            way.Store(path);
            var shown = Math.Min(count, steps);
            var here = Vector512.WidenLower(way);
            var next = Vector512.WidenLower(Avx512BW.PermuteVar32x16(way, after));
            var isEdge = Vector512.LessThan(Vector512<uint>.Indices, Vector512.Create((uint)shown - 1));
            Vector512.ConditionalSelect(isEdge, (nodes + here) * each + next, places).Store(numbers);
            for (var step = 0; step < steps - 1; step++) all[numbers[step]]++;
            atEnds[((shown - 1) * (int)width + path[shown - 1]) * PathPlan.Ends + (count > steps ? 1 : 0)]++;
        }

        return run;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(in JourneyBatch batch, int firstRun, int endRun)
    {
        var (codes, starts, width, last, collapse, numbers, all) =
            (new Ptr<ushort>(batch.Touchpoints), new Ptr<int>(batch.Starts), plan.Touchpoints, plan.Steps - 1, plan.Collapse, ids, edges);
        fixed (long* atEnds = ends)
            for (var run = firstRun; run < endRun; run++)
            {
                var to = starts.At[run + 1];
                var at = plan.First(codes.At, starts.At[run], to);
                if (at == to) continue;
                int here = codes.At[at];
                for (var node = 0; ; node += width)
                {
                    at++;
                    if (collapse)
                        while (at < to && codes.At[at] == here) at++;
                    if (at == to || node == last * width)
                    {
                        atEnds[(node + here) * PathPlan.Ends + (at == to ? 0 : 1)]++;
                        break;
                    }

                    int next = codes.At[at];
                    var id = numbers.Of((long)(node + here) * width + next);
                    if (id >= all.Length)
                    {
                        Array.Resize(ref edges, Math.Max(id + 1, edges.Length * 2));
                        all = edges;
                    }

                    all[id]++;
                    here = next;
                }
            }
    }
}

internal sealed unsafe class PathCustomersKernel(PathPlan plan, int position, ushort touchpoint, PathFate fate, ushort onward) : CustomersKernel
{
    public override Reads Reads => Reads.Journeys;

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
