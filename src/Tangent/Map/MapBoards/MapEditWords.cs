using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>Says what an edit did: to which part, in which field, what stood there and what stands there now.</summary>
/// <param name="now">The map as it is.</param>
/// <param name="touchpoints">Names of touchpoints.</param>
/// <param name="personas">Names of personas.</param>
/// <param name="maps">Names of maps.</param>
internal sealed class MapEditWords(MapContent now, TouchpointCatalogue touchpoints, PersonaCatalogue personas, IReadOnlyDictionary<int, string> maps)
{
    private const int MostLetters = 60;
    private const string Nothing = "–";

    /// <summary>What parts were called that are not there any more.</summary>
    private readonly Dictionary<(MapPart, string), string> _former = [];

    /// <summary>Takes note of what parts were called; of edits from the oldest to the latest.</summary>
    public void Know(IEnumerable<MapChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Verb == MapVerb.Add && Text(change.Value?["id"]) is { Length: > 0 } id) _former[(change.Part, id)] = NameOf(change.Part, change.Value!);
            if (change is { Verb: MapVerb.Set, Field: "name" or "text" } && Text(change.Value) is { Length: > 0 } name) _former[(change.Part, change.Id)] = name;
        }
    }

    /// <param name="changes">What was changed.</param>
    /// <param name="inverse">What takes it back.</param>
    /// <param name="about">Version of the edit that it took back or made again; null where it is one of its own.</param>
    /// <param name="isAgain">It made that edit again.</param>
    public IReadOnlyList<string> Of(IReadOnlyList<MapChange> changes, IReadOnlyList<MapChange> inverse, int? about, bool isAgain)
    {
        List<string> said = [.. changes.Select(c => Of(c, inverse))];
        if (about is not { } version) return said;
        return [T(said.Count == 0 ? "Map.Edit.NotTakenBack" : isAgain ? "Map.Edit.Again" : "Map.Edit.TookBack", version), .. said];
    }

    private string Of(MapChange change, IReadOnlyList<MapChange> inverse)
    {
        var part = T("Map.Part." + change.Part);
        if (change.Verb == MapVerb.Set)
        {
            // The last of what takes it back is what it did first.
            var was = inverse.LastOrDefault(i => i.Verb == MapVerb.Set && (i.Part, i.Id, i.Field) == (change.Part, change.Id, change.Field))?.Value;
            var subject = change.Field is "name" or "text" || change.Part == MapPart.Map ? part : Called(part, NameOf(change.Part, change.Id));
            var field = change.Field is "name" or "text" ? "" : $" · {DifferenceWords.Field(change.Field!)}";
            return $"{subject}{field}: {Value(change.Field!, was)} → {Value(change.Field!, change.Value)}";
        }

        var name = change.Verb switch
        {
            MapVerb.Add => NameOf(change.Part, change.Value!),
            MapVerb.Remove => inverse.FirstOrDefault(i => i.Verb == MapVerb.Add && i.Part == change.Part && Text(i.Value?["id"]) == change.Id)?.Value is { } gone ? NameOf(change.Part, gone) : NameOf(change.Part, change.Id),
            _ => NameOf(change.Part, change.Id),
        };
        return T("Map.Edit." + change.Verb, Called(part, name));
    }

    private string Value(string field, JsonNode? value) => (field, value) switch
    {
        (_, null) => Nothing,
        ("touchpoint", JsonValue number) when number.TryGetValue(out int id) => touchpoints.Touchpoints.SelectMany(t => t.Merged).FirstOrDefault(m => m.Id == id)?.Name ?? touchpoints.Find(id)?.Name ?? Number(id),
        ("emotion", JsonValue number) when number.TryGetValue(out int felt) && felt is >= -2 and <= 2 => $"{Figures.WithSign(felt)} {T("Map.Emotion." + (felt + 2))}",
        ("map", JsonValue number) when number.TryGetValue(out int id) => maps.GetValueOrDefault(id, Number(id)),
        ("personas", JsonArray all) => List(all.Select(p => p is JsonValue one && one.TryGetValue(out int id) ? personas.Find(id)?.Name ?? Number(id) : "")),
        ("next", JsonArray all) => List(all.Select(n => NameOf(MapPart.Step, Text(n)))),
        ("stage", _) => Quoted(NameOf(MapPart.Stage, Text(value))),
        ("step", _) => Quoted(NameOf(MapPart.Step, Text(value))),
        ("lane", _) => Quoted(NameOf(MapPart.Lane, Text(value))),
        ("kind", _) when Enum.TryParse<LaneKind>(Text(value), ignoreCase: true, out var kind) && kind != LaneKind.Free => T("Map.Lane." + kind),
        ("evidence", JsonObject evidence) => EvidenceWords.Of(evidence.Deserialize<Evidence>(MapContent.Json)!, EvidenceAge.Fresh),
        ("shared", _) => "✓",
        _ => Text(value) is { Length: > 0 } text ? Quoted(text) : Nothing,
    };

    private string NameOf(MapPart part, string id) => part switch
    {
        MapPart.Stage => now.Stages.FirstOrDefault(s => s.Id == id)?.Name,
        MapPart.Step => now.Steps.FirstOrDefault(s => s.Id == id)?.Name,
        MapPart.Lane => now.Lanes.FirstOrDefault(l => l.Id == id) is { } lane ? MapGrid.NameOf(lane) : null,
        MapPart.Card => now.Cards.FirstOrDefault(c => c.Id == id)?.Text,
        _ => null,
    } ?? _former.GetValueOrDefault((part, id), "");

    private static string NameOf(MapPart part, JsonNode value) =>
        part == MapPart.Lane && Enum.TryParse<LaneKind>(Text(value["kind"]), ignoreCase: true, out var kind) && kind != LaneKind.Free ? T("Map.Lane." + kind) : Text(value["name"] ?? value["text"]);

    private static string Called(string part, string name) => name.Length > 0 ? $"{part} {Quoted(name)}" : part;

    private static string Quoted(string text) => T("Map.Edit.Quoted", text.Length > MostLetters ? text[..MostLetters] + "…" : text);

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Where(n => n.Length > 0)) is { Length: > 0 } list ? list : Nothing;

    private static string Number(int id) => id.ToString(CultureInfo.CurrentCulture);

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}
