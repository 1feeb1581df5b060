namespace Tangent.Engine;

/// <summary>Counts sequences, all of them or only the most frequent.</summary>
internal sealed class VariantCounting(JourneyView view, Lens lens, VariantsQuestion question, CancellationToken ct)
{
    public (long Customers, long Total, List<(ushort[] Touchpoints, long Customers)> Top) All()
    {
        var kernels = Scan.Run(view, lens, () => new VariantsKernel(lens.Touchpoints, new SeenHashes(view.Customers), question.HashMask), ct);
        var (directs, shorts, seen) = (kernels[0].Directs, kernels[0].Shorts, kernels[0].Seen);
        foreach (var kernel in kernels.Skip(1))
        {
            directs.Add(kernel.Directs);
            seen.Add(kernel.Seen);
        }

        Parallel.For(0, ShortVariantCounts.Parts, part =>
        {
            foreach (var kernel in kernels.Skip(1)) shorts.AddPart(part, kernel.Shorts);
        });

        // Where few sequences come again, those that came once are listed too, and all are kept.
        var (longs, alone) = Longs(shorts.MostEvents, view.Customers < question.FewCustomers ? HashPlaces.All : seen.Repeated);
        var top = Top(directs, shorts, longs);
        if (alone > 0 && (top.Count < question.Limit || (top.Count > 0 && top[^1].Customers == 1)))
        {
            (longs, alone) = Longs(shorts.MostEvents, HashPlaces.All);
            top = Top(directs, shorts, longs);
        }

        var total = directs.Distinct + shorts.Distinct + longs.Sum(part => (long)part.Distinct) + alone;
        return (kernels.Sum(kernel => kernel.Customers), total, top);
    }

    public (long Customers, long Total, List<(ushort[] Touchpoints, long Customers)> Top) MostFrequent()
    {
        var kernels = Scan.Run(view, lens, () => new VariantPlacesKernel(lens.Touchpoints, question.HashMask), ct);
        var sum = kernels[0];
        foreach (var other in kernels.Skip(1)) sum.Add(other);
        var top = sum.Directs.Top(question.Limit);
        // What is less frequent than so many short sequences is not listed.
        var least = question.Limit == 0 ? long.MaxValue : top.Count < question.Limit ? 1 : top[^1].Customers;
        if (sum.AtLeast(least) is not { } places) return (sum.Customers, 0, top);
        // Where most places qualify, most long sequences would be kept: to know first which of them come again is less.
        if (places.Share > 0.5)
        {
            var all = All();
            return (all.Customers, 0, all.Top);
        }

        var (longs, _) = Longs(sum.Directs.MostEvents, places);
        return (sum.Customers, 0, Top(sum.Directs, null, longs));
    }

    private (VariantTable[] Tables, long Others) Longs(int longerThan, HashPlaces wanted)
    {
        var kernels = Scan.Run(view, lens, () => new LongVariantsKernel(longerThan, wanted, question.HashMask), ct);
        var tables = kernels[0].Tables;
        Parallel.For(0, tables.Length, part =>
        {
            foreach (var kernel in kernels.Skip(1)) tables[part].Add(kernel.Tables[part]);
        });
        return (tables, kernels.Sum(kernel => kernel.Others));
    }

    private List<(ushort[] Touchpoints, long Customers)> Top(DirectVariants directs, ShortVariantCounts? shorts, VariantTable[] longs)
    {
        var limit = question.Limit;
        var shortParts = shorts is null ? 0 : ShortVariantCounts.Parts;
        var tops = new List<(ushort[] Touchpoints, long Customers)>[shortParts + longs.Length];
        Parallel.For(0, tops.Length, part => tops[part] = part < shortParts ? shorts!.Top(part, limit) : longs[part - shortParts].Top(limit));
        var top = tops.SelectMany(part => part).Concat(directs.Top(limit)).ToList();
        top.Sort(VariantTable.MostFrequentFirst);
        if (top.Count > limit) top.RemoveRange(limit, top.Count - limit);
        return top;
    }
}
