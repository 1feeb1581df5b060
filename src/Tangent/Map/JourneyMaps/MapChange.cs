using System.Text.Json;
using System.Text.Json.Nodes;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>What a change is done to.</summary>
public enum MapPart
{
    Map = 0,
    Stage = 1,
    Step = 2,
    Lane = 3,
    Card = 4,
}

/// <summary>What is done.</summary>
public enum MapVerb
{
    Set = 0,
    Add = 1,
    Remove = 2,
    Move = 3,
}

/// <summary>The smallest edit of a map. Two people who set different fields never get in each other's way.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Part">To what.</param>
/// <param name="Id">Its id; empty for the map itself.</param>
/// <param name="Field">With set: name of the field.</param>
/// <param name="Value">With set: the new value; with add: the whole part, its id included.</param>
/// <param name="Was">With set: the value that the editor saw. Where the map has another by now, the change is refused and the other value named; without it the change is made in any case.</param>
/// <param name="Before">With add and move: id of what it comes to stand before; without it at the end.</param>
public sealed record MapChange(MapVerb Verb, MapPart Part, string Id = "", string? Field = null, JsonNode? Value = null, JsonNode? Was = null, string? Before = null)
{
    internal static readonly string[] Lists = ["", "stages", "steps", "lanes", "cards"];

    /// <summary>The changes of the fields in which a part differs from what the editor saw.</summary>
    internal static IReadOnlyList<MapChange> Between<T>(MapPart part, string id, T was, T now)
    {
        var (before, after) = ((JsonObject)JsonSerializer.SerializeToNode(was, MapContent.Json)!, (JsonObject)JsonSerializer.SerializeToNode(now, MapContent.Json)!);
        return [.. before.Select(f => f.Key).Union(after.Select(f => f.Key)).Where(f => !JsonNode.DeepEquals(before[f], after[f]))
            .Select(f => new MapChange(MapVerb.Set, part, id, f, after[f]?.DeepClone(), before[f]?.DeepClone() ?? ""))];
    }
}

/// <summary>Why changes were not made.</summary>
/// <param name="Detail">In words.</param>
/// <param name="IsConflict">Somebody else had changed the same field.</param>
/// <param name="Part">Id of the part that is not there any more, for programs: people are told its kind.</param>
internal sealed record MapRefusal(string Detail, bool IsConflict = false, string? Part = null);

/// <summary>Makes changes on the JSON of a map, and says what takes them back.</summary>
internal sealed class MapEditing
{
    private readonly JsonObject _map;
    private readonly List<MapChange> _inverse = [];

    private readonly bool _isTakingBack;

    private MapEditing(JsonObject map, bool isTakingBack) => (_map, _isTakingBack) = (map, isTakingBack);

    /// <summary>Makes all changes or none.</summary>
    /// <param name="content">The map.</param>
    /// <param name="changes">What is to be changed, in this order.</param>
    /// <param name="changed">The map with the changes.</param>
    /// <param name="inverse">What takes them back.</param>
    /// <param name="isTakingBack">The changes take back an edit: what others have put into a stage, step or lane meanwhile does not go with it.</param>
    /// <returns>Null where they were made.</returns>
    public static MapRefusal? TryMake(MapContent content, IReadOnlyList<MapChange> changes, out MapContent changed, out IReadOnlyList<MapChange> inverse, bool isTakingBack = false)
    {
        (changed, inverse) = (content, []);
        var editing = new MapEditing((JsonObject)JsonSerializer.SerializeToNode(content, MapContent.Json)!, isTakingBack);
        MapContent made;
        try
        {
            foreach (var change in changes)
                if (editing.Make(change) is { } refusal) return refusal;
            made = editing._map.Deserialize<MapContent>(MapContent.Json)!;
        }
        catch (JsonException e)
        {
            return new MapRefusal(T("Map.Fault.Value", e.Path?.TrimStart('$', '.')));
        }

        if (made.Fault() is { } fault) return new MapRefusal(fault.Detail);
        (changed, inverse) = (made, [.. editing._inverse.AsEnumerable().Reverse()]);
        return null;
    }

    private MapRefusal? Make(MapChange change)
    {
        if (!Enum.IsDefined(change.Part) || !Enum.IsDefined(change.Verb)) return new MapRefusal(T("Map.Fault.NoChange"));
        if (change.Part == MapPart.Map) return change.Verb == MapVerb.Set ? Set(_map, change) : new MapRefusal(T("Map.Fault.MapOnlySet"));
        var list = (JsonArray)_map[MapChange.Lists[(int)change.Part]]!;
        if (change.Verb == MapVerb.Add) return Add(list, change);
        var place = Place(list, change.Id);
        if (place < 0) return new MapRefusal(T("Map.Fault.Gone." + change.Part), IsConflict: true, change.Id);
        return change.Verb switch
        {
            MapVerb.Set => Set((JsonObject)list[place]!, change),
            MapVerb.Remove => Remove(list, place, change),
            _ => Move(list, place, change),
        };
    }

