namespace Tangent.Collect;

/// <summary>The exact sequences of touchpoints and how many customers have each.</summary>
/// <param name="Collapse">Immediate repeats count once.</param>
/// <param name="Top">Variants listed, the largest, 1 to 10,000.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record VariantsQuestion(bool Collapse, int Top, JourneyFilter Filter)
{
    /// <summary>Sequences of stages of the life cycle instead of touchpoints; events at touchpoints that the catalogue does not have are left out.</summary>
    public bool ByStage { get; init; }

    /// <summary>Only the sequences and their customers are wanted: their number in all and how long they took are left out, which takes a tenth of the time.</summary>
    public bool OnlySequences { get; init; }
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Total">Different variants in all.</param>
/// <param name="Items">The largest first.</param>
public sealed record VariantsAnswer(long Customers, long Total, IReadOnlyList<Variant> Items);

/// <param name="Steps">Touchpoints (or stages) in order.</param>
/// <param name="Customers">Customers whose journey is exactly this.</param>
/// <param name="Share">Share of all customers, 0 to 1.</param>
/// <param name="MedianSeconds">Median time from first to last event.</param>
/// <param name="Cumulative">Share of all customers who have this or a larger variant, 0 to 1.</param>
public sealed record Variant(IReadOnlyList<string> Steps, long Customers, double Share, double MedianSeconds, double Cumulative);

/// <summary>The customers whose journey is exactly these touchpoints.</summary>
public sealed record VariantPick(IReadOnlyList<string> Steps);
