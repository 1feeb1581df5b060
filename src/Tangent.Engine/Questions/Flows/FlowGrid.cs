namespace Tangent.Engine;

/// <summary>
/// The directly-follows graph where touchpoints are few, so that every possible edge has its counts in a grid.
/// Two passes: the first counts and spreads the times of each edge over bins; the second collects the times of the bins in which the medians lie.
/// </summary>
internal sealed class FlowGrid(JourneyView view, Lens lens, CancellationToken ct)
{
    /// <summary>Beyond this, the bins of all edges would leave the cache.</summary>
    public const int MostTouchpoints = 128;

    private readonly int touchpoints = Math.Max(1, lens.Touchpoints);

    private int Edges => touchpoints * touchpoints;

    public FlowAnswer Ask()
    {
        var counted = Scan.Run(view, lens, () => new FlowGridCountKernel(touchpoints), ct);
        var sum = counted[0];
        foreach (var other in counted.Skip(1)) sum.Add(other);
        var ranges = new BinRange[Edges];
        var counts = new long[Edges];
        Parallel.For(0, touchpoints, from =>
        {
            for (var edge = from * touchpoints; edge < (from + 1) * touchpoints; edge++)
            {
                foreach (var bin in sum.Bins(edge)) counts[edge] += bin;
                if (counts[edge] > 0) ranges[edge] = BinRange.Of(sum.Bins(edge), (counts[edge] - 1) / 2, counts[edge] % 2 == 0);
            }
        });
        var medians = Medians(ranges, counts);
        var answer = new List<FlowEdge>();
        for (var edge = 0; edge < Edges; edge++)
        {
            if (counts[edge] == 0) continue;
            answer.Add(new FlowEdge((ushort)(edge / touchpoints), (ushort)(edge % touchpoints), counts[edge], sum.Customers(edge),
                medians[edge] / 1000, sum.SumMs(edge) / (double)counts[edge] / 1000));
        }

        answer.Sort(FlowEdge.MostFrequentFirst);
        return new FlowAnswer(sum.Runs, [.. answer]);
    }

    private double[] Medians(BinRange[] ranges, long[] counts)
    {
        var wanted = new uint[Edges + 1];
        var next = new long[Edges];
        long size = 0;
        for (var edge = 0; edge < Edges; edge++)
        {
            if (counts[edge] == 0) continue;
            wanted[edge] = (uint)ranges[edge].First << 16 | (uint)(ranges[edge].Last - ranges[edge].First + 1);
            next[edge] = size;
            size += ranges[edge].Count;
        }

        var values = GC.AllocateUninitializedArray<long>(checked((int)size));
        var kernels = Scan.Run(view, lens, () => new FlowGridCollectKernel(touchpoints, wanted, size / Environment.ProcessorCount), ct);
        foreach (var kernel in kernels) kernel.MoveTo(values, next);
        var medians = new double[Edges];
        Parallel.For(0, Edges, edge =>
        {
            if (counts[edge] == 0) return;
            var count = ranges[edge].Count;
            medians[edge] = ranges[edge].Of(values.AsSpan((int)next[edge] - count, count), counts[edge] % 2 == 0 ? 0.5 : 0);
        });
        return medians;
    }
}
