namespace Tangent.Unify;

/// <summary>
/// What each step of agreement is worth (Fellegi and Sunter 1969): m, how often it occurs among pairs that are one person, against u, how
/// often among pairs that are two. The weight is log2(m / u); weights of columns add up, with the odds that any two rows are one person.
/// </summary>
internal sealed class MatchWeights
{
    /// <summary>Weight of a pair that is certainly two persons.</summary>
    public const double OfTwo = -30;

    /// <summary>Where fewer of those who are one agree in such a column, the others were joined before.</summary>
    private const double LeastAgreeing = 0.3;

    private readonly int[] _ofOnePerson;

    /// <param name="columns">What the compared columns hold.</param>
    public MatchWeights(IReadOnlyList<ColumnKind> columns)
    {
        List<ColumnKind> kinds = [.. columns];
        // Before anything is learned: mistakes are the exception, and what hardly two persons share is worth much. A column of another kind in
        // which no two rows are filled stays without weight.
        Same = [.. columns.Select(_ => Usual())];
        Other = [.. columns.Select(kind => RarelyShared(kind) is < 0.005 and var rare ? [0, 0.965 - rare, 0.02, 0.01, 0.004, rare, 0.001] : Usual())];

        // A pair that differs in both is two persons, whatever else they share: families share the surname, the address and the telephone.
        _ofOnePerson = [.. new[] { ColumnKind.GivenName, ColumnKind.Date }.Select(kind => kinds.IndexOf(kind)).Where(c => c >= 0)];
    }

    private MatchWeights(MatchWeights from) => (Same, Other, Prior, _ofOnePerson) = ([.. from.Same.Select(s => s.ToArray())], [.. from.Other.Select(s => s.ToArray())], from.Prior, from._ofOnePerson);

    /// <summary>The same weights, to learn on from.</summary>
    public MatchWeights Copy() => new(this);

    /// <summary>
    /// The same weights for somebody who comes anew. Where all who agree in a column that tells persons apart are one already, as rules join them, nobody
    /// was left to learn from that agreeing speaks for them; for who comes it is worth what is usual.
    /// </summary>
    /// <param name="columns">What the compared columns hold.</param>
    public MatchWeights ForNewcomers(IReadOnlyList<ColumnKind> columns)
    {
        var weights = Copy();
        for (var c = 0; c < columns.Count; c++)
            if (RarelyShared(columns[c]) < 0.005 && Same[c][Agreement.Equal] < LeastAgreeing) weights.Same[c] = Usual();
        return weights;
    }

    /// <summary>How often two persons of a population share a value of the kind that is not known to be frequent: orders of magnitude, for what a file is too small or too sparsely filled to tell; 1 where nothing can be said.</summary>
    public static double RarelyShared(ColumnKind kind) => kind switch
    {
        ColumnKind.Email or ColumnKind.Phone => 1e-4,
        ColumnKind.Name or ColumnKind.Date => 1e-3,
        ColumnKind.Surname or ColumnKind.Address => 1e-2,
        ColumnKind.GivenName => 3e-2,
        _ => 1,
    };

    /// <summary>m by column and step; the steps but <see cref="Agreement.Missing"/> add up to 1.</summary>
    public double[][] Same { get; }

    /// <summary>u by column and step.</summary>
    public double[][] Other { get; }

    /// <summary>Share of all pairs of rows that are one person.</summary>
    public double Prior { get; set; } = 1e-4;

    /// <summary>Weight of a step where the value does not matter.</summary>
    public double Of(int column, int step) => step == Agreement.Missing ? 0 : Math.Log2(Same[column][step] / Other[column][step]);

    /// <summary>Whether the steps of two columns that say who somebody is, given name and birthday, leave no doubt that a pair is two persons.</summary>
    public bool AreTwo(ReadOnlySpan<byte> steps)
    {
        foreach (var c in _ofOnePerson)
            if (steps[c] != Agreement.Different) return false;
        return _ofOnePerson.Length == 2;
    }

    /// <inheritdoc cref="AreTwo(ReadOnlySpan{byte})"/>
    public bool AreTwo(ulong pattern)
    {
        foreach (var c in _ofOnePerson)
            if (PatternCounts.Step(pattern, c) != Agreement.Different) return false;
        return _ofOnePerson.Length == 2;
    }

    /// <summary>Whether both columns of <see cref="AreTwo(ulong)"/> are filled on both sides.</summary>
    public bool SayWho(ulong pattern) => _ofOnePerson.Length == 2 && Array.TrueForAll(_ofOnePerson, c => PatternCounts.Step(pattern, c) != Agreement.Missing);

    /// <summary>Weight with which a pair begins: the odds of <see cref="Prior"/>.</summary>
    public double Start => Math.Log2(Prior / (1 - Prior));

    /// <summary>The probability that belongs to a weight.</summary>
    public static double Probability(double weight) => 1 / (1 + Math.Pow(2, -weight));

    private static double[] Usual() => [0, 0.08, 0.04, 0.04, 0.06, 0.76, 0.02];
}
