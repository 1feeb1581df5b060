using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>A picture without its bytes.</summary>
internal sealed record PhotoHead(int Id, int? MapId, string? CardId, int? ObservationId, string Alt, int Width, int Height, DateTime AtUtc, string By);

internal sealed class PhotoQueries(TangentDb db, MapWatchers watchers) : IKeepsPersonalData
{
    private const int Most = 500;

    // A file with more would be of no use to anybody.
    private const long MostDrawnBytes = 64 << 20;

    public string Kind => "mapPhotos";

    public IReadOnlyList<Type> Entities => [typeof(Photo)];

    public bool Ages => true;

    public Task<Photo?> FindAsync(int id, CancellationToken ct) => db.Set<Photo>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == id, ct);

    public Task<List<PhotoHead>> OfMapAsync(int map, CancellationToken ct) => Heads(db.Set<Photo>().Where(p => p.MapId == map)).ToListAsync(ct);

    public Task<List<PhotoHead>> OfObservationsAsync(IReadOnlyCollection<int> observations, CancellationToken ct) =>
        Heads(db.Set<Photo>().Where(p => p.MapId == null && p.ObservationId != null && observations.Contains(p.ObservationId.Value))).ToListAsync(ct);

    /// <summary>The first picture of each card, with its bytes, as they are drawn.</summary>
    public async Task<Dictionary<string, Photo>> DrawnAsync(int map, CancellationToken ct)
    {
        var drawn = new Dictionary<string, Photo>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var first in (await OfMapAsync(map, ct)).OrderBy(p => p.Id).DistinctBy(p => p.CardId))
        {
            if (bytes > MostDrawnBytes) break;
            if (await FindAsync(first.Id, ct) is not { } photo) continue;
            drawn[first.CardId!] = photo;
            bytes += photo.Picture.Length;
        }

        return drawn;
    }

    /// <returns>False where the card, or the observation, has as many as it may.</returns>
    public async Task<bool> AddAsync(Photo photo, CancellationToken ct)
    {
        var (map, card, observation) = (photo.MapId, photo.CardId, photo.ObservationId);
        if (await db.Set<Photo>().CountAsync(p => p.MapId == map && p.CardId == card && (map != null || p.ObservationId == observation), ct) >= Photo.MostOfACard) return false;
        db.Add(photo);
        await db.SaveChangesAsync(ct);
        if (map is { } shown) watchers.Pulsed(shown);
        return true;
    }

    public async Task RemoveAsync(PhotoHead photo, CancellationToken ct)
    {
        await RemoveAsync([photo.Id], ct);
        if (photo.MapId is { } map) watchers.Pulsed(map);
    }

    public Task<PhotoHead?> HeadAsync(int id, CancellationToken ct) => Heads(db.Set<Photo>().Where(p => p.Id == id)).FirstOrDefaultAsync(ct);

    /// <summary>What was at an observation goes over to the card it was taken over to; whose words it came with stays known, so that it goes with them.</summary>
    public async Task MoveAsync(int observation, int map, string card, CancellationToken ct)
    {
        await db.Set<Photo>().Where(p => p.ObservationId == observation)
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.MapId, map).SetProperty(x => x.CardId, card), ct);
        watchers.Pulsed(map);
    }

    /// <summary>What came with an observation stands on no card any more.</summary>
    public Task MoveBackAsync(int observation, CancellationToken ct) =>
        db.Set<Photo>().Where(p => p.ObservationId == observation).ExecuteUpdateAsync(p => p.SetProperty(x => x.MapId, (int?)null).SetProperty(x => x.CardId, (string?)null), ct);

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var id in await NamedAsync(subject, ct))
            if (await FindAsync(id, ct) is { } photo) yield return new JsonObject { ["at"] = photo.AtUtc, ["text"] = photo.Alt, ["type"] = photo.MediaType, ["picture"] = Convert.ToBase64String(photo.Picture) };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct) => await RemoveAsync(await NamedAsync(subject, ct), ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = await db.Set<Photo>().Where(p => p.AtUtc < beforeUtc).Select(p => p.Id).ToListAsync(ct);
        if (!onlyCount) await RemoveAsync(old, ct);
        return old.Count;
    }

    public async Task<DateTime?> OldestAsync(CancellationToken ct) => await db.Set<Photo>().MinAsync(p => (DateTime?)p.AtUtc, ct);

    /// <summary>Pictures whose description, card or observation names the person. They are asked before texts of maps are taken away: afterwards nobody would know which card it was.</summary>
    private async Task<List<int>> NamedAsync(DataSubject subject, CancellationToken ct)
    {
        var photos = await db.Set<Photo>().AsNoTracking().Select(p => new { p.Id, p.MapId, p.CardId, p.ObservationId, p.Alt }).ToListAsync(ct);
        var named = photos.Where(p => subject.AreNamedInProse(p.Alt)).Select(p => p.Id).ToHashSet();
        foreach (var map in photos.Where(p => p.MapId is not null).GroupBy(p => p.MapId!.Value))
        {
            var there = MapContent.Read(await db.Set<JourneyMap>().Where(m => m.Id == map.Key).Select(m => m.Content).FirstOrDefaultAsync(ct) ?? "{}").Cards;
            var cards = there.Where(c => subject.AreNamedInProse(c.Text)).Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
            // Of a card that was removed only the edits know what it said.
            if (map.Any(p => there.All(c => c.Id != p.CardId))) cards.UnionWith(await RemovedAsync(map.Key, subject, ct));
            named.UnionWith(map.Where(p => cards.Contains(p.CardId!)).Select(p => p.Id));
        }

        var observations = photos.Select(p => p.ObservationId).OfType<int>().Distinct().ToList();
        var telling = (await db.Set<Observation>().Where(o => observations.Contains(o.Id)).Select(o => new { o.Id, o.Text }).ToListAsync(ct)).Where(o => subject.AreNamedInProse(o.Text)).Select(o => o.Id).ToHashSet();
        named.UnionWith(photos.Where(p => p.ObservationId is { } o && telling.Contains(o)).Select(p => p.Id));
        return [.. named];
    }

    private async Task<IEnumerable<string>> RemovedAsync(int map, DataSubject subject, CancellationToken ct)
    {
        var inverses = await db.Set<MapEdit>().Where(e => e.MapId == map).Select(e => e.Inverse).ToListAsync(ct);
        return inverses.SelectMany(i => JsonSerializer.Deserialize<List<MapChange>>(i, MapContent.Json)!).Where(c => c is { Verb: MapVerb.Add, Part: MapPart.Card })
            .Select(c => c.Value.Deserialize<MapCard>(MapContent.Json)!).Where(c => subject.AreNamedInProse(c.Text)).Select(c => c.Id);
    }

    private async Task RemoveAsync(List<int> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        await SecureDelete.RunAsync(db, async () =>
        {
            foreach (var part in ids.Chunk(Most)) await db.Set<Photo>().Where(p => part.Contains(p.Id)).ExecuteDeleteAsync(ct);
        }, ct);
    }

    private static IQueryable<PhotoHead> Heads(IQueryable<Photo> photos) =>
        photos.OrderBy(p => p.Id).Select(p => new PhotoHead(p.Id, p.MapId, p.CardId, p.ObservationId, p.Alt, p.Width, p.Height, p.AtUtc, p.By));
}
