using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Collect;

/// <summary>What an erasure leaves of one identifier, e-mail address or telephone number: a keyed hash, by which an import of the same is known, and nobody else.</summary>
internal sealed class Tombstone
{
    /// <summary>Hash, keyed with the event log's secret, in hexadecimal digits.</summary>
    public required string Hash { get; set; }

    /// <summary>Log position of the erasure.</summary>
    public required long Erasure { get; set; }

    public required DateTime AtUtc { get; set; }

    /// <summary>Who decided to erase.</summary>
    public required string By { get; set; }

    /// <summary>Why.</summary>
    public required string Reason { get; set; }
}

/// <summary>The tombstones of one erasure.</summary>
/// <param name="Erasure">Log position of the erasure; its tombstones are lifted by it.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="By">Who decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="Hashes">How many identifiers, e-mail addresses and telephone numbers are known again.</param>
public sealed record TombstoneItem(long Erasure, DateTime At, string By, string Reason, int Hashes);

/// <param name="Items">The latest first.</param>
public sealed record TombstonesAnswer(IReadOnlyList<TombstoneItem> Items);

internal sealed class TombstoneConfiguration : IEntityTypeConfiguration<Tombstone>
{
    public void Configure(EntityTypeBuilder<Tombstone> builder)
    {
        builder.ToTable("tombstones");
        builder.HasKey(t => new { t.Hash, t.Erasure });
    }
}
