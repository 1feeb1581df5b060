namespace Tangent.Analyse;

/// <summary>A count of this period beside that of the period before.</summary>
/// <param name="Before">Null where the data do not reach back that far: then there is nothing to compare with.</param>
public readonly record struct Change(long Now, long? Before)
{
    private const double Z = 1.959963984540054;

    /// <summary>Growth as a share of the count before; null where there was none.</summary>
    public double? Growth => Before is > 0 and var before ? (Now - before) / (double)before : null;

    /// <summary>How far apart the two are, in standard deviations of chance: (a − b) / √(a + b).</summary>
    /// <remarks>Normal form of the conditional test of two Poisson counts over equal times: J. Przyborowski and H. Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31 (1940) 313–323. Customers are counted, each once in a period, so that one busy customer does not look like many.</remarks>
    public double Distance => Before is { } before && Now + before > 0 ? (Now - before) / Math.Sqrt(Now + before) : 0;

    /// <summary>More than chance alone brings in 95 of 100 cases.</summary>
    public bool IsClear => Math.Abs(Distance) > Z;
}
