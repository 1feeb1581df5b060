using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>What maps and their history say of a person. Maps tell of customers at large; where a text names one all the same, it leaves with the person.</summary>
internal sealed class MapTextQueries(TangentDb db, MapWatchers watchers) : IKeepsPersonalData
{
    /// <summary>What stands in the place of a text that named the person.</summary>
    public const string Taken = "…";

    private const int Tries = 20;

    public string Kind => "journeyMaps";

    public IReadOnlyList<Type> Entities => [typeof(JourneyMap), typeof(MapEdit)];

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var map in db.Set<JourneyMap>().AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
        {
            var texts = new List<string>();
            Without(map.Content, subject, texts);
            foreach (var text in texts) yield return new JsonObject { ["map"] = map.Name, ["text"] = text };
        }
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        foreach (var id in await db.Set<JourneyMap>().Select(m => m.Id).ToListAsync(ct))
            if (await EraseAsync(id, subject, ct)) watchers.Pulsed(id);
    }

    private async Task<bool> EraseAsync(int id, DataSubject subject, CancellationToken ct)
    {
        var edits = (await db.Set<MapEdit>().AsNoTracking().Where(e => e.MapId == id).Select(e => new { e.Version, e.Changes, e.Inverse }).ToListAsync(ct))
            .Select(e => (e.Version, Changes: Without(e.Changes, subject), Inverse: Without(e.Inverse, subject))).Where(e => e.Changes is not null || e.Inverse is not null).ToList();
        var isNamed = await db.Set<JourneyMap>().AsNoTracking().Where(m => m.Id == id).Select(m => m.Content).FirstOrDefaultAsync(ct) is { } now && Without(now, subject) is not null;
        if (edits.Count == 0 && !isNamed) return false;
        await SecureDelete.RunAsync(db, async () =>
        {
            foreach (var (version, changes, inverse) in edits)
            {
                if (changes is not null) await db.Set<MapEdit>().Where(e => e.MapId == id && e.Version == version).ExecuteUpdateAsync(e => e.SetProperty(x => x.Changes, changes), ct);
                if (inverse is not null) await db.Set<MapEdit>().Where(e => e.MapId == id && e.Version == version).ExecuteUpdateAsync(e => e.SetProperty(x => x.Inverse, inverse), ct);
            }

            // Whoever edits it meanwhile writes another version, which is read again.
            for (var tries = 0; tries < Tries && await db.Set<JourneyMap>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, ct) is { } map && Without(map.Content, subject) is { } content; tries++)
                await db.Set<JourneyMap>().Where(m => m.Id == id && m.Version == map.Version).ExecuteUpdateAsync(m => m.SetProperty(x => x.Content, content), ct);
        }, ct);
        return true;
    }

    /// <returns>The JSON with each text that names the person taken out; null where none does.</returns>
    internal static string? Without(string json, DataSubject subject, List<string>? taken = null)
    {
        var found = false;
        var root = JsonNode.Parse(json)!;
        Walk(root);
        return found ? root.ToJsonString(MapContent.Json) : null;

        void Walk(JsonNode node)
        {
            var children = node switch { JsonObject o => o.Select(p => p.Value).ToList(), JsonArray a => [.. a], _ => [] };
            foreach (var child in children.OfType<JsonNode>())
            {
                if (child is not JsonValue value) Walk(child);
                else if (value.GetValueKind() == System.Text.Json.JsonValueKind.String && subject.AreNamedInProse(value.GetValue<string>()))
                {
                    taken?.Add(value.GetValue<string>());
                    value.ReplaceWith(Taken);
                    found = true;
                }
            }
        }
    }
}
