using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Data;

/// <summary>How far a follower of the event log has come. It is written in the transaction of what the follower made of the events, so that none counts twice.</summary>
internal sealed class Watermark
{
    public required string Follower { get; set; }

    /// <summary>Log position (exclusive).</summary>
    public long Position { get; set; }
}

internal sealed class WatermarkConfiguration : IEntityTypeConfiguration<Watermark>
{
    public void Configure(EntityTypeBuilder<Watermark> builder)
    {
        builder.ToTable("watermarks");
        builder.HasKey(w => w.Follower);
    }
}
