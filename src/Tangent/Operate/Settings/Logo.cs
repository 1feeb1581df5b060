using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Operate;

/// <summary>The company's logo, as it is sent to browsers. There is one row at most.</summary>
internal sealed class Logo
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    public required string MediaType { get; set; }

    public required byte[] Picture { get; set; }

    public required string Hash { get; set; }

    public required DateTime ChangedUtc { get; set; }

    public string Address => $"/logo?v={Hash[..12]}";

    public static Logo Of(LogoPicture picture) => new()
    {
        MediaType = picture.MediaType,
        Picture = picture.Bytes,
        Hash = Convert.ToHexStringLower(SHA256.HashData(picture.Bytes)),
        ChangedUtc = DateTime.UtcNow,
    };
}

internal sealed class LogoConfiguration : IEntityTypeConfiguration<Logo>
{
    public void Configure(EntityTypeBuilder<Logo> builder)
    {
        builder.ToTable("company_logos");
        builder.Property(l => l.Id).ValueGeneratedNever();
    }
}
