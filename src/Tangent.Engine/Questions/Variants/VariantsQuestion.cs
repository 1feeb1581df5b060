namespace Tangent.Engine;

/// <summary>
/// The exact sequences of touchpoints that journeys follow, with how many customers follow each.
/// Sequences are compared in full; hashes only find candidates. Cost: one pass, a second over the long journeys, and a third for the durations.
/// </summary>
public sealed record VariantsQuestion : JourneyQuestion
{
    /// <summary>Whether immediate repeats of a touchpoint count as one; kept by default.</summary>
    public bool CollapseRepeats { get; init; }

    /// <summary>At most so many variants are listed, the most frequent.</summary>
    public int Limit { get; init; } = 100;

    // Below this, all sequences are kept from the start; a test lowers it.
    internal int FewCustomers { get; init; } = 50_000;

    // A test narrows the hash to force collisions.
    internal ulong HashMask { get; init; } = ulong.MaxValue;

    /// <summary>Asks.</summary>
    public VariantsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Limit);
        var lens = LensOn(view, CollapseRepeats);
        var kernels = Scan.Run(view, lens, () => new VariantsKernel(lens.Touchpoints, new SeenHashes(view.Customers), HashMask), ct);
        var (shorts, seen) = (kernels[0].Shorts, kernels[0].Seen);
        foreach (var kernel in kernels.Skip(1)) seen.Add(kernel.Seen);
        Parallel.For(0, ShortVariantCounts.Parts, part =>
        {
            foreach (var kernel in kernels.Skip(1)) shorts.AddPart(part, kernel.Shorts);
        });

        // Where few sequences come again, those that came once are listed too, and all are kept.
        if (view.Customers < FewCustomers) seen.RepeatAll();
        var (longs, alone) = Longs(view, lens, shorts.MostEvents, seen, ct);
        var top = Top(shorts, longs);
        if (alone > 0 && (top.Count < Limit || (top.Count > 0 && top[^1].Customers == 1)))
        {
            seen.RepeatAll();
            (longs, alone) = Longs(view, lens, shorts.MostEvents, seen, ct);
            top = Top(shorts, longs);
        }

        var durations = MedianDurations(view, top, ct);
        var items = top.Select((variant, index) => new Variant(variant.Touchpoints, variant.Customers, durations[index]));
        return new VariantsAnswer(kernels.Sum(kernel => kernel.Customers), shorts.Distinct + longs.Sum(part => (long)part.Distinct) + alone, [.. items]);
    }

    /// <summary>The customers who follow a sequence exactly.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoints">The sequence, as the answer gave it.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, ushort[] touchpoints, int limit = int.MaxValue, CancellationToken ct = default) =>
        CustomersKernel.Ask(view, LensOn(view, CollapseRepeats), () => new VariantCustomersKernel(touchpoints), limit, ct);

    private (VariantTable[] Tables, long Alone) Longs(JourneyView view, Lens lens, int longerThan, SeenHashes seen, CancellationToken ct)
    {
        var kernels = Scan.Run(view, lens, () => new LongVariantsKernel(longerThan, seen, HashMask), ct);
        var tables = kernels[0].Tables;
        Parallel.For(0, tables.Length, part =>
        {
            foreach (var kernel in kernels.Skip(1)) tables[part].Add(kernel.Tables[part]);
        });
        return (tables, kernels.Sum(kernel => kernel.Alone));
    }

    private List<(ushort[] Touchpoints, long Customers)> Top(ShortVariantCounts shorts, VariantTable[] longs)
    {
        var tops = new List<(ushort[] Touchpoints, long Customers)>[ShortVariantCounts.Parts + longs.Length];
        Parallel.For(0, tops.Length, part =>
            tops[part] = part < ShortVariantCounts.Parts ? shorts.Top(part, Limit) : longs[part - ShortVariantCounts.Parts].Top(Limit));
        var top = tops.SelectMany(part => part).ToList();
        top.Sort(VariantTable.MostFrequentFirst);
        if (top.Count > Limit) top.RemoveRange(Limit, top.Count - Limit);
        return top;
    }

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
/// <param name="Total">Number of different variants.</param>
/// <param name="Items">The most frequent ones, most frequent first; equal ones in the order of their touchpoint codes, a prefix first.</param>
public sealed record VariantsAnswer(long Customers, long Total, Variant[] Items);

/// <summary>One variant.</summary>
/// <param name="Touchpoints">The sequence.</param>
/// <param name="Customers">Customers who follow it.</param>
/// <param name="MedianDurationMs">Median time from the first event to the last.</param>
public sealed record Variant(ushort[] Touchpoints, long Customers, double MedianDurationMs);
