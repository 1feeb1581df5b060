using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;

namespace Tangent.Map;

/// <summary>What a map shows: the journey as it is, or the target experience.</summary>
public enum MapState
{
    AsIs = 0,
    ToBe = 1,
}

/// <summary>A journey as people see it: steps in stages along the customer's time, and below them lanes of cards. Every edit is a row of its own, by which it can be taken back.</summary>
internal sealed class JourneyMap
{
    /// <summary>A name is one line of 1 to 120 characters.</summary>
    public static bool IsName(string name) => name.Trim().Length > 0 && name.Length <= MapContent.NameLength && !name.Any(char.IsControl);

    public int Id { get; set; }

    /// <summary>Unique together with <see cref="State"/>: the as-is and the to-be map of one journey have one name.</summary>
    public required string Name { get; set; }

    public MapState State { get; set; }

    /// <summary>The map that it stands under; null for none.</summary>
    public int? ParentId { get; set; }

    /// <summary>Counts the edits; 0 for a map that was never edited.</summary>
    public int Version { get; set; }

    /// <summary>The <see cref="MapContent"/> as JSON.</summary>
    public string Content { get; set; } = "{}";

    public DateTime ChangedUtc { get; set; }

    /// <summary>Name of who changed it last, as it was then.</summary>
    public string ChangedBy { get; set; } = "";
}

/// <summary>One edit of a map: changes that were made together, by one user.</summary>
internal sealed class MapEdit
{
    public int MapId { get; set; }

    /// <summary>Version of the map that the edit made.</summary>
    public int Version { get; set; }

    public DateTime AtUtc { get; set; }

    public ActorKind ByKind { get; set; }

    public string ById { get; set; } = "";

    /// <summary>Name of who made it, as it was then.</summary>
    public string By { get; set; } = "";

    /// <summary>The changes as JSON.</summary>
    public string Changes { get; set; } = "[]";

    /// <summary>What takes them back, as JSON.</summary>
    public string Inverse { get; set; } = "[]";

    /// <summary>Version of the edit that this one took back; null where it is an edit of its own.</summary>
    public int? TakesBack { get; set; }
}

internal sealed class JourneyMapConfiguration : IEntityTypeConfiguration<JourneyMap>, IEntityTypeConfiguration<MapEdit>
{
    public void Configure(EntityTypeBuilder<JourneyMap> builder)
    {
        builder.ToTable("journey_maps");
        builder.Property(m => m.Version).IsConcurrencyToken();
        builder.HasIndex(m => new { m.Name, m.State }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<MapEdit> builder)
    {
        builder.ToTable("map_edits");
        builder.HasKey(e => new { e.MapId, e.Version });
    }
}
