using System.Text.Json;

namespace Tangent.Map;

/// <summary>Who changed what in maps, in the reader's words.</summary>
internal sealed class MapHistories(JourneyMapQueries maps, MapTreeQueries tree, TouchpointCatalogue touchpoints, PersonaCatalogue personas)
{
    /// <summary>The last edits, the latest first.</summary>
    public async Task<IReadOnlyList<MapEditModel>> OfAsync(JourneyMap map, int most, CancellationToken ct)
    {
        var edits = (await maps.EditsAsync(map.Id, most, ct)).ConvertAll(e => (Edit: e, Changes: Read(e.Changes), Inverse: Read(e.Inverse)));
        var takings = await maps.TakingsBackAsync(map.Id, ct);
        var words = new MapEditWords(MapContent.Read(map.Content), touchpoints, personas, (await tree.NamesAsync(ct)).ToDictionary(m => m.Id, m => m.Name));
        foreach (var (_, changes, inverse) in edits.AsEnumerable().Reverse()) words.Know([.. changes, .. inverse]);
        return edits.ConvertAll(e =>
        {
            var (about, isAgain) = About(e.Edit.TakesBack, takings);
            return new MapEditModel(e.Edit.Version, e.Edit.AtUtc, e.Edit.By, e.Edit.TakesBack, e.Changes) { Again = isAgain ? about : null, Said = words.Of(e.Changes, e.Inverse, about, isAgain) };
        });
    }

    /// <summary>The edit that was taken back, or made again: who takes back a taking back makes again what that one took back.</summary>
    internal static (int? About, bool IsAgain) About(int? takesBack, IReadOnlyDictionary<int, int> takings)
    {
        var isAgain = false;
        while (takesBack is { } version && takings.TryGetValue(version, out var before)) (takesBack, isAgain) = (before, !isAgain);
        return (takesBack, isAgain);
    }

    private static List<MapChange> Read(string json) => JsonSerializer.Deserialize<List<MapChange>>(json, MapContent.Json)!;
}
