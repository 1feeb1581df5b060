using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>How the language of words is known.</summary>
public enum LanguageKnown
{
    /// <summary>Kept before anybody looked.</summary>
    NotLookedAt = 0,

    /// <summary>It is not.</summary>
    No = 1,

    /// <summary>Whoever sent them says it.</summary>
    Said = 2,

    /// <summary>By the words themselves.</summary>
    Detected = 3,
}

/// <summary>What a customer said of a touchpoint, or of the company: an answer of a survey, a review, or what somebody wrote down for the customer.</summary>
internal sealed class Feedback
{
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

    /// <summary>Of the words, such as de; empty where it is not known.</summary>
    public string Language { get; set; } = "";

    public LanguageKnown LanguageKnown { get; set; }

    public string Comment { get; set; } = "";

    public string Survey { get; set; } = "";

    public string Question { get; set; } = "";

    /// <summary>answer, review, call or hand.</summary>
    public string Via { get; set; } = "";

    /// <summary>Takes the language that was said, else the one that the words are in.</summary>
    public void LearnLanguage(string said)
    {
        Language = StopWords.LanguageOf(said, Comment);
        LanguageKnown = Language.Length == 0 ? LanguageKnown.No : said.Length > 0 ? LanguageKnown.Said : LanguageKnown.Detected;
    }

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
