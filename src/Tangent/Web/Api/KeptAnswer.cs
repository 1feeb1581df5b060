using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Web;

/// <summary>A request that was made with an idempotency key, and its answer once there is one.</summary>
internal sealed class KeptAnswer
{
    public required string Caller { get; set; }

    public required string Key { get; set; }

    /// <summary>SHA-256 of method, address and body.</summary>
    public required string Fingerprint { get; set; }

    public required DateTime AtUtc { get; set; }

    /// <summary>Null while the request is under way.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    /// <summary>Encrypted with the keys of the data folder: an answer can hold a secret that is shown once.</summary>
    public byte[]? Body { get; set; }
}

internal sealed class KeptAnswerConfiguration : IEntityTypeConfiguration<KeptAnswer>
{
    public void Configure(EntityTypeBuilder<KeptAnswer> builder)
    {
        builder.ToTable("kept_answers");
        builder.HasKey(a => new { a.Caller, a.Key });
        builder.HasIndex(a => a.AtUtc);
    }
}
