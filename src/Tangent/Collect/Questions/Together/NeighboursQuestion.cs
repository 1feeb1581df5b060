namespace Tangent.Collect;

/// <summary>What comes in the steps before and after a touchpoint, compared with what comes around any event.</summary>
/// <param name="At">The touchpoint in the middle.</param>
/// <param name="Steps">Events looked at on either side, 1 to 20.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record NeighboursQuestion(string At, int Steps, JourneyFilter Filter)
{
    public const int UsualSteps = 3;
    public const int MostSteps = 20;
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Events">Their events: the n of the base rates.</param>
/// <param name="With">Customers who were at the touchpoint.</param>
/// <param name="Cases">Its events: the n of the shares.</param>
/// <param name="Before">What comes before it, the most frequent first.</param>
/// <param name="After">What comes after it, the most frequent first.</param>
public sealed record NeighboursAnswer(long Customers, long Events, long With, long Cases, IReadOnlyList<Neighbour> Before, IReadOnlyList<Neighbour> After);

/// <param name="Name">The neighbour.</param>
/// <param name="Cases">Events of the touchpoint in the middle that have it among the steps.</param>
/// <param name="Customers">Customers with such an event.</param>
/// <param name="Share">Of all events of the touchpoint in the middle, 0 to 1.</param>
/// <param name="ShareLow">Lower end of the share's 95 % interval (Wilson).</param>
/// <param name="ShareHigh">Upper end of it.</param>
/// <param name="BaseRate">Share of all events, of whatever touchpoint, that have it among the steps.</param>
/// <param name="Lift">Share ÷ base rate: above 1 it comes more often here than elsewhere.</param>
/// <param name="Low">Lower end of the lift's 95 % interval: that of the share ÷ base rate.</param>
/// <param name="High">Upper end of it.</param>
public sealed record Neighbour(
    string Name, long Cases, long Customers, double Share, double ShareLow, double ShareHigh, double BaseRate, double Lift, double Low, double High);

/// <summary>The customers with a neighbour at least once; without a name all who were at the touchpoint in the middle.</summary>
public sealed record NeighbourPick(string? Name, bool Before);
