namespace Tangent.Collect;

/// <summary>Which touchpoints the same customers were at, in any order.</summary>
/// <param name="Top">Pairs listed, those of most customers, 1 to 10,000.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record CoOccurrenceQuestion(int Top, JourneyFilter Filter)
{
    public const int UsualTop = 500;
    public const int MostTop = 10_000;
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Total">Pairs of touchpoints that anybody was at.</param>
/// <param name="Touchpoints">Reach of each touchpoint, the largest first.</param>
/// <param name="Items">The pairs of most customers first.</param>
public sealed record CoOccurrenceAnswer(long Customers, long Total, IReadOnlyList<TouchpointReach> Touchpoints, IReadOnlyList<CoOccurrence> Items);

/// <param name="Name">The touchpoint.</param>
/// <param name="Customers">Customers who were there.</param>
/// <param name="Reach">Their share of all customers, 0 to 1.</param>
/// <param name="Low">Lower end of its 95 % interval (Wilson).</param>
/// <param name="High">Upper end of it.</param>
public sealed record TouchpointReach(string Name, long Customers, double Reach, double Low, double High);

/// <param name="At">One touchpoint, the one more customers were at.</param>
/// <param name="With">The other.</param>
/// <param name="Customers">Customers who were at both.</param>
/// <param name="Share">Their share of all customers, 0 to 1.</param>
/// <param name="Lift">Share ÷ the product of both reaches: 1 where the two have nothing to do with each other.</param>
/// <param name="Low">Lower end of the lift's 95 % interval: that of the share (Wilson) ÷ the product of both reaches.</param>
/// <param name="High">Upper end of it.</param>
public sealed record CoOccurrence(string At, string With, long Customers, double Share, double Lift, double Low, double High);

/// <summary>The customers who were at both.</summary>
public sealed record CoOccurrencePick(string At, string With);
