using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>A letter that asked whoever an e-mail address belongs to whether a consent is hers.</summary>
internal sealed class ConfirmationRequest
{
    public required string Point { get; set; }

    public required string Purpose { get; set; }

    public required string Topic { get; set; }

    /// <summary>When the last letter was written.</summary>
    public DateTime AskedUtc { get; set; }

    /// <summary>How many letters there were.</summary>
    public int Letters { get; set; }

    /// <summary>Whether the last was asked for by a public key.</summary>
    public bool IsPublic { get; set; }
}

internal sealed class ConfirmationRequestConfiguration : IEntityTypeConfiguration<ConfirmationRequest>
{
    public void Configure(EntityTypeBuilder<ConfirmationRequest> builder)
    {
        builder.ToTable("consent_requests");
        builder.HasKey(r => new { r.Point, r.Purpose, r.Topic });
        builder.HasIndex(r => r.AskedUtc);
    }
}
