namespace Tangent.Unify;

/// <summary>
/// Learns m, u and the prior from unlabelled pairs by expectation maximisation (Dempster, Laird and Rubin 1977; Winkler 1988). The proposed
/// pairs hold nearly all true ones, so what is learned of them holds for all pairs; u comes from pairs drawn at random.
/// </summary>
internal static class Estimation
{
    private const int MostRounds = 60;
    private const double Settled = 1e-5;

    /// <summary>A step that was never seen may still occur.</summary>
    private const double Seldom = 1e-5;

    /// <summary>Fewer pairs with both values say nothing yet.</summary>
    private const double LeastSeen = 1;

    /// <param name="weights">Where to begin; takes what is learned.</param>
    /// <param name="proposed">Patterns of the proposed pairs, scaled to all of them.</param>
    /// <param name="random">Patterns of pairs drawn at random.</param>
    /// <param name="allPairs">How many pairs of rows there are.</param>
    /// <param name="randomAreOthers">The random pairs are known to be two persons each.</param>
    public static void Learn(MatchWeights weights, PatternCounts proposed, PatternCounts random, double allPairs, bool randomAreOthers)
    {
        var columns = weights.Same.Length;
        LearnOther(weights, random, trusted: true);
        for (var round = 0; round < MostRounds; round++)
        {
            var sums = new double[columns][];
            for (var c = 0; c < columns; c++) sums[c] = new double[Agreement.Steps];
            double matches = 0;
            foreach (var (pattern, pairs) in proposed.All)
            {
                var same = pairs * Probability(weights, pattern);
                matches += same;
                for (var c = 0; c < columns; c++) sums[c][PatternCounts.Step(pattern, c)] += same;
            }

            var change = Take(weights.Same, sums, matches);
            var prior = Math.Clamp(matches / allPairs, 1e-12, 0.5);
            change = Math.Max(change, Math.Abs(Math.Log(prior / weights.Prior)) / 10);
            weights.Prior = prior;
            if (!randomAreOthers) LearnOther(weights, random, trusted: false);
            if (change < Settled) break;
        }
    }

    public static double Probability(MatchWeights weights, ulong pattern)
    {
        var weight = weights.Start;
        for (var c = 0; c < weights.Same.Length; c++) weight += weights.Of(c, PatternCounts.Step(pattern, c));
        return MatchWeights.Probability(weight);
    }

    /// <summary>u: of random pairs few are one person; with first weights these are left out.</summary>
    private static void LearnOther(MatchWeights weights, PatternCounts random, bool trusted)
    {
        var sums = new double[weights.Other.Length][];
        for (var c = 0; c < sums.Length; c++) sums[c] = new double[Agreement.Steps];
        double all = 0;
        foreach (var (pattern, pairs) in random.All)
        {
            var others = trusted ? pairs : pairs * (1 - Probability(weights, pattern));
            all += others;
            for (var c = 0; c < sums.Length; c++) sums[c][PatternCounts.Step(pattern, c)] += others;
        }

        Take(weights.Other, sums, all);
    }

    /// <summary>Turns sums by step into shares; blanks say nothing.</summary>
    /// <returns>The largest change.</returns>
    private static double Take(double[][] target, double[][] sums, double all)
    {
        double change = 0;
        for (var c = 0; c < target.Length; c++)
        {
            var filled = all - sums[c][Agreement.Missing];
            if (filled < LeastSeen) continue;
            for (var s = 1; s < Agreement.Steps; s++)
            {
                var share = ((sums[c][s] / filled) + Seldom) / (1 + (Seldom * (Agreement.Steps - 1)));
                change = Math.Max(change, Math.Abs(share - target[c][s]));
                target[c][s] = share;
            }
        }

        return change;
    }
}
