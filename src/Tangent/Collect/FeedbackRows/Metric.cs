namespace Tangent.Collect;

/// <summary>What an answer measures. It is declared with the answer, never guessed from its scale.</summary>
public enum Metric
{
    /// <summary>None that can be counted.</summary>
    None = 0,

    /// <summary>Would recommend, 0 to 10.</summary>
    Nps = 1,

    /// <summary>Satisfaction, 1 to 5.</summary>
    Csat = 2,

    /// <summary>How easy it was (CES 2.0), 1 to 7.</summary>
    Ces = 3,

    /// <summary>A mark, 1 to 5.</summary>
    Rating = 4,

    /// <summary>Stars of a review, 1 to 5.</summary>
    Review = 5,

    /// <summary>Words without a score.</summary>
    Text = 6,
}

/// <summary>The scales of the metrics.</summary>
internal static class Metrics
{
    /// <summary>Characters a comment may have.</summary>
    public const int MostCharacters = 10_000;

    /// <summary>Those with a score, in the order in which they are shown.</summary>
    public static IReadOnlyList<Metric> Scored { get; } = [Metric.Nps, Metric.Csat, Metric.Ces, Metric.Rating, Metric.Review];

    public static string Name(Metric metric) => metric.ToString().ToLowerInvariant();

    public static Metric? Find(string? name) => Enum.GetValues<Metric>().Where(m => m != Metric.None && Name(m).Equals(name, StringComparison.OrdinalIgnoreCase)).Cast<Metric?>().FirstOrDefault();

    public static (int Least, int Most) Scale(Metric metric) => metric switch
    {
        Metric.Nps => (0, 10),
        Metric.Ces => (1, 7),
        _ => (1, 5),
    };

    /// <summary>Whether a score is one of the metric's scale.</summary>
    public static bool IsInScale(Metric metric, double score) => Scale(metric) is var (least, most) && score >= least && score <= most && score == Math.Floor(score);

    /// <summary>The lowest score that is good: promoters, satisfied, easy.</summary>
    public static int Good(Metric metric) => metric switch
    {
        Metric.Nps => 9,
        Metric.Ces => 5,
        _ => 4,
    };

    /// <summary>The highest score that is bad: detractors, dissatisfied, hard.</summary>
    public static int Bad(Metric metric) => metric switch
    {
        Metric.Nps => 6,
        Metric.Ces => 3,
        _ => 2,
    };
}
