using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Map;

/// <summary>What a card that was heard stands on: an observation of an employee, or a comment of a customer. The words stay where they are kept, so that they go from there for everybody.</summary>
internal sealed class MapQuote
{
    public int Id { get; set; }

    public int MapId { get; set; }

    public required string CardId { get; set; }

    /// <summary>The observation; null for a customer's comment.</summary>
    public int? ObservationId { get; set; }

    /// <summary>Log position of the customer's comment; null for an observation.</summary>
    public long? Position { get; set; }

    /// <summary>Whose comment it is: <c>user:…</c> or <c>anonymous:…</c>; empty where nobody is named, and for an observation.</summary>
    public string Key { get; set; } = "";

    /// <summary>When it was said.</summary>
    public DateTime AtUtc { get; set; }

    /// <summary>How many of the card's n it stands for.</summary>
    public int People { get; set; } = 1;

    /// <summary>The same of another card.</summary>
    public MapQuote On(int map, string card) => new() { MapId = map, CardId = card, ObservationId = ObservationId, Position = Position, Key = Key, AtUtc = AtUtc, People = People, DateBefore = DateBefore };

    /// <summary>The day of the card's evidence apart from all its quotes, the first of all days where it had none; null for a quote from before this was kept.</summary>
    public DateOnly? DateBefore { get; set; }
}

internal sealed class MapQuoteConfiguration : IEntityTypeConfiguration<MapQuote>
{
    public void Configure(EntityTypeBuilder<MapQuote> builder)
    {
        builder.ToTable("map_quotes");
        builder.HasIndex(q => new { q.MapId, q.CardId });
    }
}
