using Tangent.Collect;

namespace Tangent.Analyse;

/// <summary>
/// Drivers of an outcome: a linear regression on all experiences at once, so that what merely goes along with a cause is held apart from it; effects are as sure as the residuals
/// of the customers say (<see cref="RobustErrors"/>); drivers are those that Benjamini and Hochberg's procedure names; their relative weights (Johnson) say how the explained part divides among them.
/// </summary>
internal static class DriverAnalysis
{
    /// <summary>An experience that fewer outcomes had, or had not, is not tested.</summary>
    public const int LeastRows = 30;

    /// <summary>Fewer outcomes than this explain nothing.</summary>
    public const int LeastOutcomes = 200;

    // Customers are put into so many groups by chance, and samples of groups are drawn for the intervals of the weights: as good as samples of customers, and much faster.
    private const int Groups = 100;
    private const int Samples = 200;

    // At least so many outcomes for each experience, the careful one of the usual rules for a regression; the rarest are left out first.
    private const int OutcomesPerExperience = 20;

    // Every pair of them is weighed in each of the hundred groups of customers: time and memory grow with the square.
    private const int MostExperiences = 300;

    public static DriversAnswer Of(LivedRows rows)
    {
        var n = rows.Outcomes.Length;
        var candidates = Candidates(rows);
        var of = rows.CustomerOf.Distinct().LongCount();
        if (n < LeastOutcomes || candidates.Count == 0)
            return new DriversAnswer(rows.Customers, n, of, rows.Open, rows.OneOf, n == 0 ? 0 : rows.Outcomes.Average(), 0, 0, 0, true, [], [], []);

        var moments = MomentsOf(rows, PlacesOf(rows, candidates), candidates.Count, Groups);
        var all = moments.Of([.. Enumerable.Range(0, candidates.Count)]);
        var (taken, along) = Independent.Of(all.Matrix, Enumerable.Range(0, candidates.Count));
        var covariances = moments.Of(taken);
        var coefficients = covariances.Coefficients();
        var errors = RobustErrors.Of(rows, PlacesOf(rows, [.. taken.Select(i => candidates[i])]), covariances, coefficients);
        var p = errors.Select((error, i) => error.P(coefficients[i])).ToArray();
        var q = FalseDiscoveries.Adjusted(p);
        var named = Enumerable.Range(0, taken.Count).Where(i => q[i] <= FalseDiscoveries.Accepted).ToList();
        var weights = WeightsOf(moments, [.. named.Select(i => taken[i])]);
        var inflations = covariances.Inflations();
        var customers = CustomersOf(rows);
        var items = taken.Select((candidate, i) =>
        {
            var experience = rows.Experiences[candidates[candidate]];
            var (held, sum) = (covariances.Held[i], covariances.SumHeld[i]);
            var place = named.IndexOf(i);
            var weight = place < 0 ? null : (Weight?)weights.Of[place];
            return new Driver(
                experience.Key, experience, customers[candidates[candidate]], (long)held, (long)(n - held), sum / held, ((covariances.Mean * n) - sum) / (n - held), coefficients[i],
                coefficients[i] - errors[i].Reach, coefficients[i] + errors[i].Reach, p[i], q[i], place >= 0, weight?.Value, weight?.Low, weight?.High, inflations[i]);
        });
        return new DriversAnswer(
            rows.Customers, n, of, rows.Open, rows.OneOf, covariances.Mean, covariances.RSquared(coefficients), weights.Sum, taken.Count, false,
            [.. items.OrderByDescending(d => d.IsDriver).ThenByDescending(d => d.Weight ?? 0).ThenBy(d => d.P)],
            [.. along.Select(pair => new GoesAlong(rows.Experiences[candidates[pair.Key]].Key, rows.Experiences[candidates[pair.Key]], rows.Experiences[candidates[pair.Value]]))],
            PenaltyReward.Of(rows));
    }

    /// <summary>Experiences that enough outcomes had and had not: being at a touchpoint before its circumstances, the frequent before the rare.</summary>
    public static List<int> Candidates(LivedRows rows)
    {
        var counts = new int[rows.Experiences.Count];
        foreach (var experience in rows.Lived) counts[experience]++;
        var n = rows.Outcomes.Length;
        return [.. Enumerable.Range(0, counts.Length).Where(i => counts[i] >= LeastRows && n - counts[i] >= LeastRows)
            .OrderByDescending(i => counts[i]).Take(Math.Min(n / OutcomesPerExperience, MostExperiences)).OrderBy(i => Turn(rows.Experiences[i].Kind)).ThenByDescending(i => counts[i])];
    }

    /// <summary>How many customers had each experience before an outcome.</summary>
    private static long[] CustomersOf(LivedRows rows)
    {
        var counts = new long[rows.Experiences.Count];
        var last = new int[counts.Length];
        Array.Fill(last, -1);
        for (var row = 0; row < rows.Outcomes.Length; row++)
            foreach (var experience in rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]))
            {
                if (last[experience] == rows.CustomerOf[row]) continue;
                last[experience] = rows.CustomerOf[row];
                counts[experience]++;
            }

        return counts;
    }

    private static int Turn(string kind) => kind switch { "reached" => 0, "with" => 1, "late" => 2, "again" => 3, _ => 4 };

    /// <summary>The place of each experience among some; −1 where it is none of them.</summary>
    public static int[] PlacesOf(LivedRows rows, List<int> some)
    {
        var place = new int[rows.Experiences.Count];
        Array.Fill(place, -1);
        for (var i = 0; i < some.Count; i++) place[some[i]] = i;
        return place;
    }

    /// <param name="rows">The rows.</param>
    /// <param name="place">The predictor of each experience; −1 where it is none.</param>
    /// <param name="predictors">How many there are.</param>
    /// <param name="groups">Customers are put into so many by chance.</param>
    public static Moments MomentsOf(LivedRows rows, int[] place, int predictors, int groups)
    {
        var moments = new Moments(predictors, groups);
        var chance = new Random(1);
        var held = new int[predictors];
        for (int row = 0, group = 0; row < rows.Outcomes.Length; row++)
        {
            if (row == 0 || rows.CustomerOf[row] != rows.CustomerOf[row - 1]) group = chance.Next(groups);
            var count = 0;
            foreach (var experience in rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]))
                if (place[experience] >= 0) held[count++] = place[experience];
            held.AsSpan(0, count).Sort();
            moments.Add(group, rows.Outcomes[row], held.AsSpan(0, count));
        }

        return moments;
    }

    /// <summary>How often each group is in each sample. Always the same draws: a question asked twice has one answer.</summary>
    private static int[][] Draw()
    {
        var chance = new Random(2);
        var samples = new int[Samples][];
        for (var s = 0; s < Samples; s++)
        {
            samples[s] = new int[Groups];
            for (var i = 0; i < Groups; i++) samples[s][chance.Next(Groups)]++;
        }

        return samples;
    }

    private static (Weight[] Of, double Sum) WeightsOf(Moments moments, List<int> named)
    {
        if (named.Count == 0) return ([], 0);
        var samples = Draw();
        var weights = moments.Of(named).Weights();
        var drawn = new double[samples.Length][];
        Parallel.For(0, samples.Length, s => drawn[s] = moments.Of(named, samples[s]).Weights());
        return ([.. weights.Select((weight, i) =>
        {
            var sorted = drawn.Select(d => d[i]).Order().ToArray();
            // The 2.5 % and 97.5 % of the drawn ones.
            return new Weight(weight, sorted[Samples / 40], sorted[^((Samples / 40) + 1)]);
        })], weights.Sum());
    }

    private readonly record struct Weight(double Value, double Low, double High);
}
