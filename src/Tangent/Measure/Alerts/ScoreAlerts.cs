using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>Something found.</summary>
/// <param name="Cause">What it is.</param>
/// <param name="Now">The score, the share of bad answers, or the days without an event.</param>
/// <param name="Usual">The same as it was before; of days without an event, how many events would have been expected.</param>
/// <param name="N">Answers now.</param>
/// <param name="Chance">How likely it is by accident, with all that was looked at in mind.</param>
/// <param name="IsNew">Sure enough to begin an alert with; else only enough for one that is there to go on.</param>
internal sealed record Finding(AlertCause Cause, DateOnly From, DateOnly To, DateOnly UsualFrom, double Now, double Usual, long N, double Chance, bool IsNew);

/// <summary>Answers of a touchpoint and metric, by score: now and before.</summary>
internal sealed record AnswersCompared(string Touchpoint, Metric Metric, long[] Now, long[] Before);

/// <summary>
/// Scores that fell and floods of bad answers. Of many things looked at some look bad by accident: a chance is multiplied by how many were looked at (Bonferroni), and what begins an
/// alert is to be below 1 in 500, since it is looked at on every day of the year. It goes on while the same, looked at by itself, is below 5 %, so that an alert does not come and go with every answer.
/// </summary>
internal static class ScoreAlerts
{
    public const int FellDays = 28, FloodDays = 7, FloodUsualDays = 84;
    public const double Begins = 0.002, GoesOn = 0.05;

    // Of the scale from its lowest to its highest score: of a million answers less is significant, and of no use to anybody.
    private const double LeastFall = 0.02;
    private const int LeastAnswers = 30, LeastBad = 5;

    /// <summary>Scores of the last four weeks against the four before: Welch's test of two means, one-sided, with one answer, spread over the scale, added on both sides so that agreement is not certainty.</summary>
    public static IEnumerable<Finding> Fell(IReadOnlyList<AnswersCompared> scores, DateOnly today)
    {
        var looked = scores.Where(s => ScoreFormulas.Sum(s.Now) >= LeastAnswers && ScoreFormulas.Sum(s.Before) >= LeastAnswers).ToList();
        foreach (var score in looked)
        {
            var ((mean, variance, _), (before, earlier, _), width) = (Moments(score.Metric, score.Now), Moments(score.Metric, score.Before), Width(score.Metric));
            var p = Normal.CDF(0, 1, (mean - before) / Math.Sqrt(variance + earlier));
            if (p > GoesOn || mean - before > -LeastFall * width) continue;
            var chance = Math.Min(1, p * looked.Count);
            yield return new Finding(
                new AlertCause(AlertKind.Fell, score.Touchpoint, score.Metric), today.AddDays(-FellDays), today.AddDays(-1), today.AddDays(-2 * FellDays),
                ScoreFormulas.Figure(score.Metric, score.Now).Value, ScoreFormulas.Figure(score.Metric, score.Before).Value, ScoreFormulas.Sum(score.Now), chance, chance <= Begins);
        }
    }

    /// <summary>Bad answers among those of the last week, against their share in the twelve weeks before: Fisher's exact test, one-sided.</summary>
    public static IEnumerable<Finding> Floods(IReadOnlyList<AnswersCompared> scores, DateOnly today)
    {
        var looked = scores.Where(s => Bad(s.Metric, s.Now) >= LeastBad && ScoreFormulas.Sum(s.Before) >= LeastAnswers).ToList();
        var tested = scores.Count(s => ScoreFormulas.Sum(s.Now) >= LeastBad && ScoreFormulas.Sum(s.Before) >= LeastAnswers);
        foreach (var score in looked)
        {
            var (n, m, bad, earlier) = (ScoreFormulas.Sum(score.Now), ScoreFormulas.Sum(score.Before), Bad(score.Metric, score.Now), Bad(score.Metric, score.Before));
            var p = AtLeast(bad, n, bad + earlier, n + m);
            if (p > GoesOn) continue;
            var chance = Math.Min(1, p * tested);
            yield return new Finding(
                new AlertCause(AlertKind.Flood, score.Touchpoint, score.Metric), today.AddDays(-FloodDays), today.AddDays(-1), today.AddDays(-FloodDays - FloodUsualDays),
                (double)bad / n, (double)earlier / m, n, chance, chance <= Begins);
        }
    }

    /// <summary>How likely at least so many of a sample are bad, of a population in which so many are: the tail of the hypergeometric distribution.</summary>
    internal static double AtLeast(long bad, long sample, long badOfAll, long all)
    {
        static double Log(long n, long k) => SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(k + 1.0) - SpecialFunctions.GammaLn(n - k + 1.0);
        var (sum, whole) = (0.0, Log(all, sample));
        for (var k = bad; k <= Math.Min(sample, badOfAll); k++)
        {
            if (sample - k > all - badOfAll) continue;
            var part = Math.Exp(Log(badOfAll, k) + Log(all - badOfAll, sample - k) - whole);
            sum += part;
            // Beyond the middle every part is smaller than the one before.
            if (part < sum * 1e-12 && k > sample * (double)badOfAll / all) break;
        }

        return Math.Min(1, sum);
    }

    /// <summary>Mean of what an answer counts, and the variance of the mean.</summary>
    private static (double Mean, double Variance, double N) Moments(Metric metric, long[] counts)
    {
        var (least, most) = Metrics.Scale(metric);
        double n = 0, sum = 0, squares = 0;
        for (var score = least; score <= most; score++) n += counts[score] + (1.0 / (most - least + 1));
        for (var score = least; score <= most; score++) sum += (counts[score] + (1.0 / (most - least + 1))) * Counts(metric, score) / n;
        for (var score = least; score <= most; score++) squares += (counts[score] + (1.0 / (most - least + 1))) * Math.Pow(Counts(metric, score) - sum, 2);
        return (sum, squares / (n - 1) / n, n);
    }

    private static double Counts(Metric metric, int score) => metric switch
    {
        Metric.Nps => score >= Metrics.Good(metric) ? 1 : score <= Metrics.Bad(metric) ? -1 : 0,
        Metric.Csat => score >= Metrics.Good(metric) ? 1 : 0,
        _ => score,
    };

    private static double Width(Metric metric) => metric switch
    {
        Metric.Nps => 2,
        Metric.Csat => 1,
        _ => Metrics.Scale(metric).Most - Metrics.Scale(metric).Least,
    };

    private static long Bad(Metric metric, long[] counts) => ScoreFormulas.Sum(counts.AsSpan(0, Metrics.Bad(metric) + 1));
}
