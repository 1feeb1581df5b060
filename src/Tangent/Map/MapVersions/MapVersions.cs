using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <param name="Changed">What came of it.</param>
/// <param name="Stayed">How many cards say what they said before: what they share with other maps, or what was heard, is not of a version.</param>
internal sealed record MapRestored(MapChanged Changed, int Stayed = 0);

/// <summary>Named versions of maps: saved, compared and restored.</summary>
internal sealed class MapVersions(JourneyMapQueries maps, MapSnapshotQueries snapshots, TouchpointCatalogue catalogue, MapLinking linking, MapImport import, TimeProvider time)
{
    public const int Most = 200;

    /// <returns>Null where the map is full of versions.</returns>
    public async Task<MapSnapshot?> SaveAsync(JourneyMap map, string name, Actor by, CancellationToken ct)
    {
        if (await snapshots.CountAsync(map.Id, ct) >= Most) return null;
        var snapshot = MapSnapshot.Of(map, name, by.Name, time.GetUtcNow().UtcDateTime, catalogue, await linking.ReferencesAsync(ct));
        await snapshots.AddAsync(snapshot, ct);
        return snapshot;
    }

    /// <summary>Makes the map what it was in a version, as one edit that can be taken back. What it is before that is saved first, in the same moment.</summary>
    /// <param name="map">Number of the map.</param>
    /// <param name="snapshot">The version.</param>
    /// <param name="name">Name of the version that is saved first.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Null where there is no such map.</returns>
    public async Task<MapRestored?> RestoreAsync(int map, MapSnapshot snapshot, string name, Actor by, CancellationToken ct)
    {
        if (snapshot.Content() is not { } was) return new MapRestored(new MapChanged(null, null, new MapRefusal(Texts.T("Map.Versions.Unreadable"))));
        var references = await linking.ReferencesAsync(ct);
        var stayed = 0;
        var restored = await maps.TogetherAsync(async () =>
        {
            // The first write holds the database: what is saved is what is replaced.
            if (await maps.FindAsync(map, ct) is not { } now) return ((MapChanged?)null, false);
            if (await SaveAsync(now, name, by, ct) is not { } saved) return (new MapChanged(now, null, new MapRefusal(Texts.T("Map.Versions.Full", Most))), false);
            var changed = await maps.ChangeAsync(map, content =>
            {
                var today = Today(was, content, references);
                stayed = was.Cards.Zip(today.Cards).Count(c => c.First.Text != c.Second.Text || c.First.Evidence != c.Second.Evidence);
                return MapRestoring.Changes(content, today);
            }, by, ct);
            return (changed, changed is { Refusal: null });
        }, [map], ct);
        return restored is null ? null : new MapRestored(restored, stayed);
    }

    /// <summary>A version without the personas and maps that have gone since. What a card shares with other maps, and what it stands on, is not of the version: both are as they are now.</summary>
    private static MapContent Today(MapContent was, MapContent now, MapReferences references)
    {
        IReadOnlyList<int>? There(IReadOnlyList<int>? personas) => personas?.Where(p => references.Personas.Find(p) is not null).ToList();
        var there = now.Cards.ToDictionary(c => c.Id, StringComparer.Ordinal);
        MapCard Card(MapCard card)
        {
            card = card with { Personas = There(card.Personas), Shared = null };
            if (!there.TryGetValue(card.Id, out var today)) return card;
            if (today.Shared is not null) return card with { Shared = today.Shared, Text = today.Text, Evidence = today.Evidence };
            return card.Evidence.Kind == EvidenceKind.Heard || today.Evidence.Kind == EvidenceKind.Heard ? card with { Evidence = today.Evidence } : card;
        }

        return was with
        {
            Personas = There(was.Personas) ?? [],
            Steps = [.. was.Steps.Select(s => references.Map(s.Map) is null ? s with { Map = null } : s)],
            Cards = [.. was.Cards.Select(Card)],
        };
    }

    /// <summary>What differs between two moments of a map, part by part.</summary>
    public async Task<IReadOnlyList<MapDifference>> CompareAsync(MapContent from, MapContent to, CancellationToken ct)
    {
        var references = await linking.ReferencesAsync(ct);
        return MapComparison.Of(ComparedMap.Of(from, import.Touchpoint, references), ComparedMap.Of(to, import.Touchpoint, references), MapLikeness.Ids);
    }

    /// <summary>A map at a moment: as it is now, or as a version has it.</summary>
    /// <param name="map">The map.</param>
    /// <param name="snapshot">The version; null for the map as it is now.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Null where there is no such version.</returns>
    public async Task<MapContent?> AtAsync(JourneyMap map, int? snapshot, CancellationToken ct) =>
        snapshot is { } id ? (await snapshots.FindAsync(map.Id, id, ct))?.Content() : MapContent.Read(map.Content);

    /// <summary>What the version is called that is saved before another one is restored.</summary>
    public static string NameBefore(MapSnapshot restored)
    {
        var name = Texts.T("Map.Versions.Before", restored.Name);
        return name.Length > MapContent.NameLength ? name[..(MapContent.NameLength - 1)] + "…" : name;
    }
}
