using Tangent.Collect;

namespace Tangent.Analyse;

/// <summary>
/// Penalty-reward contrast analysis (PRCA; R. D. Brandt, "A procedure for identifying value-enhancing service components using penalty/reward analysis", 1987; K. Matzler and others,
/// Industrial Marketing Management 33, 2004): one regression of the outcome on good and bad answers at every touchpoint at once. What a bad answer takes and what a good one gives, each
/// compared with an answer between them, sorts touchpoints into basic, performance and excitement factors.
/// </summary>
internal static class PenaltyReward
{
    public const string Basic = "basic", Performance = "performance", Excitement = "excitement", Unclear = "unclear";

    /// <summary>The factors, those that weigh most first; of touchpoints with fewer good, bad or middling answers than <see cref="DriverAnalysis.LeastRows"/> nothing is said.</summary>
    public static IReadOnlyList<Factor> Of(LivedRows rows)
    {
        var counts = new long[rows.Experiences.Count];
        foreach (var experience in rows.Lived) counts[experience]++;
        var at = Enumerable.Range(0, counts.Length).Where(i => rows.Experiences[i].Kind == AnsweredExperiences.Answered
            && Math.Min(counts[i + 1], counts[i + 2]) >= DriverAnalysis.LeastRows && counts[i] - counts[i + 1] - counts[i + 2] >= DriverAnalysis.LeastRows).ToList();
        if (at.Count == 0 || rows.Outcomes.Length < DriverAnalysis.LeastOutcomes) return [];
        var place = new int[counts.Length];
        Array.Fill(place, -1);
        // Of each touchpoint three in a row: answered, pleased, displeased.
        for (var i = 0; i < at.Count; i++)
            for (var kind = 0; kind < 3; kind++) place[at[i] + kind] = (3 * i) + kind;
        var moments = DriverAnalysis.MomentsOf(rows, place, 3 * at.Count, 1);
        var covariances = moments.Of([.. Enumerable.Range(0, 3 * at.Count)]);
        // Only what never varies goes: where everybody answered, having answered is no difference. That nearly all answers are good makes the errors large, as it should.
        var (taken, _) = Independent.Of(covariances.Matrix, Enumerable.Range(0, 3 * at.Count).OrderBy(i => i % 3 == 0), double.PositiveInfinity, leastOwn: 1e-6);
        var of = Enumerable.Range(0, at.Count).Where(i => taken.Contains((3 * i) + 1) && taken.Contains((3 * i) + 2)).ToList();
        taken.Sort();
        var among = moments.Of(taken);
        var coefficients = among.Coefficients();
        int Column(int predictor) => taken.IndexOf(predictor);
        for (var i = 0; i < place.Length; i++) place[i] = place[i] < 0 ? -1 : Column(place[i]);
        var sums = of.Select(i => (Column((3 * i) + 1), Column((3 * i) + 2))).ToList();
        var errors = RobustErrors.Of(rows, place, among, coefficients, sums);
        return [.. of.Select((i, turn) =>
        {
            var (good, bad) = sums[turn];
            // Where the outcome is a loss, what a good answer gives is less of it.
            var sign = rows.IsLoss ? -1 : 1;
            return Sorted(
                rows.Experiences[at[i]], counts.AsSpan(at[i], 3), (sign * coefficients[good], errors[good]), (-sign * coefficients[bad], errors[bad]), (sign * (coefficients[good] + coefficients[bad]), errors[taken.Count + turn]));
        }).OrderByDescending(f => f.Range)];
    }

    private static Factor Sorted(
        LivedExperience answered, ReadOnlySpan<long> counts, (double Value, RobustError Error) reward, (double Value, RobustError Error) penalty, (double Value, RobustError Error) contrast)
    {
        Effect Of((double Value, RobustError Error) e) => new(e.Value, e.Value - e.Error.Reach, e.Value + e.Error.Reach);
        var (gives, takes, more) = (Of(reward), Of(penalty), Of(contrast));
        var kind = more.High < 0 && takes.Low > 0 ? Basic : more.Low > 0 && gives.Low > 0 ? Excitement : takes.Low > 0 && gives.Low > 0 ? Performance : Unclear;
        return new Factor(answered.Touchpoint!, answered.Key, kind, counts[0], counts[1], counts[2], takes, gives, more);
    }
}

/// <summary>An effect with its 95 % interval.</summary>
/// <param name="Value">Points of the score, or a difference of shares.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of it.</param>
public sealed record Effect(double Value, double Low, double High);

/// <summary>What good and bad answers at a touchpoint do to the outcome, with those at all other touchpoints held fixed.</summary>
/// <param name="Touchpoint">Where they were asked.</param>
/// <param name="Key">Names who answered where customers are picked.</param>
/// <param name="Kind"><c>basic</c>: a bad answer takes more than a good one gives; <c>excitement</c>: a good one gives more; <c>performance</c>: both count, neither clearly more; <c>unclear</c>: chance alone can explain it.</param>
/// <param name="Answered">Outcomes after an answer there.</param>
/// <param name="Pleased">After a good one.</param>
/// <param name="Displeased">After a bad one.</param>
/// <param name="Penalty">What a bad answer takes, compared with one between good and bad; of churn: by how much more leave.</param>
/// <param name="Reward">What a good answer gives; of churn: by how much fewer leave.</param>
/// <param name="Contrast">Reward less penalty.</param>
public sealed record Factor(string Touchpoint, string Key, string Kind, long Answered, long Pleased, long Displeased, Effect Penalty, Effect Reward, Effect Contrast)
{
    /// <summary>From a bad to a good answer.</summary>
    public double Range => Penalty.Value + Reward.Value;
}
