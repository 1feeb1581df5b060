using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Unify;

/// <summary>Which of several values wins.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MergeChoice>))]
public enum MergeChoice
{
    /// <summary>The one of the most important source; of equally important ones the latest.</summary>
    Importance,

    /// <summary>The one that changed last.</summary>
    MostRecent,

    /// <summary>The one that changed first.</summary>
    LeastRecent,

    /// <summary>All of them: lists are put together.</summary>
    United,
}

/// <summary>How the values of some fields are chosen. Fields that stand together win as one: all come from the record that wins.</summary>
internal sealed class MergePolicy
{
    public int Id { get; set; }

    /// <summary>Names of traits, one a line.</summary>
    public required string Fields { get; set; }

    public MergeChoice Choice { get; set; }

    public IReadOnlyList<string> Names => Fields.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>How important a source is.</summary>
internal sealed class SourceRank
{
    public int SourceId { get; set; }

    /// <summary>1 is the most important.</summary>
    public int Rank { get; set; }
}

internal sealed class MergePolicyConfiguration : IEntityTypeConfiguration<MergePolicy>, IEntityTypeConfiguration<SourceRank>
{
    public void Configure(EntityTypeBuilder<MergePolicy> builder)
    {
        builder.ToTable("merge_policies");
        builder.Ignore(p => p.Names);
    }

    public void Configure(EntityTypeBuilder<SourceRank> builder)
    {
        builder.ToTable("source_ranks");
        builder.HasKey(r => r.SourceId);
        builder.Property(r => r.SourceId).ValueGeneratedNever();
    }
}
