using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>Which touchpoints matter, and how they are doing. What data says of importance is found by correlation: it is where to look first, not proof of a cause.</summary>
/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="By">derived or stated: which importance places the touchpoints.</param>
/// <param name="ImportanceCut">Mean importance of the placed touchpoints, of all that have one where none of these is a driver: above it one is important.</param>
/// <param name="PerformanceCut">Mean performance of the placed touchpoints: below it one is weak.</param>
/// <param name="Outcomes">Outcomes that the derived importance was found from.</param>
/// <param name="TooFew">Too few outcomes for a derived importance.</param>
/// <param name="Goals">What counts as buying again where a point's worth is said.</param>
/// <param name="WithinSeconds">Within what time.</param>
/// <param name="Currency">Reporting currency of revenue.</param>
/// <param name="Items">Fix now first, then by importance.</param>
public sealed record PrioritiesAnswer(
    long Customers, string By, double? ImportanceCut, double? PerformanceCut, long Outcomes, bool TooFew, IReadOnlyList<string> Goals, double WithinSeconds, string Currency, IReadOnlyList<Priority> Items)
{
    /// <summary>What the answers measure whose score the derived importance explains; null where it explains something else.</summary>
    public string? Metric { get; init; }

    /// <summary>What these answers are of: company, any, or a touchpoint; null without a metric.</summary>
    public string? About { get; init; }
}

/// <param name="Touchpoint">The touchpoint.</param>
/// <param name="TouchpointId">Its number in the catalogue; null where the catalogue has none of this name.</param>
/// <param name="Reached">Customers who were there.</param>
/// <param name="Reach">Their share of all customers in the filter, 0 to 1.</param>
/// <param name="ReachLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="ReachHigh">Upper end of it.</param>
/// <param name="Derived">What the data says of its importance; null where it could not be tested.</param>
/// <param name="Stated">What the people of the company say; null where nobody voted.</param>
/// <param name="Performance">Its mean answer brought to 0 to 100; null where nobody was asked.</param>
/// <param name="Quadrant">fixNow, keep, maintain or watch; notAsked where it has no score, notKnown where it has no importance.</param>
/// <param name="Unsure">The interval of the performance or of the derived importance holds the cut: it may as well belong to the quadrant beside.</param>
/// <param name="Guess">agrees, guessedHigher (people think it more important than the data says) or guessedLower; null where either is missing.</param>
/// <param name="Gap">Points of performance that are missing to the target, else to 100; null without a score.</param>
/// <param name="Target">Performance of the target; null where none is set.</param>
/// <param name="MomentOfTruth">Derived: effect × reach × gap ÷ 100; without a score effect × reach; null where one of these is missing.</param>
/// <param name="Worth">What one point of performance goes along with; null where that cannot be said.</param>
public sealed record Priority(
    string Touchpoint, int? TouchpointId, long Reached, double Reach, double ReachLow, double ReachHigh, DerivedImportance? Derived, StatedImportance? Stated, PerformanceFigure? Performance,
    string Quadrant, bool Unsure, string? Guess, double? Gap, double? Target, double? MomentOfTruth, PointWorth? Worth)
{
    /// <summary>Its strength as a moment of truth stands without a gap, as it has no score.</summary>
    public bool NoGap => MomentOfTruth > 0 && Gap is null;
}

/// <param name="Importance">Its part of what all drivers explain, 0 to 1: the relative weights of what customers live through there; 0 where nothing of it is a driver.</param>
/// <param name="Low">Lower end of the 95 % interval, of several drivers together at least as wide.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Effect">Sum of the sizes of its drivers' effects on the outcome.</param>
/// <param name="N">Outcomes after its most frequent experience.</param>
/// <param name="Drivers">Keys of the drivers there.</param>
public sealed record DerivedImportance(double Importance, double Low, double High, double Effect, long N, IReadOnlyList<string> Drivers)
{
    /// <summary>Fewer than 30 outcomes.</summary>
    public bool TooFew => N < Figures.Enough;
}

/// <param name="Importance">Median of the votes, 0 to 10; null where nobody said it.</param>
/// <param name="N">Votes with an importance.</param>
/// <param name="MomentsOfTruth">Share of the voters who think it a moment of truth.</param>
/// <param name="Low">Lower end of its 95 % interval (Wilson).</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Voters">Who voted.</param>
public sealed record StatedImportance(double? Importance, int N, double MomentsOfTruth, double Low, double High, int Voters)
{
    /// <summary>Fewer than 30 votes.</summary>
    public bool TooFew => Voters < Figures.Enough;
}

/// <param name="Metric">The metric with the most answers there.</param>
/// <param name="Value">The mean answer brought to 0 (lowest mark) to 100 (highest).</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="N">Answers.</param>
public sealed record PerformanceFigure(string Metric, double Value, double Low, double High, long N)
{
    /// <summary>Fewer than 30 answers.</summary>
    public bool TooFew => N < Figures.Enough;
}

/// <summary>How much more often customers bought again, and for how much, per point by which their answer was better. A correlation.</summary>
/// <param name="Repurchase">Share of customers more, per point.</param>
/// <param name="RepurchaseLow">Lower end of its 95 % interval (bootstrap).</param>
/// <param name="RepurchaseHigh">Upper end of it.</param>
/// <param name="Revenue">Revenue of a customer more, per point.</param>
/// <param name="RevenueLow">Lower end of its 95 % interval (bootstrap).</param>
/// <param name="RevenueHigh">Upper end of it.</param>
/// <param name="AtStake">Revenue per point times the customers who were there.</param>
/// <param name="N">Answers of customers whose time is over.</param>
public sealed record PointWorth(double Repurchase, double RepurchaseLow, double RepurchaseHigh, double Revenue, double RevenueLow, double RevenueHigh, double AtStake, long N)
{
    /// <summary>Fewer than 30 answers.</summary>
    public bool TooFew => N < Figures.Enough;
}
