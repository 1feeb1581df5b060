namespace Tangent.Engine;

/// <summary>
/// The directly-follows graph: which touchpoint directly follows which, how often, for how many customers, and after how long.
/// Medians are exact. Cost: up to 128 touchpoints one pass over all, and before it one over a sample that tells about where the medians lie (seldom another,
/// where the sample missed one); beyond, three passes: the first counts, the second finds the range each median lies in, the third collects only those ranges.
/// </summary>
public sealed record FlowQuestion : JourneyQuestion
{
    /// <summary>Whether immediate repeats of a touchpoint count as one (times are then taken from the first of the repeats to the next other touchpoint's first); kept by default.</summary>
    public bool CollapseRepeats { get; init; }

    /// <summary>Whether the edges have their customers and mean times besides count and median; they have by default.</summary>
    public bool CustomersAndMeans { get; init; } = true;

    // Edges as frequent as this take the way over histograms; a test lowers it.
    internal long HistogramFrom { get; init; } = 4096;

    // Up to so many touchpoints the grid is asked; a test takes the other way with few.
    internal int GridUpTo { get; init; } = FlowGrid.MostTouchpoints;

    // Medians are looked for in every so-many-th block first, but in at least so many.
    internal int SampleEvery { get; init; } = 8;

    internal int SampleBlocks { get; init; } = 32;

    /// <summary>Asks.</summary>
    public FlowAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var lens = LensOn(view, CollapseRepeats);
        if (lens.Touchpoints <= GridUpTo) return new FlowGrid(view, lens, this, ct).Ask();
        var dense = (long)lens.Touchpoints * lens.Touchpoints <= DenseIds.Most;
        return dense
            ? new FlowPasses<DenseIds>(view, lens, this, ct).Ask(() => new DenseIds(lens.Touchpoints * lens.Touchpoints))
            : new FlowPasses<HashedIds>(view, lens, this, ct).Ask(() => new HashedIds());
    }

    /// <summary>The customers behind an edge.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="from">Touchpoint left.</param>
    /// <param name="to">Touchpoint directly after it.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Customers(JourneyView view, ushort from, ushort to, int limit = int.MaxValue, CancellationToken ct = default)
    {
        if (CollapseRepeats && from == to) return new CustomersBehind([], 0);
        return CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            for (var i = first + 1; i < end; i++)
                if (batch.Touchpoints[i - 1] == from && batch.Touchpoints[i] == to) return true;
            return false;
        }), limit, ct);
    }
}

/// <summary>The directly-follows graph.</summary>
/// <param name="Customers">Customers with a journey.</param>
/// <param name="Edges">All edges by count, largest first; equal ones by from, to.</param>
public sealed record FlowAnswer(long Customers, FlowEdge[] Edges);

/// <summary>One touchpoint directly after another.</summary>
/// <param name="From">Touchpoint left.</param>
/// <param name="To">Touchpoint directly after it.</param>
/// <param name="Count">How often.</param>
/// <param name="Customers">For how many customers; 0 where it is not asked for.</param>
/// <param name="MedianSeconds">Exact median of the time between; of an even number the mean of the middle two.</param>
/// <param name="MeanSeconds">Mean of the time between; 0 where it is not asked for.</param>
public readonly record struct FlowEdge(ushort From, ushort To, long Count, long Customers, double MedianSeconds, double MeanSeconds)
{
    internal static readonly Comparison<FlowEdge> MostFrequentFirst = (a, b) =>
        a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.From != b.From ? a.From.CompareTo(b.From) : a.To.CompareTo(b.To);
}
