namespace Tangent.Collect;

/// <summary>Which touchpoints go along with a conversion, among the customers who entered.</summary>
/// <param name="Start">Touchpoint that enters; null for the first event, whatever it is.</param>
/// <param name="Goal">Touchpoint that converts.</param>
/// <param name="Window">Time from entry to conversion.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record CorrelationQuestion(string? Start, string Goal, TimeSpan Window, JourneyFilter Filter)
{
    /// <summary>A touchpoint fewer customers were at is not shown.</summary>
    public const int LeastCustomers = 25;

    /// <summary>Nor one that a smaller share of the entrants was at.</summary>
    public const double LeastShare = 0.02;

    /// <summary>Where one side is more than so many times the other, the figures are warned of.</summary>
    public const int MostSkew = 10;

    public static readonly TimeSpan UsualWindow = TimeSpan.FromDays(14);
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Entrants">Customers who entered.</param>
/// <param name="Converted">Those who converted within the window.</param>
/// <param name="Skewed">There are more than ten times as many on one side, converted or not, as on the other.</param>
/// <param name="TooFew">Touchpoints not listed because fewer than 25 customers or 2 % of the entrants were there.</param>
/// <param name="Items">The strongest first, in either direction.</param>
public sealed record CorrelationAnswer(long Customers, long Entrants, long Converted, bool Skewed, int TooFew, IReadOnlyList<Correlation> Items);

/// <param name="Name">The touchpoint.</param>
/// <param name="DidAndConverted">Customers who were there between entry and conversion.</param>
/// <param name="DidNotConvert">Customers who were there within the window and did not convert.</param>
/// <param name="ConvertedWithout">Customers who converted without having been there.</param>
/// <param name="Neither">Customers who did neither.</param>
/// <param name="OddsRatio">Above 1: those who were there converted more often; 1 is added to each of the four numbers.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
public sealed record Correlation(
    string Name, long DidAndConverted, long DidNotConvert, long ConvertedWithout, long Neither, double OddsRatio, double Low, double High);

/// <summary>The customers behind a cell: who were at <paramref name="Name"/> or were not, and converted or not. Without a name: all entrants, or those who did or did not convert.</summary>
public sealed record CorrelationPick(string? Name, bool Did, bool? Converted);
