namespace Tangent.Collect;

/// <summary>What customers lived through before something they did, compared with others at the same times.</summary>
/// <param name="Cases">What they did, as funnel's steps are written; any of them; 1 to 20. Of a customer the first counts.</param>
/// <param name="Window">How long before.</param>
/// <param name="Filter">Events and customers looked at.</param>
public sealed record PrecedingQuestion(IReadOnlyList<string> Cases, TimeSpan Window, JourneyFilter Filter)
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(90);
}

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="Did">Customers who did it.</param>
/// <param name="Cases">Of them, those with any event in the time before.</param>
/// <param name="Others">Customers compared with.</param>
/// <param name="Items">Where they were before, the largest lower bound of the lift first; then those too few were at.</param>
public sealed record PrecedingAnswer(long Customers, long Did, long Cases, long Others, IReadOnlyList<Preceding> Items);

/// <param name="Name">The touchpoint.</param>
/// <param name="Cases">Cases who were there before.</param>
/// <param name="Others">Customers compared with who were there before.</param>
/// <param name="Share">Share of the cases, 0 to 1.</param>
/// <param name="OtherShare">Share of those compared with.</param>
/// <param name="Lift">Share ÷ other share: above 1 it comes more often before; half a customer is added to each count.</param>
/// <param name="Low">Lower end of its 95 % interval (Katz and others, Biometrics 34, 1978).</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Verdict"><c>more</c> or <c>less</c> where the interval excludes 1, <c>unclear</c> where it does not, <c>tooFew</c> under 30 customers who were there.</param>
public sealed record Preceding(string Name, long Cases, long Others, double Share, double OtherShare, double Lift, double Low, double High, string Verdict);

/// <summary>The customers behind a number: those who did it or those compared with, all or who were at a touchpoint before.</summary>
public sealed record PrecedingPick(bool Case, string? Name);
