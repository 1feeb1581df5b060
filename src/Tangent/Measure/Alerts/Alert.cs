using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>What an alert tells of.</summary>
public enum AlertKind
{
    /// <summary>A score is clearly lower than in the weeks before.</summary>
    Fell = 1,

    /// <summary>Clearly more of the answers of a week are bad than usual.</summary>
    Flood = 2,

    /// <summary>Nothing comes from a touchpoint for much longer than usual.</summary>
    Stopped = 3,
}

/// <summary>Something that somebody should look at, from when it was found until it is over.</summary>
internal sealed class Alert
{
    public int Id { get; set; }

    public AlertKind Kind { get; set; }

    /// <summary>Empty for the company.</summary>
    public string Touchpoint { get; set; } = "";

    /// <summary>None where it is no score.</summary>
    public Metric Metric { get; set; }

    /// <summary>The days it was found in: the period that is worse, or those without an event.</summary>
    public DateOnly FromDay { get; set; }

    public DateOnly ToDay { get; set; }

    /// <summary>First day of what it is compared with, which ends the day before <see cref="FromDay"/>.</summary>
    public DateOnly UsualFromDay { get; set; }

    /// <summary>The score, the share of bad answers, or the days without an event.</summary>
    public double Now { get; set; }

    /// <summary>The same as it was before; of days without an event, how many events would have been expected in them.</summary>
    public double Usual { get; set; }

    /// <summary>Answers now; of what stopped, 0.</summary>
    public long N { get; set; }

    /// <summary>How likely something like it is by accident, with all that was looked at in mind.</summary>
    public double Chance { get; set; }

    public DateTime FoundUtc { get; set; }

    /// <summary>When it was last there.</summary>
    public DateTime SeenUtc { get; set; }

    /// <summary>When it was no longer; null while it lasts.</summary>
    public DateTime? EndedUtc { get; set; }

    public DateTime? AcknowledgedUtc { get; set; }

    /// <summary>Who has taken note.</summary>
    public string AcknowledgedBy { get; set; } = "";

    public AlertCause Cause => new(Kind, Touchpoint, Metric);
}

/// <summary>What makes two findings the same alert.</summary>
internal readonly record struct AlertCause(AlertKind Kind, string Touchpoint, Metric Metric);

internal sealed class AlertConfiguration : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts");
        builder.Ignore(a => a.Cause);
        builder.HasIndex(a => new { a.Kind, a.Touchpoint, a.Metric }).IsUnique().HasFilter("\"EndedUtc\" IS NULL").HasDatabaseName("IX_alerts_open");
    }
}
