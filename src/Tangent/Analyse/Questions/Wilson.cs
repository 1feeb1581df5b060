namespace Tangent.Analyse;

/// <summary>An interval of a share, each 0 to 1.</summary>
public readonly record struct ShareInterval(double Lower, double Upper);

/// <summary>Score interval of a proportion.</summary>
public static class Wilson
{
    /// <summary>0.975 quantile of the normal distribution: 95 % two-sided.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The 95 % interval of the share <paramref name="hits"/> of <paramref name="n"/>, without continuity correction: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).</summary>
    /// <remarks>E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical Association 22 (1927) 209–212. It keeps within 0 and 1 and holds its coverage at small n, where p ± 1.96·√(p(1−p)/n) does not.</remarks>
    /// <param name="hits">0 to <paramref name="n"/>.</param>
    /// <param name="n">Customers asked about.</param>
    /// <returns>Null where <paramref name="n"/> is 0: nothing is known.</returns>
    public static ShareInterval? Interval(long hits, long n)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, n);
        if (n == 0) return null;
        double p = (double)hits / n, zz = Z * Z;
        var centre = (p + (zz / (2 * n))) / (1 + (zz / n));
        var half = Z / (1 + (zz / n)) * Math.Sqrt((p * (1 - p) / n) + (zz / (4.0 * n * n)));
        // At the ends the exact value is 0 or 1; rounding leaves 1e-17 there.
        return new ShareInterval(hits == 0 ? 0 : centre - half, hits == n ? 1 : centre + half);
    }
}
