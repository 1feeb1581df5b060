using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Customers who have something in common, by conditions; who belongs is found out anew whenever it is asked.</summary>
internal sealed class Segment
{
    public const int NameLength = 120;
    public const int MostConditions = 20;
    public const int ConditionLength = 4000;

    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>One condition suffices; otherwise all must hold.</summary>
    public bool Any { get; set; }

    /// <summary>The conditions as people write them, one a line.</summary>
    public string Conditions { get; set; } = "";

    /// <summary>Who wrote it last.</summary>
    public string By { get; set; } = "";

    public DateTime ChangedUtc { get; set; }

    public IReadOnlyList<string> Lines => Split(Conditions);

    public static IReadOnlyList<string> Split(string? conditions) =>
        (conditions ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Checks a name; null where it can be kept.</summary>
    public static string? WrongName(string? name) =>
        name?.Trim() is { Length: > 0 and <= NameLength } given && !given.Any(char.IsControl) ? null : T("Unify.Segments.NameNeeded", NameLength);
}

internal sealed class SegmentConfiguration : IEntityTypeConfiguration<Segment>
{
    public void Configure(EntityTypeBuilder<Segment> builder)
    {
        builder.ToTable("segments");
        builder.HasIndex(s => s.Name).IsUnique();
        builder.Ignore(s => s.Lines);
    }
}
