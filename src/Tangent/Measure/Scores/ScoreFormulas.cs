using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>A score with its 95 % interval.</summary>
/// <param name="Value">NPS: −100 to 100; CSAT: share of satisfied, 0 to 1; CES, ratings and reviews: the mean.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="N">Answers.</param>
public sealed record ScoreFigure(double Value, double Low, double High, long N)
{
    /// <summary>Fewer than 30 answers: too few to say much.</summary>
    public bool TooFew => N < Figures.Enough;
}

/// <summary>A share of the answers with its 95 % interval (Wilson).</summary>
/// <param name="Answers">How many they are.</param>
public sealed record ScoreShare(long Answers, double Share, double Low, double High);

/// <summary>The difference of two scores.</summary>
/// <param name="Difference">Now minus before.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Verdict">rose, fell, unclear (chance alone can explain it) or tooFew (fewer than 30 answers on a side).</param>
public sealed record ScoreChange(double Difference, double Low, double High, string Verdict);

/// <summary>
/// The formulas of the scores. All are made of how many gave each score: <c>counts[s]</c> answers of the score s, 0 to 10.
/// </summary>
internal static class ScoreFormulas
{
    public const int Scores = 11;
    private const double Z = 1.959963984540054;

    public static ScoreFigure Figure(Metric metric, ReadOnlySpan<long> counts) => metric switch
    {
        Metric.Nps => Nps(counts),
        Metric.Csat => Csat(counts),
        _ => Mean(metric, counts),
    };

    /// <summary>Promoters, satisfied, or those who found it easy: <see cref="Metrics.Good"/> and above.</summary>
    public static ScoreShare Good(Metric metric, ReadOnlySpan<long> counts) => Share(Sum(counts[Metrics.Good(metric)..]), Sum(counts));

    /// <summary>Detractors, dissatisfied, or those who found it hard: <see cref="Metrics.Bad"/> and below.</summary>
    public static ScoreShare Bad(Metric metric, ReadOnlySpan<long> counts) => Share(Sum(counts[..(Metrics.Bad(metric) + 1)]), Sum(counts));

    /// <summary>How far a score has moved, and whether chance alone explains it.</summary>
    public static ScoreChange Change(Metric metric, ReadOnlySpan<long> now, ReadOnlySpan<long> before)
    {
        var change = metric switch
        {
            Metric.Nps => NpsChange(now, before),
            Metric.Csat => CsatChange(now, before),
            _ => MeanChange(now, before),
        };
        return Sum(now) < Figures.Enough || Sum(before) < Figures.Enough ? change with { Verdict = "tooFew" } : change;
    }

