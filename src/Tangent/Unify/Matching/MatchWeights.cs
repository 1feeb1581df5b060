namespace Tangent.Unify;

/// <summary>
/// What each step of agreement is worth (Fellegi and Sunter 1969): m, how often it occurs among pairs that are one person, against u, how
/// often among pairs that are two. The weight is log2(m / u); weights of columns add up, with the odds that any two rows are one person.
/// </summary>
internal sealed class MatchWeights
{
    /// <param name="columns">How many columns are compared.</param>
    public MatchWeights(int columns)
    {
        Same = new double[columns][];
        Other = new double[columns][];
        for (var c = 0; c < columns; c++)
        {
            // Before anything is learned: mistakes are the exception. A column in which no two rows are filled stays without weight.
            Same[c] = [0, 0.08, 0.04, 0.04, 0.06, 0.76, 0.02];
            Other[c] = [.. Same[c]];
        }
    }

    /// <summary>m by column and step; the steps but <see cref="Agreement.Missing"/> add up to 1.</summary>
    public double[][] Same { get; }

    /// <summary>u by column and step.</summary>
    public double[][] Other { get; }

    /// <summary>Share of all pairs of rows that are one person.</summary>
    public double Prior { get; set; } = 1e-4;

    /// <summary>Weight of a step where the value does not matter.</summary>
    public double Of(int column, int step) => step == Agreement.Missing ? 0 : Math.Log2(Same[column][step] / Other[column][step]);

    /// <summary>Weight with which a pair begins: the odds of <see cref="Prior"/>.</summary>
    public double Start => Math.Log2(Prior / (1 - Prior));

    /// <summary>The probability that belongs to a weight.</summary>
    public static double Probability(double weight) => 1 / (1 + Math.Pow(2, -weight));
}
