namespace Tangent.Map;

/// <summary>A map as it is compared: what it refers to by numbers, by name.</summary>
/// <param name="Content">The map.</param>
/// <param name="Touchpoint">Name of a step's touchpoint; empty for none.</param>
internal sealed record ComparedMap(MapContent Content, Func<MapStep, string> Touchpoint)
{
    /// <summary>The map that a step opens; empty for none.</summary>
    public Func<MapStep, string> Inside { get; init; } = _ => "";

    /// <summary>The personas that a card is about.</summary>
    public Func<MapCard, IReadOnlyList<string>> About { get; init; } = _ => [];

    /// <summary>The personas whose journey it is.</summary>
    public IReadOnlyList<string> Personas { get; init; } = [];

    /// <summary>The map that it stands under; null where nothing is said of it.</summary>
    public string? Parent { get; init; }

    public static ComparedMap Of(MapContent content, Func<MapStep, string> touchpoint, MapReferences references) => new(content, touchpoint)
    {
        Inside = s => Label(references.Map(s.Map)),
        About = c => references.Names(c.Personas),
        Personas = references.Names(content.Personas),
    };

    public static ComparedMap Of(JourneyMap map, Func<MapStep, string> touchpoint, MapReferences references) => Of(MapContent.Read(map.Content), touchpoint, references) with { Parent = Label(references.Map(map.ParentId)) };

    /// <summary>Its name and state; empty for none.</summary>
    public static string Label(MapName? map) => map is null ? "" : $"{map.Name} ({MapWords.Of(map.State)})";
}
