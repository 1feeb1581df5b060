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

    public string WriteKey { get; set; } = NewKey();

    public DateTime CreatedUtc { get; set; } = DateTime.UtcNow;

    /// <summary>Its calls are refused until it goes on.</summary>
    public bool Paused { get; set; }

    /// <summary>What collect.js does before a visitor has agreed, where the page says nothing else.</summary>
    public BeforeConsent BeforeConsent { get; set; }

    /// <summary>Keys that were replaced and are still taken for a while.</summary>
    public List<RetiringKey> RetiringKeys { get; set; } = [];

    /// <summary>Whether it may join two known customers.</summary>
    public bool Trusted => Kind != SourceKind.Web;

    /// <summary>Every key that was ever given out for it and is still kept.</summary>
    public IEnumerable<string> AllKeys => RetiringKeys.Select(k => k.Key).Prepend(WriteKey);

    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <returns>What is wrong with a name; null where nothing is.</returns>
    public static string? NameProblem(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "A source needs a name."
        : name.Trim().Length > MaxNameLength ? $"The name is longer than {MaxNameLength} characters."
        : name.Any(char.IsControl) ? "The name holds control characters."
        : null;
}

/// <summary>A write key that was replaced: senders have until then to take the new one.</summary>
internal sealed class RetiringKey
{
    public int Id { get; set; }

    public int SourceId { get; set; }

    public required string Key { get; set; }

    public required DateTime ValidUntilUtc { get; set; }
}

internal sealed class SourceConfiguration : IEntityTypeConfiguration<Source>, IEntityTypeConfiguration<RetiringKey>
{
    public void Configure(EntityTypeBuilder<Source> builder)
    {
        builder.ToTable("sources");
        builder.Ignore(s => s.Trusted).Ignore(s => s.AllKeys);
        builder.Property(s => s.Name).HasMaxLength(Source.MaxNameLength);
        builder.HasIndex(s => s.Name).IsUnique();
        builder.HasIndex(s => s.WriteKey).IsUnique();
        builder.HasMany(s => s.RetiringKeys).WithOne().HasForeignKey(k => k.SourceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RetiringKey> builder)
    {
        builder.ToTable("retiring_keys");
        builder.HasIndex(k => k.Key).IsUnique();
    }
}
