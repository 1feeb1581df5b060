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

/// <summary>A share of this period beside that of the period before.</summary>
/// <param name="Before">Null where there is nothing to compare with.</param>
public readonly record struct ShareChange(long Part, long Whole, (long Part, long Whole)? Before)
{
    private const double Z = 1.959963984540054;

    /// <summary>Difference of the shares, 0.02 for two percentage points; null where one of them is of nobody.</summary>
    public double? Difference => Before is { Whole: > 0 } before && Whole > 0 ? (double)Part / Whole - (double)before.Part / before.Whole : null;

    /// <summary>More than chance alone brings in 95 of 100 cases: the pooled z test of two shares.</summary>
    public bool IsClear
    {
        get
        {
            if (Difference is not { } difference || Before is not { } before) return false;
            var pooled = (double)(Part + before.Part) / (Whole + before.Whole);
            var error = Math.Sqrt(pooled * (1 - pooled) * (1.0 / Whole + 1.0 / before.Whole));
            return error > 0 && Math.Abs(difference) > Z * error;
        }
    }
}
