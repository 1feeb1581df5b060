using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>Which map stands under which, and what else a map stands among.</summary>
internal sealed class MapTreeQueries(TangentDb db, PersonaCatalogue personas, MapWatchers watchers)
{
    public Task<List<MapName>> NamesAsync(CancellationToken ct) =>
        db.Set<JourneyMap>().AsNoTracking().OrderBy(m => m.Name).ThenBy(m => m.State).Select(m => new MapName(m.Id, m.Name, m.State, m.ParentId)).ToListAsync(ct);

    /// <param name="map">The map.</param>
    /// <param name="persona">Number of the persona as whom it is looked at; anything else for everybody.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<MapAround> AroundAsync(JourneyMap map, string? persona, CancellationToken ct)
    {
        var (all, content) = (await NamesAsync(ct), MapContent.Read(map.Content));
        var seenAs = int.TryParse(persona, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? personas.Find(id)?.Mark : null;
        return new MapAround(seenAs, [.. personas.All.Select(p => p.Mark)], all, MapTree.Above(all, map.ParentId), all.FindAll(m => m.Parent == map.Id), await InsideAsync(content, all, ct), await SharedAsync(map.Id, content, ct));
    }

    /// <summary>Puts a map under another, or under none.</summary>
    /// <returns>Why it does not go there.</returns>
    public async Task<string?> SetParentAsync(int id, int? parent, Actor by, CancellationToken ct)
    {
        // The transaction holds the database from its beginning: two people cannot put two maps under each other.
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        var all = await NamesAsync(ct);
        if (parent is { } above)
        {
            if (all.TrueForAll(m => m.Id != above)) return T("Map.Fault.NoMap", above);
            if (above == id || MapTree.Above(all, above).Any(m => m.Id == id)) return T("Map.Tree.NotUnder");
        }

        await db.Set<JourneyMap>().Where(m => m.Id == id).ExecuteUpdateAsync(m => m.SetProperty(x => x.ParentId, parent).SetProperty(x => x.ChangedUtc, DateTime.UtcNow).SetProperty(x => x.ChangedBy, by.Name), ct);
        await tx.CommitAsync(ct);
        watchers.Pulsed(id);
        return null;
    }

    private async Task<IReadOnlyDictionary<int, SubMap>> InsideAsync(MapContent content, List<MapName> all, CancellationToken ct)
    {
        var named = content.Steps.Select(s => s.Map).OfType<int>().Distinct().ToList();
        if (named.Count == 0) return new Dictionary<int, SubMap>();
        var inside = await db.Set<JourneyMap>().AsNoTracking().Where(m => named.Contains(m.Id)).Select(m => new { m.Id, m.Content }).ToListAsync(ct);
        return inside.ToDictionary(m => m.Id, m => new SubMap(all.First(n => n.Id == m.Id), MapContent.Read(m.Content).Steps.Min(s => s.Emotion)));
    }

    private async Task<IReadOnlyDictionary<string, int>> SharedAsync(int id, MapContent content, CancellationToken ct)
    {
        var keys = content.Cards.Select(c => c.Shared).OfType<string>().Distinct().ToList();
        if (keys.Count == 0) return new Dictionary<string, int>();
        var others = await db.Set<JourneyMap>().AsNoTracking().Where(m => m.Id != id && m.Content.Contains(SharedCards.Written)).Select(m => m.Content).ToListAsync(ct);
        return keys.ToDictionary(k => k, k => 1 + others.Count(c => c.Contains($"{SharedCards.Written}\"{k}\"", StringComparison.Ordinal)));
    }
}
