using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Map;

/// <summary>A cell of the board: the column of a step, and the row: <c>step</c>, <c>touchpoint</c>, <c>emotion</c> or a lane's id.</summary>
public readonly record struct MapCellAt(string Step, string Row);

/// <summary>What of a board some edits have changed. It may name a cell too many, never one too few.</summary>
internal static class MapPatch
{
    public const int MostEdits = 50;
    private const int MostCells = 300;

    /// <param name="now">The map after the edits.</param>
    /// <param name="edits">All edits since what the browser shows.</param>
    /// <param name="count">How many there were; where some are missing, the whole board is sent.</param>
    /// <returns>Null where columns or rows came, went or moved, or where so much changed that the whole board is sent.</returns>
    public static IReadOnlySet<MapCellAt>? Of(MapContent now, IReadOnlyList<MapEdit> edits, int count)
    {
        if (edits.Count != count) return null;
        var cells = new HashSet<MapCellAt>();
        var changes = edits.SelectMany(e => Read(e.Changes).Concat(Read(e.Inverse))).ToList();
        foreach (var change in changes.Where(c => c.Part is not (MapPart.Card or MapPart.Map)))
            if (!OfStep(now, change, cells)) return null;
        foreach (var card in changes.Where(c => c.Part == MapPart.Card).GroupBy(c => c.Verb == MapVerb.Add ? Text(c.Value?["id"]) : c.Id))
            OfCard(now, card.Key, [.. card], cells);
        return cells.Count > MostCells ? null : cells;
    }

    /// <summary>All cells of some columns, from one on; a stage without steps has a column, too.</summary>
    public static IReadOnlySet<MapCellAt> Columns(MapContent now, int first, int count)
    {
        var steps = now.Stages.SelectMany(s => now.StepsOf(s).Cast<MapStep?>().DefaultIfEmpty()).Skip(Math.Max(0, first)).Take(count).OfType<MapStep>();
        List<string> rows = [MapRow.Touchpoint, MapRow.Emotion, .. now.Lanes.Select(l => l.Id)];
        return steps.SelectMany(s => rows.Select(row => new MapCellAt(s.Id, row))).ToHashSet();
    }

    private static List<MapChange> Read(string json) => JsonSerializer.Deserialize<List<MapChange>>(json, MapContent.Json)!;

    private static bool OfStep(MapContent now, MapChange change, HashSet<MapCellAt> cells)
    {
        if (change.Part != MapPart.Step || change.Verb != MapVerb.Set || change.Field == "stage") return false;
        var columns = now.StepsInOrder().Select(s => s.Id).ToList();
        var at = columns.IndexOf(change.Id);
        if (at < 0) return false;
        cells.UnionWith([new(change.Id, MapRow.Step), new(change.Id, MapRow.Touchpoint)]);
        // The curve runs to the middle between two steps.
        for (var i = Math.Max(0, at - 1); i <= Math.Min(columns.Count - 1, at + 1); i++) cells.Add(new(columns[i], MapRow.Emotion));
        if (change.Field != "name") return true;
        // Steps that lead here name it.
        cells.UnionWith(now.Lanes.Select(l => new MapCellAt(change.Id, l.Id)).Concat(now.Steps.Where(s => s.Next?.Contains(change.Id) == true).Select(s => new MapCellAt(s.Id, MapRow.Step))));
        return true;
    }

    /// <summary>Every cell in which the card may have stood.</summary>
    private static void OfCard(MapContent now, string? id, List<MapChange> changes, HashSet<MapCellAt> cells)
    {
        var card = now.Cards.FirstOrDefault(c => c.Id == id);
        IEnumerable<string> Of(string field, string? here) => changes.Select(c => c.Verb == MapVerb.Add ? c.Value?[field] : c.Field == field ? c.Value : null).Select(Text).Append(here).OfType<string>().Distinct();
        foreach (var step in Of("step", card?.Step))
            foreach (var lane in Of("lane", card?.Lane)) cells.Add(new(step, lane));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

/// <summary>The rows of a board that are no lanes.</summary>
internal static class MapRow
{
    public const string Step = "step", Touchpoint = "touchpoint", Emotion = "emotion";
}
