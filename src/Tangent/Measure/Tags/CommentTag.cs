using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Measure;

/// <summary>A word that somebody here put on a comment, to find it again.</summary>
internal sealed class CommentTag
{
    public const int MostCharacters = 40;
    public const int MostOnAComment = 10;

    /// <summary>Id of the <see cref="Feedback"/>.</summary>
    public required string FeedbackId { get; set; }

    public required string Tag { get; set; }

    /// <summary>Identifier of who said it: the tag goes with the person's data.</summary>
    public required string Key { get; set; }

    /// <summary>When the comment was said: the tag is kept no longer than that.</summary>
    public DateTime SaidUtc { get; set; }

    /// <summary>Who set it.</summary>
    public required string By { get; set; }

    /// <summary>The tags that somebody wrote, each once; null where one is too long or there are too many.</summary>
    public static IReadOnlyList<string>? Read(IEnumerable<string?> written)
    {
        var tags = written.Select(t => string.Join(' ', (t ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Where(t => t.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return tags.Count <= MostOnAComment && tags.TrueForAll(t => t.Length <= MostCharacters && !t.Any(c => char.IsControl(c) || c == ',')) ? tags : null;
    }
}

internal sealed class CommentTagConfiguration : IEntityTypeConfiguration<CommentTag>
{
    public void Configure(EntityTypeBuilder<CommentTag> builder)
    {
        builder.ToTable("comment_tags");
        builder.HasKey(t => new { t.FeedbackId, t.Tag });
        builder.HasIndex(t => t.Key);
        builder.HasIndex(t => t.Tag);
    }
}
