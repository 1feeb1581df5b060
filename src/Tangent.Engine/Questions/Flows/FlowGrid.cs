using System.Buffers;

namespace Tangent.Engine;

/// <summary>
/// The directly-follows graph where touchpoints are few, so that every possible edge has its counts in a grid.
/// A sample says about where the median of each edge lies; then one pass counts everything and collects the times near the medians.
/// How many times are shorter than those collected is counted too, so that the medians are exact; an edge whose median the sample
/// missed is collected again. Where all is little, the sample is everything.
/// </summary>
internal sealed class FlowGrid(JourneyView view, Lens lens, FlowQuestion question, CancellationToken ct)
{
    /// <summary>Beyond this, the counts of all edges would leave the cache.</summary>
    public const int MostTouchpoints = 128;

    private readonly int touchpoints = Math.Max(1, lens.Touchpoints);
    private readonly FlowSums[] sums = new FlowSums[Math.Max(1, lens.Touchpoints * lens.Touchpoints)];
    private readonly double[] medians = new double[Math.Max(1, lens.Touchpoints * lens.Touchpoints)];

    private int Edges => sums.Length;

    public FlowAnswer Ask()
    {
        var ranges = Sample(out var expected);
        var kernels = Collect(ranges, expected, question.CustomersAndMeans);
        foreach (var kernel in kernels) kernel.AddTo(sums);
        var missed = Select(kernels, ranges);
        if (missed.Count > 0)
        {
            ranges = new FlowBins[Edges + 1];
            foreach (var edge in missed) ranges[edge] = FlowBins.All;
            Select(Collect(ranges, missed.Sum(edge => sums[edge].Count), more: false), ranges);
        }

        var answer = new List<FlowEdge>();
        for (var edge = 0; edge < Edges; edge++)
        {
            ref var sum = ref sums[edge];
            if (sum.Count == 0) continue;
            answer.Add(new FlowEdge((ushort)(edge / touchpoints), (ushort)(edge % touchpoints), sum.Count, sum.Customers, medians[edge] / 1000, sum.Ms / (double)sum.Count / 1000));
        }

        answer.Sort(FlowEdge.MostFrequentFirst);
        return new FlowAnswer(kernels.Sum(kernel => kernel.Runs), [.. answer]);
    }

    private FlowBins[] Sample(out long expected)
    {
        var every = Math.Clamp(Scan.Blocks(view) / question.SampleBlocks, 1, question.SampleEvery);
        var sampled = Scan.Run(view, lens, () => new FlowSampleKernel(touchpoints), ct, every);
        foreach (var other in sampled.Skip(1)) sampled[0].Add(other);
        var ranges = new FlowBins[Edges + 1];
        expected = 0;
        for (var edge = 0; edge < Edges; edge++)
        {
            var bins = sampled[0].Bins(edge);
            ranges[edge] = every == 1 ? FlowBins.Of(bins) : FlowBins.Around(bins);
            foreach (var bin in bins.Slice((int)ranges[edge].First, (int)ranges[edge].Width)) expected += bin * every;
        }

        foreach (var kernel in sampled) kernel.Return();
        return ranges;
    }

    private List<FlowGridKernel> Collect(FlowBins[] ranges, long expected, bool more)
    {
        // A little more for each thread than its share: lists that grow are copied.
        var share = (int)Math.Min(Array.MaxLength / 2, expected * 5 / 4 / Environment.ProcessorCount);
        return Scan.Run(view, lens, () => new FlowGridKernel(touchpoints, ranges, share, more), ct);
    }

    // Finds the medians among the times collected, of edges with a range; those whose median is not among them are returned.
    private List<int> Select(List<FlowGridKernel> kernels, FlowBins[] ranges)
    {
        var slots = new uint[Edges + 1];
        var ranks = new int[Edges];
        var missed = new List<int>();
        for (var edge = 0; edge < Edges; edge++)
            if (sums[edge].Count > 0 && ranges[edge].Width > 0 && !Find(kernels, edge, ranges[edge].First == 0 ? 0 : sums[edge].Below, out slots[edge], out ranks[edge])) missed.Add(edge);
        Parallel.For(0, kernels.Count, kernel => kernels[kernel].Keep(slots));
        Select(kernels, ranks);
        foreach (var kernel in kernels) kernel.Return();
        return missed;
    }

    // The times of each edge are put together; of some few the one of a rank is found soon.
    private void Select(List<FlowGridKernel> kernels, int[] ranks)
    {
        var ends = new int[Edges + 1];
        foreach (var kernel in kernels)
            foreach (var packed in kernel.Found) ends[FlowGridKernel.Unpack(packed).Edge + 1]++;
        for (var edge = 0; edge < Edges; edge++) ends[edge + 1] += ends[edge];
        var next = ends[..Edges];
        var values = ArrayPool<long>.Shared.Rent(ends[Edges]);
        foreach (var kernel in kernels)
            foreach (var packed in kernel.Found)
            {
                var (edge, ms) = FlowGridKernel.Unpack(packed);
                values[next[edge]++] = ms;
            }

        Parallel.For(0, Edges, edge =>
        {
            if (ends[edge] < ends[edge + 1]) medians[edge] = Quantile.At(values.AsSpan(ends[edge]..ends[edge + 1]), ranks[edge], sums[edge].Count % 2 == 0 ? 0.5 : 0);
        });
        ArrayPool<long>.Shared.Return(values);
    }

    // The slots in which the middle times of an edge lie, and the rank of the lower one within them.
    private bool Find(List<FlowGridKernel> kernels, int edge, long below, out uint slots, out int rank)
    {
        (slots, rank) = (0, 0);
        long low = (sums[edge].Count - 1) / 2 - below, high = sums[edge].Count / 2 - below, upTo = 0;
        if (low < 0) return false;
        var first = -1;
        for (var slot = 0; slot < FlowSlots.Count; slot++)
        {
            long here = 0;
            foreach (var kernel in kernels) here += kernel.Slots(edge)[slot];
            if (first < 0 && upTo + here > low) (first, rank) = (slot, (int)(low - upTo));
            upTo += here;
            if (upTo <= high) continue;
            slots = (uint)first << 16 | (uint)(slot - first + 1);
            return true;
        }

        return false;
    }
}
