using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;

namespace Tangent.Map;

/// <summary>What somebody says about a step or a card of a map.</summary>
internal sealed class MapComment
{
    public const int TextLength = 2000;

    public int Id { get; set; }

    public int MapId { get; set; }

    public MapPart Part { get; set; }

    public required string PartId { get; set; }

    public required string Text { get; set; }

    public DateTime AtUtc { get; set; }

    public ActorKind ByKind { get; set; }

    public string ById { get; set; } = "";

    /// <summary>Name of who wrote it, as it was then.</summary>
    public string By { get; set; } = "";
}

/// <summary>A comment names a user, who is to see it.</summary>
internal sealed class MapMention
{
    public int CommentId { get; set; }

    public required string UserId { get; set; }

    /// <summary>Null while the user has not looked.</summary>
    public DateTime? SeenUtc { get; set; }
}

internal sealed class MapCommentConfiguration : IEntityTypeConfiguration<MapComment>, IEntityTypeConfiguration<MapMention>
{
    public void Configure(EntityTypeBuilder<MapComment> builder)
    {
        builder.ToTable("map_comments");
        builder.HasIndex(c => c.MapId);
    }

    public void Configure(EntityTypeBuilder<MapMention> builder)
    {
        builder.ToTable("map_mentions");
        builder.HasKey(m => new { m.CommentId, m.UserId });
        builder.HasIndex(m => m.UserId);
    }
}
