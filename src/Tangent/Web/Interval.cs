namespace Tangent.Web;

/// <summary>A 95 % interval of a figure.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Wilson score interval of a share (E. B. Wilson, JASA 22, 1927), z = 1.96; both ends 0 to 1. An empty sample gives 0 to 1.</summary>
    public static Interval Wilson(long successes, long n) => n <= 0 ? new(0, 1) : Score((double)successes / n, n);

    /// <summary>
    /// The score interval of a mean of figures that lie between 0 and 1: Wilson's with the number of yes-or-no answers that would be as
    /// sure (L. Kish's effective sample size, n·p·(1 − p) ÷ s²), and never with fewer than n. It stays within 0 and 1 and does not shrink to a point where all agree.
    /// </summary>
    /// <param name="mean">Their mean, p.</param>
    /// <param name="variance">Their sample variance, s².</param>
    /// <param name="n">How many there are.</param>
    public static Interval OfMean(double mean, double variance, long n) =>
        n <= 0 ? new(0, 1) : Score(mean, variance > 0 ? Math.Max(n, n * mean * (1 - mean) / variance) : n);

    private static Interval Score(double p, double n)
    {
        const double z = 1.959963984540054;
        var middle = (p + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
        return new(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
