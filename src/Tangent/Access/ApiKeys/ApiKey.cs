using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Access;

/// <summary>A program's way in: a secret that is shown once and kept as a hash only, what it may do, and until when.</summary>
internal sealed class ApiKey
{
    public const int MaxNameLength = 100;
    private const string Prefix = "tk_";
    private const int SecretBytes = 32;
    private const int ShownLength = 9;

    public Guid Id { get; set; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    public required string Hash { get; set; }

    /// <summary>The first characters of the secret, by which its holder knows it again.</summary>
    public required string Start { get; set; }

    public required Role Scope { get; set; }

    /// <summary>Parts of the API it is for, separated by blanks; empty = all.</summary>
    public required string Areas { get; set; }

    public DateTime CreatedUtc { get; set; } = DateTime.UtcNow;

    public required string CreatedBy { get; set; }

    public DateTime? ExpiresUtc { get; set; }

    public DateTime? LastUsedUtc { get; set; }

    public DateTime? RevokedUtc { get; set; }

    public static string NewSecret() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    // The secret is 256 random bits: a plain hash is as good as a slow one, and looking the hash up tells nothing by its time.
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static string StartOf(string secret) => secret[..ShownLength];
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasIndex(k => k.Hash).IsUnique();
    }
}
