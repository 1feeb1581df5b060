namespace Tangent.Engine;

/// <summary>
/// The three passes of the directly-follows graph. The first counts; the second spreads the times of frequent edges over bins, to find
/// where their medians lie; the third collects the times of those bins, and all times of the other edges.
/// </summary>
internal sealed class FlowPasses<TIds>(JourneyView view, Lens lens, FlowQuestion question, CancellationToken ct)
    where TIds : struct, IKeyIds
{
    private readonly int touchpoints = Math.Max(1, lens.Touchpoints);

    public FlowAnswer Ask(Func<TIds> newIds)
    {
        var counted = Scan.Run(view, lens, () => new FlowCountKernel<TIds>(touchpoints, newIds()), ct);
        var ids = newIds();
        var edges = Merge(counted, ids);
        var ranges = Ranges(edges, ids);
        var medians = Medians(edges, ids, ranges);
        var answer = edges.Select((edge, index) => new FlowEdge(
            (ushort)(edge.Key / touchpoints), (ushort)(edge.Key % touchpoints), edge.Count, question.CustomersAndMeans ? edge.Customers : 0,
            medians[index] / 1000, question.CustomersAndMeans ? edge.SumMs / edge.Count / 1000 : 0)).ToArray();
        Array.Sort(answer, FlowEdge.MostFrequentFirst);
        return new FlowAnswer(counted.Sum(kernel => kernel.Customers), answer);
    }

    // Afterwards the ids hold every edge: the threads of the later passes read them, and they must not grow under them.
    private static Edge[] Merge(List<FlowCountKernel<TIds>> kernels, TIds ids)
    {
        var sums = new GrowingList<Edge>();
        var index = new GrowingList<int>();
        foreach (var kernel in kernels)
            foreach (var (key, tally) in kernel.Tallies())
            {
                var id = ids.Of(key);
                while (index.Count <= id) index.Add(-1);
                ref var at = ref index.Items[id];
                if (at < 0)
                {
                    at = sums.Count;
                    sums.Add(new Edge(key, 0, 0, 0));
                }

                ref var edge = ref sums.Items[at];
                edge = new Edge(key, edge.Count + tally.Count, edge.Customers + tally.Customers, edge.SumMs + tally.SumMs);
            }

        return sums.Items.ToArray();
    }

    private FlowRange[] Ranges(Edge[] edges, TIds ids)
    {
        // At most 8,192 edges can be as frequent as this, so one pass has room for all their histograms.
        var frequent = Math.Max(question.HistogramFrom, edges.Sum(edge => edge.Count) / 8192 + 1);
        var ranges = new FlowRange[edges.Length];
        var histogramOf = new int[ids.Count];
        histogramOf.AsSpan().Fill(-1);
        var histograms = 0;
        for (var edge = 0; edge < edges.Length; edge++)
        {
            ranges[edge] = FlowRange.All(edges[edge].Count);
            if (edges[edge].Count >= frequent) histogramOf[ids.Of(edges[edge].Key)] = histograms++;
        }

        if (histograms == 0) return ranges;
        var kernels = Scan.Run(view, lens, () => new FlowHistogramKernel<TIds>(touchpoints, ids, histogramOf, histograms), ct);
        Parallel.For(0, edges.Length, edge =>
        {
            var histogram = histogramOf[ids.Of(edges[edge].Key)];
            if (histogram >= 0) ranges[edge] = FlowRange.Of(kernels, histogram, edges[edge].Count);
        });
        return ranges;
    }

    private double[] Medians(Edge[] edges, TIds ids, FlowRange[] ranges)
    {
        var starts = new long[edges.Length];
        var plan = new FlowCollection(ids.Count);
        long size = 0;
        for (var edge = 0; edge < edges.Length; edge++)
        {
            starts[edge] = size;
            plan.Add(ids.Of(edges[edge].Key), ranges[edge], size);
            size += ranges[edge].Count;
        }

        var values = GC.AllocateUninitializedArray<long>(checked((int)size));
        Scan.Run(view, lens, () => new FlowCollectKernel<TIds>(touchpoints, ids, plan, values), ct);
        var medians = new double[edges.Length];
        Parallel.For(0, edges.Length, edge => medians[edge] = ranges[edge].MedianOf(values.AsSpan((int)starts[edge], (int)ranges[edge].Count)));
        return medians;
    }

    private readonly record struct Edge(long Key, long Count, long Customers, double SumMs);
}

/// <summary>The times around the median of one edge, as bins.</summary>
/// <param name="FirstBin">Bin of the lower middle value, or before it.</param>
/// <param name="LastBin">Bin of the upper middle value, or behind it.</param>
/// <param name="Rank">Rank of the lower middle value among the values of these bins.</param>
/// <param name="Count">Values in these bins.</param>
/// <param name="IsEven">Whether there are two middle values.</param>
internal readonly record struct FlowRange(int FirstBin, int LastBin, int Rank, long Count, bool IsEven)
{
    public static FlowRange All(long count) => new(0, DurationBins.Count - 1, (int)((count - 1) / 2), count, count % 2 == 0);

    public static FlowRange Of<TIds>(List<FlowHistogramKernel<TIds>> kernels, int histogram, long count)
        where TIds : struct, IKeyIds
    {
        long lower = (count - 1) / 2, upper = count / 2, before = 0, inBins = 0;
        int firstBin = -1, bin = 0, rank = 0;
        for (; ; bin++)
        {
            long here = 0;
            foreach (var kernel in kernels) here += kernel.Of(histogram)[bin];
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

    public double MedianOf(Span<long> values) => Quantile.At(values, Rank, IsEven ? 0.5 : 0);
}

/// <summary>Where the third pass puts the times of each edge, by id.</summary>
internal sealed class FlowCollection(int ids)
{
    public readonly long[] Next = new long[ids];

    /// <summary>First bin in the upper half, number of bins in the lower; none where the id is no edge.</summary>
    public readonly uint[] Bins = new uint[ids];

    public void Add(int id, in FlowRange range, long start)
    {
        Next[id] = start;
        Bins[id] = (uint)range.FirstBin << 16 | (uint)(range.LastBin - range.FirstBin + 1);
    }
}
