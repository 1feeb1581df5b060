namespace Tangent.Collect;

/// <summary>In which order customers come to touchpoints for the first time.</summary>
/// <param name="Touchpoints">Names, at most <see cref="MostTouchpoints"/>; one that stands there twice counts once.</param>
/// <param name="Anchors">The first so many: only customers who were at one of these count. 0: all count.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record FirstsQuestion(IReadOnlyList<string> Touchpoints, int Anchors, JourneyFilter Filter)
{
    /// <summary>What one pass of the engine tells apart.</summary>
    public const int MostTouchpoints = 64;
}

/// <param name="Customers">Customers who count.</param>
/// <param name="Items">The touchpoints, in the order of the question.</param>
public sealed record FirstsAnswer(long Customers, IReadOnlyList<FirstVisits> Items)
{
    /// <summary>
    /// The usual order: by the mean, over all others, of the share of the customers at both who came to the touchpoint before the other.
    /// Nobody at both says nothing about the two. Of equals the one with more customers is first.
    /// </summary>
    public IReadOnlyList<FirstVisits> InOrder() => [.. Items.OrderByDescending(i => i.Earliness()).ThenByDescending(i => i.Customers).ThenBy(i => i.Name, StringComparer.Ordinal)];
}

/// <param name="Name">The touchpoint.</param>
/// <param name="Customers">Customers who were there.</param>
/// <param name="Before">By place in the question: who were at both, and here first.</param>
/// <param name="After">By place in the question: who were at both, and there first.</param>
public sealed record FirstVisits(string Name, long Customers, IReadOnlyList<long> Before, IReadOnlyList<long> After)
{
    /// <summary>0 for what comes last, 1 for what comes first.</summary>
    public double Earliness()
    {
        List<double> shares = [.. Before.Zip(After).Where(p => p.First + p.Second > 0).Select(p => (double)p.First / (p.First + p.Second))];
        return shares.Count == 0 ? 0.5 : shares.Average();
    }

    /// <summary>
    /// Its place among touchpoints that stand in an order: where fewest customers came to it and another the other way round.
    /// </summary>
    /// <param name="order">Places in the question of those that stand in an order.</param>
    /// <returns>Before which of them, from 0; their number for behind all.</returns>
    public int PlaceAmong(IReadOnlyList<int> order)
    {
        // Standing first of all, whoever came to one of the others earlier is the wrong way round; a place further on rights those and wrongs others.
        var wrong = order.Sum(other => After[other]);
        var (place, fewest) = (0, wrong);
        for (var at = 0; at < order.Count; at++)
        {
            wrong += Before[order[at]] - After[order[at]];
            if (wrong < fewest) (place, fewest) = (at + 1, wrong);
        }

        return place;
    }
}
