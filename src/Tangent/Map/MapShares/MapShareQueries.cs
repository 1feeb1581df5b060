using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Map;

internal sealed class MapShareQueries(TangentDb db, TimeProvider time)
{
    /// <summary>The links of a map that have not ended, the latest first.</summary>
    public Task<List<MapShare>> ListAsync(int map, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return db.Set<MapShare>().AsNoTracking().Where(s => s.MapId == map && s.EndsUtc > now).OrderByDescending(s => s.Id).ToListAsync(ct);
    }

    /// <summary>Makes a link. Those that have ended are cleared away.</summary>
    public async Task<MapShare> AddAsync(int map, int days, Actor by, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await db.Set<MapShare>().Where(s => s.EndsUtc <= now).ExecuteDeleteAsync(ct);
        var share = new MapShare { MapId = map, MadeUtc = now, MadeBy = by.Name, EndsUtc = now.AddDays(days) };
        db.Add(share);
        await db.SaveChangesAsync(ct);
        return share;
    }

    public async Task<bool> RemoveAsync(int map, int id, CancellationToken ct) => await db.Set<MapShare>().Where(s => s.MapId == map && s.Id == id).ExecuteDeleteAsync(ct) > 0;

    /// <returns>Null where the link has ended, or its map is gone.</returns>
    public async Task<JourneyMap?> MapAsync(int share, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var map = await db.Set<MapShare>().Where(s => s.Id == share && s.EndsUtc > now).Select(s => (int?)s.MapId).FirstOrDefaultAsync(ct);
        return map is { } id ? await db.Set<JourneyMap>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, ct) : null;
    }
}
