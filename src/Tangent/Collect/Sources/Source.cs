using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Collect;

/// <summary>Where a source runs, and so how far it is trusted.</summary>
internal enum SourceKind
{
    /// <summary>In a browser: its write key is public.</summary>
    Web = 0,

    /// <summary>On the company's own servers.</summary>
    Server = 1,

    /// <summary>Files that people import.</summary>
    Import = 2,
}

/// <summary>A system that sends events.</summary>
internal sealed class Source
{
    public const int MaxNameLength = 100;

    public int Id { get; set; }

    public required string Name { get; set; }

    public required SourceKind Kind { get; set; }

    public string WriteKey { get; set; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public DateTime CreatedUtc { get; set; } = DateTime.UtcNow;

    /// <summary>Whether it may join two known customers.</summary>
    public bool Trusted => Kind != SourceKind.Web;

    /// <returns>What is wrong with a name; null where nothing is.</returns>
    public static string? NameProblem(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "A source needs a name."
        : name.Trim().Length > MaxNameLength ? $"The name is longer than {MaxNameLength} characters."
        : name.Any(char.IsControl) ? "The name holds control characters."
        : null;
}

internal sealed class SourceConfiguration : IEntityTypeConfiguration<Source>
{
    public void Configure(EntityTypeBuilder<Source> builder)
    {
        builder.ToTable("sources");
        builder.Ignore(s => s.Trusted);
        builder.Property(s => s.Name).HasMaxLength(Source.MaxNameLength);
        builder.HasIndex(s => s.Name).IsUnique();
        builder.HasIndex(s => s.WriteKey).IsUnique();
    }
}
