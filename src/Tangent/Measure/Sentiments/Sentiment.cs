using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>Whether two roles feel differently.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SentimentVerdict>))]
public enum SentimentVerdict
{
    /// <summary>Too few persons answered to tell it from chance; the difference is what it is.</summary>
    Few,

    /// <summary>Chance alone can explain the difference.</summary>
    Unclear,

    /// <summary>They feel differently.</summary>
    Apart,
}

/// <summary>What the members with one role in the buying committee feel, from −2 (the worst of a scale) to 2 (the best).</summary>
/// <param name="Role">The role; null for the members of whom no role is known.</param>
/// <param name="Members">Members who have it.</param>
/// <param name="Persons">Those of them who gave an answer.</param>
/// <param name="Answers">Their answers.</param>
/// <param name="Mean">Mean of the persons, each the mean of the own answers.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
public sealed record RoleSentiment(BuyingRole? Role, int Members, int Persons, long Answers, double Mean, double Low, double High);

/// <summary>How far two roles are apart.</summary>
/// <param name="One">The role that feels better.</param>
/// <param name="Other">The one that feels worse.</param>
/// <param name="Difference">How much, 0 to 4.</param>
/// <param name="Verdict">Whether that is more than chance.</param>
public sealed record SentimentGap(BuyingRole One, BuyingRole Other, double Difference, SentimentVerdict Verdict);

/// <summary>An account in which two roles are far apart.</summary>
/// <param name="Id">Id of the account.</param>
/// <param name="Name">Its name.</param>
/// <param name="Gap">Its two roles that are furthest apart.</param>
/// <param name="Persons">Persons with these two roles who gave an answer.</param>
public sealed record SentimentOfAccount(string Id, string Name, SentimentGap Gap, int Persons);

/// <param name="Persons">Members who gave an answer.</param>
/// <param name="Answers">Their answers.</param>
/// <param name="Roles">What each role feels; those without any answer are left out.</param>
/// <param name="Gaps">How far any two roles are apart, the furthest first.</param>
/// <param name="Accounts">Of all accounts: those in which two roles are at least a point apart, the furthest first, 50 at the most.</param>
public sealed record SentimentAnswer(int Persons, long Answers, IReadOnlyList<RoleSentiment> Roles, IReadOnlyList<SentimentGap> Gaps, IReadOnlyList<SentimentOfAccount> Accounts);

/// <summary>The formulas of what roles feel.</summary>
internal static class SentimentFormulas
{
    /// <summary>From so many persons on each side a difference is told from chance; a committee often has fewer.</summary>
    public const int Enough = 5;

    /// <summary>A difference that is worth a look, also where few answered: one step of a scale of five.</summary>
    public const double Notable = 1;

    private const double Most = 2;

    /// <summary>Where a score lies on its scale: −2 the lowest, 0 the middle, 2 the highest.</summary>
    public static double Feeling(Metric metric, int score) => Metrics.Scale(metric) is var (least, most) ? Most * 2 * (score - least) / (most - least) - Most : 0;

    /// <param name="role">The role.</param>
    /// <param name="members">Members who have it.</param>
    /// <param name="persons">What each who answered feels.</param>
    /// <param name="answers">Their answers.</param>
    public static RoleSentiment Of(BuyingRole? role, int members, IReadOnlyList<double> persons, long answers)
    {
        var (mean, variance) = Moments(persons);
        var interval = Interval.OfMean((mean + Most) / (2 * Most), variance / (4 * Most * Most), persons.Count);
        return new RoleSentiment(role, members, persons.Count, answers, mean, 2 * Most * interval.Low - Most, 2 * Most * interval.High - Most);
    }

    /// <summary>
    /// Any two roles, the furthest apart first. Two means with variances of their own are compared by Welch's t test (B. L. Welch, Biometrika 34
    /// (1947) 28–35); where several pairs are looked at, by S. Holm's procedure (Scandinavian Journal of Statistics 6 (1979) 65–70).
    /// </summary>
    public static IReadOnlyList<SentimentGap> Gaps(IReadOnlyList<(BuyingRole Role, IReadOnlyList<double> Persons)> roles)
    {
        var gaps = new List<(SentimentGap Gap, double P)>();
        for (var a = 0; a < roles.Count; a++)
        {
            for (var b = a + 1; b < roles.Count; b++)
            {
                var (one, other) = roles[a].Persons.Average() >= roles[b].Persons.Average() ? (roles[a], roles[b]) : (roles[b], roles[a]);
                var few = Math.Min(one.Persons.Count, other.Persons.Count) < Enough;
                var gap = new SentimentGap(one.Role, other.Role, one.Persons.Average() - other.Persons.Average(), few ? SentimentVerdict.Few : SentimentVerdict.Unclear);
                gaps.Add((gap, few ? 1 : Chance(one.Persons, other.Persons)));
            }
        }

        var left = gaps.Count(g => g.Gap.Verdict != SentimentVerdict.Few);
        foreach (var (gap, p) in gaps.Where(g => g.Gap.Verdict != SentimentVerdict.Few).OrderBy(g => g.P).ToList())
        {
            if (p * left-- >= 0.05) break;
            gaps[gaps.FindIndex(g => g.Gap == gap)] = (gap with { Verdict = SentimentVerdict.Apart }, p);
        }

        return [.. gaps.Select(g => g.Gap).OrderByDescending(g => g.Difference).ThenBy(g => g.One).ThenBy(g => g.Other)];
    }

    /// <summary>How often two groups that feel alike would come out so far apart.</summary>
    private static double Chance(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        var ((a, va), (b, vb)) = (Moments(one), Moments(other));
        var (x, y) = (va / one.Count, vb / other.Count);
        if (x + y <= 0) return a == b ? 1 : 0;
        var freedom = (x + y) * (x + y) / (x * x / (one.Count - 1) + y * y / (other.Count - 1));
        return 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(a - b) / Math.Sqrt(x + y));
    }

    /// <summary>Mean and sample variance.</summary>
    private static (double Mean, double Variance) Moments(IReadOnlyList<double> persons)
    {
        var mean = persons.Average();
        return (mean, persons.Count > 1 ? persons.Sum(p => (p - mean) * (p - mean)) / (persons.Count - 1) : 0);
    }
}
