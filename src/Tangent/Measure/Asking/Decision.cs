using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Measure;

/// <summary>What became of an event after which a survey asks.</summary>
public enum AskOutcome
{
    /// <summary>Its time has not come, or it is quiet hours.</summary>
    Waiting = 0,

    /// <summary>The letter is in the outbox, or sent.</summary>
    Asked = 1,

    /// <summary>The survey is closed or no longer asks.</summary>
    NotAsking = 2,

    /// <summary>Nobody of this identifier is known any more.</summary>
    Unknown = 3,

    /// <summary>A condition does not hold.</summary>
    ConditionFails = 4,

    /// <summary>The customer is not in the sample.</summary>
    NotInSample = 5,

    /// <summary>No source with a secret key says an e-mail address.</summary>
    NoAddress = 6,

    /// <summary>Letters to the address came back.</summary>
    Undeliverable = 7,

    /// <summary>There is no consent for it, or processing is restricted.</summary>
    NoConsent = 8,

    /// <summary>This survey asked the customer before.</summary>
    AskedBefore = 9,

    /// <summary>Some survey asked the customer not long ago.</summary>
    AskedLately = 10,

    /// <summary>As many as wanted were asked today.</summary>
    QuotaReached = 11,

    /// <summary>The letter could not be delivered for good.</summary>
    CameBack = 12,

    /// <summary>Letters could not be sent for so long that nobody remembers any more.</summary>
    TooLate = 13,
}

/// <summary>Whether a customer is asked because of one event, and why not.</summary>
internal sealed class Decision
{
    public const string Quiet = "quiet";

    public int Id { get; set; }

    public int SurveyId { get; set; }

    /// <summary>Log position of the event; with the survey it says that nobody is asked twice for one event.</summary>
    public long Position { get; set; }

    public required string Key { get; set; }

    public DateTime HappenedUtc { get; set; }

    public DateTime DueUtc { get; set; }

    public AskOutcome Outcome { get; set; }

    public DateTime? DecidedUtc { get; set; }

    /// <summary>What decided it: the condition that does not hold, or the <see cref="Unify.ConsentReason"/>; of one that waits <see cref="Quiet"/> where it is for the end of the quiet hours. Empty for all else.</summary>
    public string Why { get; set; } = "";

    /// <summary>Letter in the outbox.</summary>
    public Guid? Letter { get; set; }
}

/// <summary>Why somebody is not asked.</summary>
/// <param name="Why">What decided it, where the outcome alone does not say it; see <see cref="Decision.Why"/>.</param>
internal sealed record NotAsked(AskOutcome Outcome, string Why = "");

/// <summary>An address that letters do not reach, by its keyed hash.</summary>
internal sealed class UndeliverablePoint
{
    public required string Point { get; set; }

    public DateTime SinceUtc { get; set; }
}

internal sealed class DecisionConfiguration : IEntityTypeConfiguration<Decision>, IEntityTypeConfiguration<UndeliverablePoint>
{
    public void Configure(EntityTypeBuilder<Decision> builder)
    {
        builder.ToTable("survey_decisions");
        builder.HasIndex(d => new { d.SurveyId, d.Position }).IsUnique();
        builder.HasIndex(d => new { d.Outcome, d.DueUtc });
        builder.HasIndex(d => d.Key);
        builder.HasIndex(d => d.Letter);
    }

    public void Configure(EntityTypeBuilder<UndeliverablePoint> builder)
    {
        builder.ToTable("undeliverable_points");
        builder.HasKey(p => p.Point);
    }
}
