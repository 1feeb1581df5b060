using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Collect;

/// <summary>How many times something of a source was not accepted for one reason.</summary>
internal sealed class RejectionCount
{
    public required int SourceId { get; set; }

    public required Rejection Reason { get; set; }

    public required long Count { get; set; }
}

/// <summary>One of the latest events of a source that were not accepted.</summary>
internal sealed class RejectedEvent
{
    public long Id { get; set; }

    public required int SourceId { get; set; }

    public required DateTime ReceivedUtc { get; set; }

    public required Rejection Reason { get; set; }

    public required string Detail { get; set; }

    /// <summary>What was sent, at most as long as an event may be.</summary>
    public required string Body { get; set; }
}

internal sealed class RejectionConfiguration : IEntityTypeConfiguration<RejectionCount>, IEntityTypeConfiguration<RejectedEvent>
{
    public void Configure(EntityTypeBuilder<RejectionCount> builder)
    {
        builder.ToTable("rejection_counts");
        builder.HasKey(r => new { r.SourceId, r.Reason });
        builder.Property(r => r.SourceId).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<RejectedEvent> builder)
    {
        builder.ToTable("rejected_events");
        builder.HasIndex(r => r.SourceId);
    }
}
