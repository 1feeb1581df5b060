using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>A snapshot without the map itself.</summary>
internal sealed record SnapshotLine(int Id, int MapId, string Name, int Version, DateTime AtUtc, string By);

internal sealed class MapSnapshotQueries(TangentDb db, TouchpointCatalogue catalogue, MapLinking linking) : IKeepsPersonalData
{
    public string Kind => "mapVersions";

    public IReadOnlyList<Type> Entities => [typeof(MapSnapshot)];

    /// <summary>The versions of a map, the latest first.</summary>
    public Task<List<SnapshotLine>> ListAsync(int map, CancellationToken ct) =>
        db.Set<MapSnapshot>().Where(s => s.MapId == map).OrderByDescending(s => s.Id).Select(s => new SnapshotLine(s.Id, s.MapId, s.Name, s.Version, s.AtUtc, s.By)).ToListAsync(ct);

    public Task<MapSnapshot?> FindAsync(int map, int id, CancellationToken ct) => db.Set<MapSnapshot>().AsNoTracking().FirstOrDefaultAsync(s => s.MapId == map && s.Id == id, ct);

    public Task<int> CountAsync(int map, CancellationToken ct) => db.Set<MapSnapshot>().CountAsync(s => s.MapId == map, ct);

    public async Task AddAsync(MapSnapshot snapshot, CancellationToken ct)
    {
        db.Add(snapshot);
        await db.SaveChangesAsync(ct);
    }

    public async Task<bool> RemoveAsync(int map, int id, CancellationToken ct) => await db.Set<MapSnapshot>().Where(s => s.MapId == map && s.Id == id).ExecuteDeleteAsync(ct) > 0;

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        var references = await linking.ReferencesAsync(ct);
        await foreach (var snapshot in db.Set<MapSnapshot>().AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
        {
            var texts = new List<string>();
            Without(snapshot, subject, references, texts);
            foreach (var text in texts) yield return new JsonObject { ["version"] = snapshot.Name, ["text"] = text };
        }
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var references = await linking.ReferencesAsync(ct);
        foreach (var id in await db.Set<MapSnapshot>().Select(s => s.Id).ToListAsync(ct))
        {
            if (await db.Set<MapSnapshot>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct) is not { } snapshot || Without(snapshot, subject, references) is not var (name, yaml)) continue;
            await SecureDelete.RunAsync(db, () => db.Set<MapSnapshot>().Where(s => s.Id == id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Name, name).SetProperty(x => x.Yaml, yaml), ct), ct);
        }
    }

    /// <returns>Name and file with each text that names the person taken out; null where none does.</returns>
    private (string Name, string Yaml)? Without(MapSnapshot snapshot, DataSubject subject, MapReferences references, List<string>? taken = null)
    {
        var texts = taken ?? [];
        var name = snapshot.Name;
        if (subject.AreNamedInProse(name))
        {
            texts.Add(name);
            name = MapTextQueries.Taken;
        }

        // A touchpoint's texts are the catalogue's: they are written anew as they are there now.
        if (MapYamlReader.TryRead(snapshot.Yaml, out _) is not { } file || snapshot.Content() is not { } content) return subject.AreNamedInProse(snapshot.Yaml) ? (name, "") : null;
        var cleaned = MapTextQueries.Without(content.Write(), subject, texts);
        if (texts.Count == 0 && !subject.AreNamedInProse(snapshot.Yaml)) return null;
        var left = cleaned is null ? content : Told(MapContent.Read(cleaned));
        var mapName = subject.AreNamedInProse(file.Name) ? MapTextQueries.Taken : file.Name;
        return (name, MapYamlWriter.Write(new JourneyMap { Name = mapName, State = file.State }, left, catalogue, references));
    }

    /// <summary>Own lanes have names of their own, also where two of them named the person.</summary>
    private static MapContent Told(MapContent content)
    {
        var count = 0;
        return content with { Lanes = [.. content.Lanes.Select(l => l.Kind == LaneKind.Free && l.Name == MapTextQueries.Taken && ++count > 1 ? l with { Name = $"{MapTextQueries.Taken} {count}" } : l)] };
    }
}
