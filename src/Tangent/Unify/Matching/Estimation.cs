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

    /// <summary>A value that two persons share more often does not vouch for them; no more than one such chance a row is let in.</summary>
    private const double MostTelling = 0.002;

    /// <summary>A value as rare as a birthday vouches among however many rows: who agrees in it by chance agrees in little else.</summary>
    private const double AlwaysTelling = 1e-4;

    /// <summary>Share of pairs in which a telling column must be filled, to tell.</summary>
    private const double LeastFilled = 0.25;

    /// <summary>Of pairs that are one person, at least so many agree in a telling value and one more: e-mail or birthday with name is .69 on a set full of blanks and mistakes.</summary>
    private const double LeastVouched = 0.4;

    /// <summary>A value in which more pairs agree that are certainly two persons is a household's, such as a telephone, and vouches for nobody.</summary>
    private const double MostOfTwo = 0.05;

    /// <summary>Fewer pairs with both values say nothing yet.</summary>
    private const double LeastSeen = 1;

    /// <summary>Fewer pairs that are vouched for say less than what is usual.</summary>
    private const double LeastVouchedPairs = 10;

    /// <param name="weights">Where to begin; takes what is learned.</param>
    /// <param name="proposed">Patterns of the proposed pairs, scaled to all of them.</param>
    /// <param name="random">Patterns of pairs drawn at random.</param>
    /// <param name="allPairs">How many pairs of rows there are.</param>
    /// <param name="randomAreOthers">The random pairs are known to be two persons each.</param>
    /// <param name="decided">
    /// Pairs that somebody has decided (labelled data beside the unlabelled; Nigam et al. 2000): those of one person count for m like any other,
    /// those of two are certainly none of the proposed matches, and count for u by their share of all pairs, as the random ones do.
    /// </param>
    public static void Learn(MatchWeights weights, PatternCounts proposed, PatternCounts random, double allPairs, bool randomAreOthers, DecidedPatterns? decided = null)
    {
        var columns = weights.Same.Length;
        decided ??= new DecidedPatterns();
        // Where they are too few to say all, what was known before says the rest.
        var before = decided.Same.All.Any() ? weights.Copy().Same : null;
        var others = (decided.Other, Share: Math.Min(1, random.All.Sum(p => p.Pairs) / allPairs));
        LearnOther(weights, random, others, trusted: true);
        var telling = Telling(weights, proposed, random, allPairs);
        var most = telling.Vouch ? MostMatches(telling, proposed) / allPairs : 0.5;
        weights.Prior = Math.Min(weights.Prior, most);
        for (var round = 0; round < MostRounds; round++)
        {
            var sums = Sums(columns, decided.Same, 1);
            double matches = 0;
            foreach (var (pattern, pairs) in proposed.All)
            {
                var same = Math.Max(0, pairs - decided.Other.Of(pattern)) * Probability(weights, pattern);
                matches += same;
                for (var c = 0; c < columns; c++)
                    if (!telling.Vouch || telling.Columns.Exists(t => t != c && PatternCounts.Step(pattern, t) == Agreement.Equal)) sums[c][PatternCounts.Step(pattern, c)] += same;
            }

            var change = Take(weights.Same, sums, telling.Vouch ? LeastVouchedPairs : LeastSeen, before);
            var prior = Math.Clamp(matches / allPairs, 1e-12, most);
            change = Math.Max(change, Math.Abs(Math.Log(prior / weights.Prior)) / 10);
            weights.Prior = prior;
            if (!randomAreOthers) LearnOther(weights, random, others, trusted: false);
            if (change < Settled) break;
        }
    }

    /// <summary>
    /// The columns whose values hardly two persons share. Where they are filled often enough to vouch, what a column is worth is learned of the
    /// pairs that another of these vouches for, and no more pairs are taken for one person than these let expect: where few are there twice, the
    /// many who merely have one name would be learned from instead. (The ideas of blocking on one column to learn the others, and of a prior by
    /// deterministic rules of known recall: Splink's documentation, "Estimating model parameters".)
    /// </summary>
    private static (List<int> Columns, bool Vouch, double Filled) Telling(MatchWeights weights, PatternCounts proposed, PatternCounts random, double allPairs)
    {
        var telling = Enumerable.Range(0, weights.Other.Length).Where(c => weights.Other[c][Agreement.Equal] is var u && (u < AlwaysTelling || (u < MostTelling && u * allPairs <= Math.Sqrt(2 * allPairs))) && !IsOfHouseholds(c, weights, proposed)).ToList();
        var (filled, all) = (0.0, 0.0);
        foreach (var (pattern, pairs) in random.All)
        {
            all += pairs;
            if (telling.Exists(c => PatternCounts.Step(pattern, c) != Agreement.Missing)) filled += pairs;
        }

        return (telling, telling.Count > 1 && filled > LeastFilled * all, filled / Math.Max(1, all));
    }

    private static bool IsOfHouseholds(int column, MatchWeights weights, PatternCounts proposed)
    {
        var (two, told) = (0.0, 0.0);
        foreach (var (pattern, pairs) in proposed.All)
        {
            if (PatternCounts.Step(pattern, column) != Agreement.Equal || !weights.SayWho(pattern)) continue;
            told += pairs;
            if (weights.AreTwo(pattern)) two += pairs;
        }

        return two > MostOfTwo * told;
    }

    private static double MostMatches((List<int> Columns, bool Vouch, double Filled) telling, PatternCounts proposed)
    {
        double vouched = 0;
        foreach (var (pattern, pairs) in proposed.All)
            if (telling.Columns.Exists(t => PatternCounts.Step(pattern, t) == Agreement.Equal)) vouched += pairs;
        return Math.Max(1, vouched) / (LeastVouched * telling.Filled);
    }

    public static double Probability(MatchWeights weights, ulong pattern)
    {
        if (weights.AreTwo(pattern)) return 0;
        var weight = weights.Start;
        for (var c = 0; c < weights.Same.Length; c++) weight += weights.Of(c, PatternCounts.Step(pattern, c));
        return MatchWeights.Probability(weight);
    }

    /// <summary>u: of random pairs few are one person; with first weights these are left out.</summary>
    private static void LearnOther(MatchWeights weights, PatternCounts random, (PatternCounts Decided, double Share) known, bool trusted)
    {
        var sums = Sums(weights.Other.Length, known.Decided, known.Share);
        foreach (var (pattern, pairs) in random.All)
        {
            var others = trusted ? pairs : pairs * (1 - Probability(weights, pattern));
            for (var c = 0; c < sums.Length; c++) sums[c][PatternCounts.Step(pattern, c)] += others;
        }

        Take(weights.Other, sums, LeastSeen);
    }

    /// <summary>By column and step, how many of these pairs agree so.</summary>
    private static double[][] Sums(int columns, PatternCounts pairs, double share)
    {
        var sums = new double[columns][];
        for (var c = 0; c < columns; c++)
        {
            sums[c] = new double[Agreement.Steps];
            foreach (var (pattern, count) in pairs.All) sums[c][PatternCounts.Step(pattern, c)] += count * share;
        }

        return sums;
    }

    /// <summary>Turns sums by step into shares; blanks say nothing.</summary>
    /// <param name="target">Where the shares go.</param>
    /// <param name="sums">Pairs by column and step.</param>
    /// <param name="least">Fewer pairs leave the shares as they are, or are filled up to so many.</param>
    /// <param name="before">Shares with which too few pairs are filled up; none where they are left out.</param>
    /// <returns>The largest change.</returns>
    private static double Take(double[][] target, double[][] sums, double least, double[][]? before = null)
    {
        double change = 0;
        for (var c = 0; c < target.Length; c++)
        {
            var filled = sums[c].Sum() - sums[c][Agreement.Missing];
            var missing = Math.Max(0, least - filled);
            if (missing > 0 && before is null) continue;
            for (var s = 1; s < Agreement.Steps; s++)
            {
                var share = (((sums[c][s] + (missing > 0 ? missing * before![c][s] : 0)) / (filled + missing)) + Seldom) / (1 + (Seldom * (Agreement.Steps - 1)));
                change = Math.Max(change, Math.Abs(share - target[c][s]));
                target[c][s] = share;
            }
        }

        return change;
    }
}
