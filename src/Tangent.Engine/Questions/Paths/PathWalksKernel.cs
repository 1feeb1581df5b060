namespace Tangent.Engine;

/// <summary>Counts paths that end somewhere, are split by visits, or whose ends are told apart.</summary>
internal sealed unsafe class PathWalksKernel<TIds>(PathWalkPlan plan, TIds ids) : Kernel
    where TIds : struct, IKeyIds
{
    // Everyone, and by fate: ended, open, continues.
    private const int Kinds = 4;

    private readonly Tally[] nodes = new Tally[plan.Steps * plan.Touchpoints * Kinds];
    private Tally[] edges = new Tally[Math.Max(ids.Count, 1024)];

    public long Customers { get; private set; }
    public long Paths { get; private set; }

    public override void Visit(in JourneyBatch batch)
    {
        var buffer = stackalloc ushort[PathsQuestion.MaxSteps];
        for (var run = 0; run < batch.Runs; run++)
        {
            var stamp = batch.Customers[run] + 1;
            var walk = new PathWalk(plan, batch, run, buffer);
            var paths = 0;
            for (; walk.Next(); paths++) Count(walk, stamp);
            Paths += paths;
            if (paths > 0) Customers++;
        }
    }

    public PathNode[] Nodes(List<PathWalksKernel<TIds>> kernels)
    {
        var listed = new List<PathNode>();
        for (var at = 0; at < nodes.Length; at += Kinds)
        {
            var (everyone, ended, open, continues) = (Sum(kernels, at), Sum(kernels, at + 1), Sum(kernels, at + 2), Sum(kernels, at + 3));
            if (everyone.Customers == 0) continue;
            var (position, touchpoint) = Math.DivRem(at / Kinds, plan.Touchpoints);
            listed.Add(new PathNode(position + 1, (ushort)touchpoint, everyone.Customers, ended.Customers, continues.Customers) { Open = open.Customers, Paths = everyone.Paths });
        }

        return [.. listed];
    }

    public static PathEdge[] Edges(List<PathWalksKernel<TIds>> kernels, int touchpoints)
    {
        var sums = new Dictionary<long, (long Customers, long Paths)>();
        foreach (var kernel in kernels) kernel.AddEdgesTo(sums);
        return [.. sums.Select(edge =>
        {
            var (front, to) = Math.DivRem(edge.Key, touchpoints);
            var (position, from) = Math.DivRem(front, touchpoints);
            return new PathEdge((int)position + 1, (ushort)from, (ushort)to, edge.Value.Customers) { Paths = edge.Value.Paths };
        })];
    }

    private static (long Customers, long Paths) Sum(List<PathWalksKernel<TIds>> kernels, int node)
    {
        long customers = 0, paths = 0;
        foreach (var kernel in kernels)
        {
            customers += kernel.nodes[node].Customers;
            paths += kernel.nodes[node].Paths;
        }

        return (customers, paths);
    }

    private void AddEdgesTo(Dictionary<long, (long Customers, long Paths)> sums)
    {
        for (var id = 0; id < ids.Count; id++)
        {
            if (edges[id].Paths == 0) continue;
            var (customers, paths) = sums.GetValueOrDefault(ids.KeyOf(id));
            sums[ids.KeyOf(id)] = (customers + edges[id].Customers, paths + edges[id].Paths);
        }
    }

    private void Count(in PathWalk walk, int stamp)
    {
        for (var step = 0; step < walk.Length; step++)
        {
            var position = walk.First + step;
            var here = walk.Steps[step];
            var node = (position * plan.Touchpoints + here) * Kinds;
            nodes[node].Add(stamp);
            if (step == walk.FateAt && KindOf(walk.Fate) is var kind and > 0) nodes[node + kind].Add(stamp);
            if (step + 1 == walk.Length) break;
            var id = ids.Of(((long)position * plan.Touchpoints + here) * plan.Touchpoints + walk.Steps[step + 1]);
            if (id >= edges.Length) Array.Resize(ref edges, Math.Max(id + 1, edges.Length * 2));
            edges[id].Add(stamp);
        }
    }

    private static int KindOf(PathFate fate) => fate switch { PathFate.Ended => 1, PathFate.Open => 2, PathFate.Continues => 3, _ => 0 };

    private struct Tally
    {
        public long Paths;
        public int Customers;
        private int lastCustomer;

        public void Add(int stamp)
        {
            Paths++;
            Customers += lastCustomer != stamp ? 1 : 0;
            lastCustomer = stamp;
        }
    }
}

internal sealed unsafe class PathWalkCustomersKernel(PathWalkPlan plan, int position, ushort touchpoint, PathFate fate, ushort onward) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        var buffer = stackalloc ushort[PathsQuestion.MaxSteps];
        for (var run = 0; run < batch.Runs; run++)
        {
            var walk = new PathWalk(plan, batch, run, buffer);
            while (walk.Next())
            {
                if (!IsWanted(walk)) continue;
                Found(batch.Customers[run]);
                break;
            }
        }
    }

    private bool IsWanted(in PathWalk walk)
    {
        var step = position - 1 - walk.First;
        if (step < 0 || step >= walk.Length || walk.Steps[step] != touchpoint) return false;
        return fate switch
        {
            PathFate.Any => true,
            PathFate.WentOn => step + 1 < walk.Length && walk.Steps[step + 1] == onward,
            _ => step == walk.FateAt && walk.Fate == fate,
        };
    }
}
