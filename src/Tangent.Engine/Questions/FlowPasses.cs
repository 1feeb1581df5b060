using System.Runtime.InteropServices;

namespace Tangent.Engine;

/// <summary>The three passes of the directly-follows graph.</summary>
internal sealed class FlowPasses<TIds>(JourneyView view, Lens lens, bool collapse, CancellationToken ct)
    where TIds : struct, IKeyIds
{
    /// <summary>So many edges' histograms are held at once by a thread; more edges take more passes.</summary>
    private const int EdgesPerPass = 8192;

    private readonly int touchpoints = Math.Max(1, lens.Touchpoints);

    public FlowAnswer Ask(Func<TIds> ids)
    {
        var counted = Scan.Run(view, lens, () => new FlowCountKernel<TIds>(touchpoints, collapse, ids()), ct);
        var edges = Merge(counted);
        var numbers = ids();
        // All are numbered before the threads read the table: it must not grow under them.
        foreach (var edge in edges) numbers.Of(edge.Key);
        var medians = new double[edges.Count];
        for (var first = 0; first < edges.Count; first += EdgesPerPass)
            Medians(CollectionsMarshal.AsSpan(edges).Slice(first, Math.Min(EdgesPerPass, edges.Count - first)).ToArray(), numbers, medians.AsSpan(first));

        var answer = edges.Select((edge, index) => new FlowEdge(
            (ushort)(edge.Key / touchpoints), (ushort)(edge.Key % touchpoints), edge.Count, edge.Customers,
            medians[index] / 1000, edge.SumMs / edge.Count / 1000)).ToArray();
        Array.Sort(answer, (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.From != b.From ? a.From.CompareTo(b.From) : a.To.CompareTo(b.To));
        return new FlowAnswer(counted.Sum(kernel => kernel.Customers), answer);
    }

    private static List<Edge> Merge(List<FlowCountKernel<TIds>> kernels)
    {
        var numbers = new Dictionary<long, int>();
        var edges = new List<Edge>();
        foreach (var kernel in kernels)
            foreach (var (key, tally) in kernel.Tallies())
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key, out var known);
                if (!known)
                {
                    number = edges.Count;
                    edges.Add(new Edge(key, 0, 0, 0));
                }

                var edge = edges[number];
                edges[number] = new Edge(key, edge.Count + tally.Count, edge.Customers + tally.Customers, edge.SumMs + tally.SumMs);
            }

        return edges;
    }

    private void Medians(Edge[] group, TIds numbers, Span<double> medians)
    {
        var index = IndexOf(group, numbers);
        var histograms = Scan.Run(view, lens, () => new FlowHistogramKernel<TIds>(touchpoints, collapse, numbers, index, group.Length), ct);
        var ranges = new FlowRange[group.Length];
        var next = new long[group.Length];
        long size = 0;
        for (var edge = 0; edge < group.Length; edge++)
        {
            ranges[edge] = FlowRange.Of(histograms, edge, group[edge].Count);
            next[edge] = size;
            size += ranges[edge].Count;
        }

        var values = GC.AllocateUninitializedArray<long>(checked((int)size));
        var starts = (long[])next.Clone();
        Scan.Run(view, lens, () => new FlowCollectKernel<TIds>(touchpoints, collapse, numbers, index, ranges, next, values), ct);
        var found = new double[group.Length];
        Parallel.For(0, group.Length, edge =>
        {
            var range = ranges[edge];
            found[edge] = range.MedianOf(values.AsSpan((int)starts[edge], (int)range.Count));
        });
        found.CopyTo(medians);
    }

    // By number as the table of ids gives it; -1 where an edge is not in the group at hand.
    private static int[] IndexOf(Edge[] group, TIds numbers)
    {
        var index = new int[numbers.Count];
        index.AsSpan().Fill(-1);
        for (var edge = 0; edge < group.Length; edge++) index[numbers.Of(group[edge].Key)] = edge;
        return index;
    }

    private readonly record struct Edge(long Key, long Count, long Customers, double SumMs);
}

/// <summary>The bins of times around the median of one edge.</summary>
/// <param name="FirstBin">Bin of the lower middle value.</param>
/// <param name="LastBin">Bin of the upper middle value; bins between are empty.</param>
/// <param name="Rank">Rank of the lower middle value among the values of the two bins.</param>
/// <param name="Count">Values in the two bins.</param>
/// <param name="IsEven">Whether there are two middle values.</param>
internal readonly record struct FlowRange(int FirstBin, int LastBin, int Rank, long Count, bool IsEven)
{
    public static FlowRange Of<TIds>(List<FlowHistogramKernel<TIds>> histograms, int edge, long count)
        where TIds : struct, IKeyIds
    {
        long lower = (count - 1) / 2, upper = count / 2, before = 0, inBins = 0;
        int firstBin = -1, bin = 0, rank = 0;
        for (; ; bin++)
        {
            long here = 0;
            foreach (var histogram in histograms) here += histogram.Of(edge)[bin];
            if (firstBin < 0 && before + here > lower)
            {
                firstBin = bin;
                rank = (int)(lower - before);
            }

            before += here;
            if (firstBin >= 0) inBins += here;
            if (before > upper) break;
        }

        return new FlowRange(firstBin, bin, rank, inBins, upper > lower);
    }

    public double MedianOf(Span<long> values)
    {
        var low = Quantile.Select(values, Rank);
        if (!IsEven) return low;
        var high = long.MaxValue;
        foreach (var value in values[(Rank + 1)..]) high = Math.Min(high, value);
        return (low + high) / 2.0;
    }
}
