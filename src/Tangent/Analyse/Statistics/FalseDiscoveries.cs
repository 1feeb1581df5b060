namespace Tangent.Analyse;

/// <summary>
/// Of many things tested at once some look significant by accident. Y. Benjamini and Y. Hochberg (Journal of the Royal Statistical Society B 57, 1995) name only so many that
/// among the named ones the share of accidents is expected to be at most that asked for.
/// </summary>
internal static class FalseDiscoveries
{
    /// <summary>The share of accidents that is accepted.</summary>
    public const double Accepted = 0.05;

    /// <summary>For each p-value the least share of accidents at which its test would be named: min over the larger ones of p·m ÷ rank, at most 1.</summary>
    public static double[] Adjusted(IReadOnlyList<double> p)
    {
        var order = Enumerable.Range(0, p.Count).OrderByDescending(i => p[i]).ToArray();
        var adjusted = new double[p.Count];
        var least = 1.0;
        for (var i = 0; i < order.Length; i++) adjusted[order[i]] = least = Math.Min(least, p[order[i]] * p.Count / (p.Count - i));
        return adjusted;
    }
}
