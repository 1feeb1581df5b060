using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Tangent.Access;

namespace Tangent.Map;

/// <summary>A picture on a card of a journey map, or at an observation until that is taken over.</summary>
internal sealed class Photo
{
    public const int AltLength = 300, MostOfACard = 6;

    public int Id { get; set; }

    /// <summary>The map of its card; null where it is at an observation.</summary>
    public int? MapId { get; set; }

    public string? CardId { get; set; }

    public int? ObservationId { get; set; }

    /// <summary>What can be seen, for those who cannot see it.</summary>
    public required string Alt { get; set; }

    public required string MediaType { get; set; }

    public required int Width { get; set; }

    public required int Height { get; set; }

    public required byte[] Picture { get; set; }

    public DateTime AtUtc { get; set; }

    public ActorKind ByKind { get; set; }

    public string ById { get; set; } = "";

    /// <summary>Name of who added it, as it was then.</summary>
    public string By { get; set; } = "";

    public static Photo Of(PhotoFile file, string alt, Actor by) => new()
    {
        Alt = alt,
        MediaType = file.MediaType,
        Width = file.Width,
        Height = file.Height,
        Picture = file.Bytes,
        AtUtc = DateTime.UtcNow,
        ByKind = by.Kind,
        ById = by.Id,
        By = by.Name,
    };

    /// <returns>Null where it says nothing, or too much.</returns>
    public static string? ReadAlt(string? text) => text?.Trim() is { Length: > 0 and <= AltLength } alt && !alt.Any(char.IsControl) ? alt : null;
}

internal sealed class PhotoConfiguration : IEntityTypeConfiguration<Photo>
{
    public void Configure(EntityTypeBuilder<Photo> builder)
    {
        builder.ToTable("map_photos");
        builder.HasIndex(p => p.MapId);
        builder.HasIndex(p => p.ObservationId);
    }
}
