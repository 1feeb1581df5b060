using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Measure;

/// <summary>What an answer measures. It is declared with the answer, never guessed from its scale.</summary>
public enum Metric
{
    /// <summary>None that can be counted: see <see cref="Feedback.Refused"/>.</summary>
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

/// <summary>What a customer said of a touchpoint, or of the company: an answer of a survey, a review, or what somebody wrote down for the customer.</summary>
internal sealed class Feedback
{
    public const int MostCharacters = 10_000;
    public const string RefusedMetric = "metric", RefusedScore = "score";

    /// <summary>Its place in the log, or what makes an answer that is given again the same one.</summary>
    public required string Id { get; set; }

    /// <summary>Log position of the event.</summary>
    public long Position { get; set; }

    /// <summary>Whose it is: <c>user:…</c> or <c>anonymous:…</c>; empty where nobody is named.</summary>
    public string Key { get; set; } = "";

    public int SourceId { get; set; }

    public DateTime AtUtc { get; set; }

    public Metric Metric { get; set; }

    /// <summary>Null for words alone.</summary>
    public int? Score { get; set; }

    /// <summary>What was asked about, as it was said; empty for the company, and for a review that says it by its event.</summary>
    public string Touchpoint { get; set; } = "";

    /// <summary>Name of the event.</summary>
    public string Event { get; set; } = "";

    public string Channel { get; set; } = "";

    public string Language { get; set; } = "";

    public string Comment { get; set; } = "";

    public string Survey { get; set; } = "";

    public string Question { get; set; } = "";

    /// <summary>answer, review, call or hand.</summary>
    public string Via { get; set; } = "";

    /// <summary>Why it does not count: <see cref="RefusedMetric"/> or <see cref="RefusedScore"/>; empty where it does.</summary>
    public string Refused { get; set; } = "";
}

internal sealed class FeedbackConfiguration : IEntityTypeConfiguration<Feedback>
{
    public void Configure(EntityTypeBuilder<Feedback> builder)
    {
        builder.ToTable("feedback");
        builder.HasKey(f => f.Id);
        builder.HasIndex(f => f.Key).HasDatabaseName("IX_feedback_key");
        builder.HasIndex(f => f.AtUtc).HasDatabaseName("IX_feedback_at");
        builder.HasIndex(f => f.Position).HasDatabaseName("IX_feedback_position");
    }
}

/// <summary>The scales of the metrics.</summary>
internal static class Metrics
{
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
