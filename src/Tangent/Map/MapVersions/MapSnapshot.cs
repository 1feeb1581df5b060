using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Tangent.Map;

/// <summary>A map as it was once, under a name: the file it is exported as, so that there is one form of a stored map.</summary>
internal sealed class MapSnapshot
{
    public int Id { get; set; }

    public int MapId { get; set; }

    /// <summary>One line of 1 to 120 characters.</summary>
    public required string Name { get; set; }

    /// <summary>Version of the map then.</summary>
    public int Version { get; set; }

    public DateTime AtUtc { get; set; }

    /// <summary>Name of who saved it, as it was then.</summary>
    public string By { get; set; } = "";

    /// <summary>The map as YAML.</summary>
    public required string Yaml { get; set; }

    /// <summary>The <see cref="SnapshotIds"/> as JSON.</summary>
    public required string Ids { get; set; }

    public static MapSnapshot Of(JourneyMap map, string name, string by, DateTime atUtc, TouchpointCatalogue catalogue, MapReferences references)
    {
        var content = MapContent.Read(map.Content);
        return new MapSnapshot
        {
            MapId = map.Id,
            Name = name,
            Version = map.Version,
            AtUtc = atUtc,
            By = by,
            Yaml = MapYamlWriter.Write(map, content, catalogue, references),
            Ids = JsonSerializer.Serialize(SnapshotIds.Of(content), MapContent.Json),
        };
    }

    /// <summary>The map as it was, its parts with the ids they had.</summary>
    /// <returns>Null where the file cannot be read any more.</returns>
    public MapContent? Content() => MapYamlReader.TryRead(Yaml, out _) is { } file ? JsonSerializer.Deserialize<SnapshotIds>(Ids, MapContent.Json)!.Give(file.Content) : null;
}

/// <summary>
/// A file has no ids: they are kept beside it, each list in the order in which the file has the parts. Comments, quotes and links stay with what is restored by
/// them, and a touchpoint that was renamed meanwhile is the same one.
/// </summary>
internal sealed record SnapshotIds(IReadOnlyList<string> Stages, IReadOnlyList<string> Steps, IReadOnlyList<int?> Touchpoints, IReadOnlyList<string> Lanes, IReadOnlyList<string> Cards)
{
    /// <summary>The personas whose journey it is.</summary>
    public IReadOnlyList<int> Personas { get; init; } = [];

    /// <summary>The maps that steps open, in the order of the steps.</summary>
    public IReadOnlyList<int?> Inside { get; init; } = [];

    /// <summary>The personas that cards are about, in the order of the cards.</summary>
    public IReadOnlyList<IReadOnlyList<int>?> OfCards { get; init; } = [];

    public static SnapshotIds Of(MapContent content)
    {
        var steps = content.StepsInOrder().ToList();
        var cards = steps.SelectMany(s => content.Lanes.SelectMany(l => content.CardsAt(s, l))).ToList();
        return new([.. content.Stages.Select(s => s.Id)], steps.ConvertAll(s => s.Id), steps.ConvertAll(s => s.Touchpoint), [.. content.Lanes.Select(l => l.Id)],
            cards.ConvertAll(c => c.Id))
        { Personas = content.Personas, Inside = steps.ConvertAll(s => s.Map), OfCards = cards.ConvertAll(c => c.Personas) };
    }

    /// <summary>The content of the file with these ids in place of those by place.</summary>
    public MapContent Give(MapContent file)
    {
        var stages = file.Stages.Zip(Stages).ToDictionary(p => p.First.Id, p => p.Second, StringComparer.Ordinal);
        var steps = file.Steps.Zip(Steps).ToDictionary(p => p.First.Id, p => p.Second, StringComparer.Ordinal);
        var lanes = file.Lanes.Zip(Lanes).ToDictionary(p => p.First.Id, p => p.Second, StringComparer.Ordinal);
        return file with
        {
            Personas = Personas,
            Stages = [.. file.Stages.Select(s => s with { Id = stages[s.Id] })],
            Steps = [.. file.Steps.Zip(Touchpoints, (s, t) => (Step: s, Touchpoint: t)).Zip(Inside, (p, inside) => p.Step with { Id = steps[p.Step.Id], Stage = stages[p.Step.Stage], Touchpoint = p.Touchpoint, Map = inside, Next = p.Step.Next?.Select(n => steps[n]).ToList() })],
            // A file without lanes is read with the usual ones.
            Lanes = [.. file.Lanes.Where(l => lanes.ContainsKey(l.Id)).Select(l => l with { Id = lanes[l.Id] })],
            Cards = [.. file.Cards.Zip(Cards, OfCards).Select(c => c.First with { Id = c.Second, Step = steps[c.First.Step], Lane = lanes[c.First.Lane], Personas = c.Third })],
        };
    }
}

internal sealed class MapSnapshotConfiguration : IEntityTypeConfiguration<MapSnapshot>
{
    public void Configure(EntityTypeBuilder<MapSnapshot> builder)
    {
        builder.ToTable("map_snapshots");
        builder.HasIndex(s => s.MapId);
    }
}
