namespace Tangent.Engine;

/// <summary>
/// The exact sequences of touchpoints that journeys follow, with how many customers follow each.
/// Sequences are compared in full; hashes only find candidates. Cost: one pass, a second over long journeys, and a third for the durations.
/// </summary>
public sealed record VariantsQuestion : JourneyQuestion
{
    /// <summary>Whether immediate repeats of a touchpoint count as one; kept by default.</summary>
    public bool CollapseRepeats { get; init; }

    /// <summary>At most so many variants are listed, the most frequent.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Whether the number of different variants is counted; it is by default. Without it, all that is rare is passed over.</summary>
    public bool CountTotal { get; init; } = true;

    /// <summary>Whether the listed variants have their durations; they have by default.</summary>
    public bool Durations { get; init; } = true;

    // Below this, all sequences are kept from the start; a test lowers it.
    internal int FewCustomers { get; init; } = 50_000;

    // A test narrows the hash to force collisions.
    internal ulong HashMask { get; init; } = ulong.MaxValue;

    /// <summary>Asks.</summary>
    public VariantsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Limit);
        var counting = new VariantCounting(view, LensOn(view, CollapseRepeats), this, ct);
        var (customers, total, top) = CountTotal ? counting.All() : counting.MostFrequent();
        var durations = Durations ? MedianDurations(view, top, ct) : new double[top.Count];
        return new VariantsAnswer(customers, total, [.. top.Select((variant, index) => new Variant(variant.Touchpoints, variant.Customers, durations[index]))]);
    }

    /// <summary>The customers who follow a sequence exactly.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoints">The sequence, as the answer gave it.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, ushort[] touchpoints, int limit = int.MaxValue, CancellationToken ct = default) =>
        CustomersKernel.Ask(view, LensOn(view, CollapseRepeats), () => new VariantCustomersKernel(touchpoints), limit, ct);

    private unsafe double[] MedianDurations(JourneyView view, List<(ushort[] Touchpoints, long Customers)> top, CancellationToken ct)
    {
        var medians = new double[top.Count];
        if (top.Count == 0) return medians;
        var wanted = new VariantTable(HashMask);
        var next = new long[top.Count];
        var ends = new int[top.Count];
        var size = 0;
        for (var index = 0; index < top.Count; index++)
        {
            // Hashing reads three codes beyond the end.
            ushort[] sequence = [.. top[index].Touchpoints, 0, 0, 0];
            fixed (ushort* codes = sequence) wanted.Count(top[index].Touchpoints, VariantTable.HashOf(codes, top[index].Touchpoints.Length), 1);
            next[index] = size;
            ends[index] = size = checked(size + (int)top[index].Customers);
        }

        var longest = top.Max(variant => variant.Touchpoints.Length);
        // How many durations there are of each is known: all threads put them into one array.
        var durations = GC.AllocateUninitializedArray<long>(size);
        Scan.Run(view, LensOn(view), () => new VariantDurationsKernel(CollapseRepeats, wanted, longest, next, durations), ct);
        Parallel.For(0, top.Count, index => medians[index] = Quantile.Of(durations.AsSpan(ends[index] - (int)top[index].Customers, (int)top[index].Customers), 0.5));
        return medians;
    }
}

/// <summary>The variants of journeys.</summary>
/// <param name="Customers">Customers with a journey; each follows one variant.</param>
/// <param name="Total">Number of different variants; 0 where it is not asked for.</param>
/// <param name="Items">The most frequent ones, most frequent first; equal ones in the order of their touchpoint codes, a prefix first.</param>
public sealed record VariantsAnswer(long Customers, long Total, Variant[] Items);

/// <summary>One variant.</summary>
/// <param name="Touchpoints">The sequence.</param>
/// <param name="Customers">Customers who follow it.</param>
/// <param name="MedianDurationMs">Median time from the first event to the last; 0 where it is not asked for.</param>
public sealed record Variant(ushort[] Touchpoints, long Customers, double MedianDurationMs);
