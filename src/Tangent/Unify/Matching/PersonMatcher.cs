namespace Tangent.Unify;

/// <param name="Cluster">Number of the person of each row: its first row.</param>
/// <param name="Probability">How sure the row's membership is: the probability of its best pair within the cluster; 1 where it is alone.</param>
/// <param name="Undecided">The weights as they would be without anybody's decisions.</param>
/// <param name="Pairs">Pairs that are more likely one person than a ten-thousandth, by falling weight.</param>
internal sealed record MatchResult(int[] Cluster, double[] Probability, List<MatchedPair> Pairs, MatchWeights Weights, PeopleCounts People, Blocking Blocking, MatchWeights Undecided);

/// <summary>Finds the rows that are one person, without rules and without labelled examples.</summary>
internal sealed class PersonMatcher
{
    /// <summary>Probability from which on two rows are one person.</summary>
    public const double Sure = 0.9;

    private const double FirstSure = 0.99;

    /// <summary>Mean weight between two groups from which on they are one person: even odds.</summary>
    private const double LeastOfGroups = 0;
    private const double LeastKept = 1e-4;
    private const double LeastCandidate = -18;
    private const int LearntPairs = 1_000_000;
    private const int RandomPairs = 300_000;

    private readonly PersonTable _table;
    private readonly Blocking _blocking;
    private readonly CancellationToken _ct;

    private PersonMatcher(PersonTable table, CancellationToken ct)
    {
        (_table, _ct) = (table, ct);
        _blocking = new Blocking(table);
    }

    private double AllPairs => _table.Count * (_table.Count - 1.0) / 2;

    public static MatchResult Match(PersonTable table, double sure, KnownPairs known, CancellationToken ct, DecidedPatterns? decided = null)
    {
        var matcher = new PersonMatcher(table, ct);
        var proposed = matcher.Proposed();
        var weights = new MatchWeights([.. table.Columns.Select(c => c.Kind)]) { Prior = Math.Clamp(1.0 / Math.Max(2, table.Count), 1e-9, 0.01) };
        Estimation.Learn(weights, proposed, matcher.Random(null), matcher.AllPairs, randomAreOthers: false);
        var score = new PairScore(table, weights, null);
        var candidates = matcher.Candidates(score);
        var cluster = Clustering.Of(table.Count, candidates, Weight(FirstSure), LeastOfGroups, score.Of, known);

        var people = PeopleCounts.Of(table, cluster, weights, ct);
        var (random, undecided) = (matcher.Random(cluster), weights.Copy());
        Estimation.Learn(undecided, proposed, random, matcher.AllPairs, randomAreOthers: true);
        if (decided is null) weights = undecided;
        else Estimation.Learn(weights, proposed, random, matcher.AllPairs, randomAreOthers: true, decided);
        score = new PairScore(table, weights, people);
        var pairs = matcher.Score(score, candidates);
        cluster = Clustering.Of(table.Count, pairs, Weight(sure), LeastOfGroups, score.Of, known);
        return new MatchResult(cluster, Clustering.BestOf(cluster, pairs, MatchWeights.Probability, known), pairs, weights, people, matcher._blocking, undecided);
    }

    private static double Weight(double probability) => Math.Log2(probability / (1 - probability));

    /// <summary>Patterns of the proposed pairs; of very many a sample, scaled.</summary>
    private PatternCounts Proposed()
    {
        var all = _blocking.Passes.Sum(p => p.Pairs);
        var every = (uint)Math.Max(1, all / LearntPairs);
        var counts = new PatternCounts();
        _blocking.WalkAll(every, () => new PatternCounts(), (own, a, b) =>
        {
            Span<byte> steps = stackalloc byte[_table.Columns.Length];
            _table.Compare(a, b, steps);
            own.Add(steps, every);
        }, counts.Add, _ct);
        return counts;
    }

    private PatternCounts Random(int[]? cluster)
    {
        var counts = new PatternCounts();
        var steps = new byte[_table.Columns.Length];
        var random = new Random(7);
        var draws = (int)Math.Min(RandomPairs, AllPairs * 4);
        for (var i = 0; i < draws; i++)
        {
            var (a, b) = (random.Next(_table.Count), random.Next(_table.Count));
            if (a == b || (cluster is not null && cluster[a] == cluster[b])) continue;
            _table.Compare(a, b, steps);
            counts.Add(steps);
        }

        return counts;
    }

    /// <summary>The proposed pairs that may be one person by what is known before values are counted, far below any threshold.</summary>
    private List<MatchedPair> Candidates(PairScore score)
    {
        var pairs = new List<MatchedPair>();
        _blocking.WalkAll(1, () => new List<MatchedPair>(), (own, a, b) =>
        {
            if (score.Of(a, b) is >= LeastCandidate and var weight) own.Add(new MatchedPair(Math.Min(a, b), Math.Max(a, b), (float)weight));
        }, pairs.AddRange, _ct);
        return pairs;
    }

    private List<MatchedPair> Score(PairScore score, List<MatchedPair> candidates)
    {
        var scored = new MatchedPair[candidates.Count];
        Parallel.For(0, scored.Length, new ParallelOptions { CancellationToken = _ct }, i => scored[i] = candidates[i] with { Weight = (float)score.Of(candidates[i].A, candidates[i].B) });
        return [.. scored.Where(p => p.Weight >= Weight(LeastKept)).OrderByDescending(p => p.Weight).ThenBy(p => p.A).ThenBy(p => p.B)];
    }
}
