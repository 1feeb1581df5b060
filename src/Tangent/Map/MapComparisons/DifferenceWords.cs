using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>What differs between two maps, in the reader's words.</summary>
internal static class DifferenceWords
{
    public static string Tone(DifferenceKind kind) => kind switch { DifferenceKind.Added => "mark-good", DifferenceKind.Removed => "mark-bad", DifferenceKind.Moved => "mark-unsure", _ => "" };

    public static string Where(MapDifference d) => d.Step.Length > 0 ? $"{d.Stage} › {d.Step}" : d.Stage.Length > 0 ? d.Stage : T("Map.Part.Map");

    /// <summary>The field or lane, with the card it is about.</summary>
    public static string What(MapDifference d)
    {
        var what = Field(d.What);
        return d.Card.Length > 0 ? $"{what}: {d.Card}" : what;
    }

    /// <summary>Name of a field of a map, a step or a card, or of a lane.</summary>
    public static string Field(string name) => name switch
    {
        "stage" => T("Map.Part.Stage"),
        "step" => T("Map.Part.Step"),
        "lane" => T("Map.Part.Lane"),
        "touchpoint" => T("Map.Journey.Touchpoint"),
        "emotion" => T("Map.Journey.Emotion"),
        "when" or "condition" => T("Map.Journey.Condition"),
        "next" => T("Map.Journey.Next"),
        "evidence" => T("Map.Evidence"),
        "place" => T("Map.Difference.Place"),
        "persona" => T("Map.Journey.Persona"),
        "personas" => T("Map.Persona.Title"),
        "map" => T("Map.Tree.Inside"),
        "parent" => T("Map.Tree.Parent"),
        "shared" => T("Map.Same.Title"),
        "description" => T("Map.Touchpoint.Description"),
        _ => MapWords.Read<LaneKind>(name) is { } lane and not LaneKind.Free ? T("Map.Lane." + lane) : name,
    };
}
