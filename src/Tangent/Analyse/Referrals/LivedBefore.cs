using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Analyse;

/// <summary>Who was at a touchpoint before recommending.</summary>
/// <param name="Name">The touchpoint.</param>
/// <param name="Cases">Of those who recommended.</param>
/// <param name="Others">Of those they are compared with.</param>
/// <param name="Share">Share of those who recommended, 0 to 1.</param>
/// <param name="OtherShare">Share of those compared with.</param>
/// <param name="Lift">Share ÷ other share: above 1 it comes more often before a recommendation.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="P">How likely a lift so far from 1 is by accident, where there is none.</param>
/// <param name="Q">The same with as many touchpoints as were compared in mind (Benjamini and Hochberg); null where it is not judged.</param>
/// <param name="Verdict"><c>more</c> or <c>less</c> with q up to 5 %, <c>unclear</c> above, <c>tooFew</c> under 30 customers who were there or who recommended.</param>
/// <param name="HeldQ">The same q while all other touchpoints and the number of contacts are held fixed; null where it cannot be said.</param>
/// <param name="Held"><c>more</c> or <c>less</c> also then; <c>unclear</c> where it merely goes along with others; <c>as</c> where it cannot be told from another; <c>tooFew</c> under 30 customers on one side.</param>
/// <param name="HeldAs">The touchpoint it cannot be told from.</param>
public sealed record Before(
    string Name, long Cases, long Others, double Share, double OtherShare, double Lift, double Low, double High, double P, double? Q, string Verdict, double? HeldQ, string Held, string? HeldAs);

/// <summary>
/// What comes more often before a recommendation, by itself and with all else held fixed. Who has many contacts has more of each, and who is a customer more of what only customers do: by itself nearly
/// everything comes more often before a recommendation. So a linear regression of who recommended on all touchpoints at once, with the number of contacts, says what of it is left (errors as in
/// <see cref="RobustErrors"/>). Of all that is named, by either, at most 5 % are expected to be accidents.
/// </summary>
internal static class LivedBefore
{
    public const string More = "more", Less = "less", Unclear = "unclear", TooFew = "tooFew", As = "as";

    private sealed record HeldFixed(double? Q, string Verdict, string? With);

    public static IReadOnlyList<Before> Of(PrecedingAnswer answer)
    {
        var held = Held(answer);
        List<Preceding> judged = [.. answer.Items.Where(p => answer.Cases >= Figures.Enough && p.Cases + p.Others >= Figures.Enough)];
        var q = FalseDiscoveries.Adjusted([.. judged.Select(p => p.P)]);
        // What stands by itself comes first.
        return [.. judged.Select((p, i) => Row(p, q[i], held)).OrderByDescending(b => b is { Verdict: More, Held: More or As }).Concat(answer.Items.Except(judged).Select(p => Row(p, null, held)))];
    }

    private static Before Row(Preceding p, double? q, Dictionary<string, HeldFixed> held)
    {
        var fixedly = held.GetValueOrDefault(p.Name) ?? new HeldFixed(null, TooFew, null);
        return new Before(p.Name, p.Cases, p.Others, p.Share, p.OtherShare, p.Lift, p.Low, p.High, p.P, q, Verdict(q, p.Lift > 1), fixedly.Q, fixedly.Verdict, fixedly.With);
    }

    private static string Verdict(double? q, bool more) => q is null ? TooFew : q > FalseDiscoveries.Accepted ? Unclear : more ? More : Less;

    /// <summary>By touchpoint.</summary>
    private static Dictionary<string, HeldFixed> Held(PrecedingAnswer answer)
    {
        var rows = answer.Rows;
        var recommended = rows.Outcomes.Count(o => o > 0);
        if (recommended < Figures.Enough || rows.Outcomes.Length - recommended < Figures.Enough) return [];
        var candidates = DriverAnalysis.Candidates(rows);
        var moments = DriverAnalysis.MomentsOf(rows, DriverAnalysis.PlacesOf(rows, candidates), candidates.Count, 1);
        // The number of contacts is held fixed, not asked for: it comes first.
        var order = Enumerable.Range(0, candidates.Count).OrderBy(i => rows.Experiences[candidates[i]].Kind == "reached").ToList();
        var (taken, along) = Independent.Of(moments.Of([.. Enumerable.Range(0, candidates.Count)]).Matrix, order);
        var covariances = moments.Of(taken);
        var coefficients = covariances.Coefficients();
        var errors = RobustErrors.Of(rows, DriverAnalysis.PlacesOf(rows, [.. taken.Select(i => candidates[i])]), covariances, coefficients);
        var asked = Enumerable.Range(0, taken.Count).Where(i => Name(taken[i]) is not null).ToList();
        var q = FalseDiscoveries.Adjusted([.. asked.Select(i => errors[i].P(coefficients[i]))]);
        var held = asked.Select((i, turn) => (Name: Name(taken[i])!, Of: new HeldFixed(q[turn], Verdict(q[turn], coefficients[i] > 0), null))).ToDictionary(h => h.Name, h => h.Of);
        foreach (var (candidate, with) in along)
            if (Name(candidate) is { } name) held[name] = Name(with) is { } other && held[other].Verdict is More or Less ? new HeldFixed(null, As, other) : new HeldFixed(null, Unclear, null);
        return held;

        string? Name(int candidate) => rows.Experiences[candidates[candidate]].Touchpoint;
    }
}
