namespace Tangent.Engine;

/// <summary>What all questions about journeys have in common.</summary>
public abstract record JourneyQuestion
{
    /// <summary>
    /// The touchpoint of each signature, codes from 0, dense; <see cref="Code.None"/> leaves an event out of journeys,
    /// and so do signatures beyond the end. What the last two tables say of each event is remembered.
    /// </summary>
    public required ushort[] TouchpointOfSignature { get; init; }

    /// <summary>The table of touchpoints was made for this question alone: nothing is remembered of it.</summary>
    public bool IsPassing { get; init; }

    /// <summary>Which events count.</summary>
    public JourneyFilter Filter { get; init; } = JourneyFilter.Everything;

    internal Lens LensOn(JourneyView view, bool collapseRepeats = false) => Lens.Of(view, TouchpointOfSignature, Filter, collapseRepeats, IsPassing);
}

/// <summary>The customers behind a number.</summary>
/// <param name="Customers">Customer numbers, rising; the lowest ones where there are more than were asked for.</param>
/// <param name="Total">All customers behind the number.</param>
public sealed record CustomersBehind(int[] Customers, long Total);

/// <summary>How long something took, over n cases. Quantiles are exact, interpolated between neighbours (so the median of an even number is the mean of the middle two).</summary>
/// <param name="Count">Number of cases; the times are 0 where there is none.</param>
/// <param name="LowerQuartileMs">A quarter took at most this long.</param>
/// <param name="MedianMs">Half took at most this long.</param>
/// <param name="UpperQuartileMs">Three quarters took at most this long.</param>
public readonly record struct Durations(long Count, double LowerQuartileMs, double MedianMs, double UpperQuartileMs);