    public static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }

    /// <summary>
    /// Net promoter score; its interval is the adjusted Wald one, with ¾ promoter, 1½ passives and ¾ detractor added (B. Rocks, Interval
    /// estimation for the "Net Promoter Score", The American Statistician 70 (2016) 365–372): the plain one covers too little at small n. It holds the score
    /// itself, which the adjusted one of a single answer would not.
    /// </summary>
    private static ScoreFigure Nps(ReadOnlySpan<long> counts)
    {
        var n = Sum(counts);
        if (n == 0) return new ScoreFigure(double.NaN, -100, 100, 0);
        var (middle, variance) = Adjusted(counts);
        var half = Z * Math.Sqrt(variance);
        var score = 100.0 * (Promoters(counts) - Detractors(counts)) / n;
        return new ScoreFigure(score, Math.Clamp(100 * (middle - half), -100, score), Math.Clamp(100 * (middle + half), score, 100), n);
    }

    /// <summary>Share of the top two of five.</summary>
    private static ScoreFigure Csat(ReadOnlySpan<long> counts)
    {
        var n = Sum(counts);
        var good = Sum(counts[Metrics.Good(Metric.Csat)..]);
        var interval = Interval.Wilson(good, n);
        return new ScoreFigure(n == 0 ? double.NaN : (double)good / n, interval.Low, interval.High, n);
    }

    /// <summary>The mean, with the score interval of a mean within its scale (<see cref="Interval.OfMean"/>).</summary>
    private static ScoreFigure Mean(Metric metric, ReadOnlySpan<long> counts)
    {
        var (least, most) = Metrics.Scale(metric);
        var (n, mean, variance) = Moments(counts);
        if (n == 0) return new ScoreFigure(double.NaN, least, most, 0);
        double width = most - least;
        var interval = Interval.OfMean((mean - least) / width, variance / (width * width), n);
        return new ScoreFigure(mean, least + width * interval.Low, least + width * interval.High, n);
    }

    /// <summary>Of the two adjusted scores, as in the interval of one.</summary>
    private static ScoreChange NpsChange(ReadOnlySpan<long> now, ReadOnlySpan<long> before)
    {
        var ((a, va), (b, vb)) = (Adjusted(now), Adjusted(before));
        var half = Z * Math.Sqrt(va + vb);
        var (low, high) = (a - b - half, a - b + half);
        return new ScoreChange(Nps(now).Value - Nps(before).Value, 100 * low, 100 * high, low > 0 ? "rose" : high < 0 ? "fell" : "unclear");
    }

    /// <summary>
    /// The pooled z test of two shares decides; the interval is that of two Wilson intervals (R. G. Newcombe, Interval estimation for the
    /// difference between independent proportions, Statistics in Medicine 17 (1998) 873–890, method 10).
    /// </summary>
    private static ScoreChange CsatChange(ReadOnlySpan<long> now, ReadOnlySpan<long> before)
    {
        var (a, b) = (Csat(now), Csat(before));
        var difference = a.Value - b.Value;
        var low = difference - Math.Sqrt(Square(a.Value - a.Low) + Square(b.High - b.Value));
        var high = difference + Math.Sqrt(Square(a.High - a.Value) + Square(b.Value - b.Low));
        var pooled = (a.Value * a.N + b.Value * b.N) / (a.N + b.N);
        var error = Math.Sqrt(pooled * (1 - pooled) * (1.0 / a.N + 1.0 / b.N));
        var clear = error > 0 && Math.Abs(difference) > Z * error;
        return new ScoreChange(difference, low, high, !clear ? "unclear" : difference > 0 ? "rose" : "fell");
    }

    /// <summary>Of two means with variances of their own (B. L. Welch, Biometrika 34 (1947) 28–35), by the normal distribution: from 30 answers on each side.</summary>
    private static ScoreChange MeanChange(ReadOnlySpan<long> now, ReadOnlySpan<long> before)
    {
        var ((n, a, va), (m, b, vb)) = (Moments(now), Moments(before));
        var half = Z * Math.Sqrt(va / n + vb / m);
        var difference = a - b;
        return new ScoreChange(difference, difference - half, difference + half, Math.Abs(difference) <= half || half == 0 ? "unclear" : difference > 0 ? "rose" : "fell");
    }

    private static (double Middle, double Variance) Adjusted(ReadOnlySpan<long> counts)
    {
        var n = Sum(counts) + 3.0;
        var (p, d) = ((Promoters(counts) + 0.75) / n, (Detractors(counts) + 0.75) / n);
        return (p - d, (p + d - Square(p - d)) / n);
    }

    /// <summary>Number, mean and sample variance.</summary>
    private static (long N, double Mean, double Variance) Moments(ReadOnlySpan<long> counts)
    {
        var (n, sum, squares) = (0L, 0.0, 0.0);
        for (var score = 0; score < counts.Length; score++)
        {
            n += counts[score];
            sum += (double)counts[score] * score;
        }

        var mean = sum / n;
        for (var score = 0; score < counts.Length; score++) squares += counts[score] * Square(score - mean);
        return (n, mean, n > 1 ? squares / (n - 1) : 0);
    }

    private static ScoreShare Share(long part, long whole)
    {
        var interval = Interval.Wilson(part, whole);
        return new ScoreShare(part, whole == 0 ? double.NaN : (double)part / whole, interval.Low, interval.High);
    }

    private static long Promoters(ReadOnlySpan<long> counts) => Sum(counts[9..]);

    private static long Detractors(ReadOnlySpan<long> counts) => Sum(counts[..7]);

    private static double Square(double x) => x * x;
}
