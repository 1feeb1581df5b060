using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Collect;

public enum ImportState
{
    /// <summary>The file is being sent.</summary>
    Receiving = 0,

    /// <summary>Another import is still running.</summary>
    Waiting = 1,

    Reading = 2,
    Done = 3,

    /// <summary>The file cannot be used; nothing of it was taken.</summary>
    Refused = 4,

    /// <summary>It ended before the file did; what was taken stays, and the same file can be imported again.</summary>
    Interrupted = 5,
}

/// <summary>One import of one file: the line of the history.</summary>
internal sealed class Import
{
    public int Id { get; set; }

    public required string Source { get; set; }

    public required string FileName { get; set; }

    public required bool DryRun { get; set; }

    public ImportKind Kind { get; set; }

    public required DateTime StartedUtc { get; set; }

    public DateTime? EndedUtc { get; set; }

    public ImportState State { get; set; }

    public long Rows { get; set; }

    public long New { get; set; }

    /// <summary>Records that were known and said something else.</summary>
    public long Changed { get; set; }

    public long Duplicates { get; set; }

    public long Rejected { get; set; }

    /// <summary>The whole report as JSON, once it has ended.</summary>
    public string? Report { get; set; }
}

/// <summary>The mapping a source's last import of a kind was made with; the next one begins with it.</summary>
internal sealed class RememberedMapping
{
    public required int SourceId { get; set; }

    public required ImportKind Kind { get; set; }

    /// <summary>Columns by field, as JSON.</summary>
    public required string Columns { get; set; }
}

internal sealed class ImportConfiguration : IEntityTypeConfiguration<Import>, IEntityTypeConfiguration<RememberedMapping>
{
    public void Configure(EntityTypeBuilder<Import> builder) => builder.ToTable("imports");

    public void Configure(EntityTypeBuilder<RememberedMapping> builder)
    {
        builder.ToTable("import_mappings");
        builder.HasKey(m => new { m.SourceId, m.Kind });
    }
}
