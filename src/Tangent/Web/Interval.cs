namespace Tangent.Web;

/// <summary>A 95 % interval of a figure.</summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Wilson score interval of a share (E. B. Wilson, JASA 22, 1927), z = 1.96; both ends 0 to 1. An empty sample gives 0 to 1.</summary>
    public static Interval Wilson(long successes, long n)
    {
        if (n <= 0) return new(0, 1);
        const double z = 1.959963984540054;
        var p = (double)successes / n;
        var middle = (p + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
        return new(Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}