    private MapRefusal? Set(JsonObject part, MapChange change)
    {
        var own = change.Part == MapPart.Map;
        if (change.Field is not { Length: > 0 } field || field.Equals("id", StringComparison.OrdinalIgnoreCase) || (own && MapChange.Lists.Contains(field, StringComparer.OrdinalIgnoreCase))) return new MapRefusal(T("Map.Fault.Field"));
        var before = part[field];
        if (change.Was is not null && !JsonNode.DeepEquals(change.Was, before ?? Absent(change.Was)))
            return new MapRefusal(T("Map.Fault.Meanwhile", Said(field, before)), IsConflict: true);
        _inverse.Add(change with { Value = before?.DeepClone(), Was = change.Value?.DeepClone() ?? "" });
        if (change.Value is null) part.Remove(field);
        else part[field] = change.Value.DeepClone();
        return null;
    }

    /// <summary>What stands in a field, in the reader's words: the evidence, the name of the part it names, or else as it is.</summary>
    private string Said(string field, JsonNode? node) => (field, node) switch
    {
        ("evidence", JsonObject evidence) => EvidenceWords.Of(evidence.Deserialize<Evidence>(MapContent.Json)!, EvidenceAge.Fresh),
        ("next", JsonArray next) => string.Join(", ", next.Select(n => NameOf(MapPart.Step, n))),
        ("stage", _) => NameOf(MapPart.Stage, node),
        ("step", _) => NameOf(MapPart.Step, node),
        _ => Text(node) ?? node?.ToJsonString(MapContent.Json) ?? "",
    };

    private string NameOf(MapPart part, JsonNode? id) => ((JsonArray)_map[MapChange.Lists[(int)part]]!).FirstOrDefault(p => Text(p!["id"]) == Text(id)) is { } there ? Text(there["name"]) ?? "" : Text(id) ?? "";

    /// <summary>What a field that is not there counts as, for an editor who saw it empty.</summary>
    private static JsonValue? Absent(JsonNode was) => Text(was) is "" ? JsonValue.Create("") : null;

    private MapRefusal? Add(JsonArray list, MapChange change)
    {
        if (change.Value is not JsonObject part || Text(part["id"]) is not { } name) return new MapRefusal(T("Map.Fault.Whole"));
        if (Place(list, name) >= 0) return new MapRefusal(T("Map.Fault.There", name), IsConflict: true);
        list.Insert(Before(list, change.Before), part.DeepClone());
        _inverse.Add(new MapChange(MapVerb.Remove, change.Part, name));
        return null;
    }

    /// <summary>What stands in a stage, step or lane goes with it.</summary>
    private MapRefusal? Remove(JsonArray list, int place, MapChange change)
    {
        var inside = change.Part switch { MapPart.Stage => (MapPart.Step, "stage"), MapPart.Step => (MapPart.Card, "step"), MapPart.Lane => (MapPart.Card, "lane"), _ => (MapPart.Map, "") };
        List<string> parts = inside.Item1 == MapPart.Map ? [] : Named((JsonArray)_map[MapChange.Lists[(int)inside.Item1]]!, inside.Item2, change.Id);
        if (_isTakingBack && parts.Count > 0) return new MapRefusal(T("Map.Fault.Inside", Text(list[place]!["name"])), IsConflict: true);
        foreach (var id in parts) Make(new MapChange(MapVerb.Remove, inside.Item1, id));
        if (change.Part == MapPart.Step)
            foreach (var step in ((JsonArray)_map["steps"]!).OfType<JsonObject>())
                if (step["next"] is JsonArray next && next.Any(n => Text(n) == change.Id))
                    Set(step, new MapChange(MapVerb.Set, MapPart.Step, Text(step["id"])!, "next", next.Count == 1 ? null : new JsonArray([.. next.Where(n => Text(n) != change.Id).Select(n => n!.DeepClone())])));
        _inverse.Add(new MapChange(MapVerb.Add, change.Part, Value: list[place]!.DeepClone(), Before: place + 1 < list.Count ? Text(list[place + 1]!["id"]) : null));
        list.RemoveAt(place);
        return null;
    }

    private MapRefusal? Move(JsonArray list, int place, MapChange change)
    {
        if (change.Before == change.Id) return null;
        var part = list[place]!;
        _inverse.Add(change with { Before = place + 1 < list.Count ? Text(list[place + 1]!["id"]) : null });
        list.RemoveAt(place);
        list.Insert(Before(list, change.Before), part);
        return null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static int Before(JsonArray list, string? before) => before is not null && Place(list, before) is >= 0 and var place ? place : list.Count;

    private static int Place(JsonArray list, string id)
    {
        for (var i = 0; i < list.Count; i++)
            if (Text(list[i]!["id"]) == id) return i;
        return -1;
    }

    private static List<string> Named(JsonArray list, string field, string id) => [.. list.Where(p => Text(p![field]) == id).Select(p => Text(p!["id"])!)];
}
