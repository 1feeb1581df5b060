using MathNet.Numerics.Distributions;

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
/// <param name="Items">Where they were before, the largest lower bound of the lift first.</param>
/// <param name="Rows">One for each of both, 1 for those who did it: what of it counts while the rest is held fixed.</param>
internal sealed record PrecedingAnswer(long Customers, long Did, long Cases, long Others, IReadOnlyList<Preceding> Items, LivedRows Rows);

/// <param name="Name">The touchpoint.</param>
/// <param name="Cases">Cases who were there before.</param>
/// <param name="Others">Customers compared with who were there before.</param>
/// <param name="Share">Share of the cases, 0 to 1.</param>
/// <param name="OtherShare">Share of those compared with.</param>
/// <param name="Lift">Share ÷ other share: above 1 it comes more often before; half a customer is added to each count.</param>
/// <param name="Low">Lower end of its 95 % interval (Katz and others, Biometrics 34, 1978).</param>
/// <param name="High">Upper end of it.</param>
/// <param name="P">How likely a lift so far from 1 is by accident, where there is none.</param>
internal sealed record Preceding(string Name, long Cases, long Others, double Share, double OtherShare, double Lift, double Low, double High, double P)
{
    /// <summary>Kinds of experiences: how many contacts there were in that time, and how many before it.</summary>
    public const string Contacts = "contacts", Earlier = "earlier";

    /// <param name="name">The touchpoint.</param>
    /// <param name="cases">Cases who were there.</param>
    /// <param name="others">Others who were there.</param>
    /// <param name="ofCases">All cases.</param>
    /// <param name="ofOthers">All others.</param>
    public static Preceding Of(string name, long cases, long others, long ofCases, long ofOthers)
    {
        const double z = 1.959963984540054;
        var (with, n, without, m) = (cases + 0.5, ofCases + 0.5, others + 0.5, ofOthers + 0.5);
        var lift = with / n / (without / m);
        var error = Math.Sqrt(Math.Max(0, (1 / with) - (1 / n) + (1 / without) - (1 / m)));
        // Where everybody was, on both sides, there is nothing to tell.
        var p = error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(Math.Log(lift) / error)) : 1;
        return new Preceding(name, cases, others, PartOf(cases, ofCases), PartOf(others, ofOthers), lift, lift * Math.Exp(-z * error), lift * Math.Exp(z * error), p);
    }

    private static double PartOf(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>The customers behind a number: those who did it or those compared with, all or who were at a touchpoint before.</summary>
public sealed record PrecedingPick(bool Case, string? Name);
