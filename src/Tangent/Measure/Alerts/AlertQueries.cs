using Microsoft.EntityFrameworkCore;
using Tangent.Data;
using Tangent.Map;

namespace Tangent.Measure;

internal sealed class AlertQueries(TangentDb db) : IFollowMerges
{
    private const int MostEnded = 200;

    /// <summary>Those that last, the latest first, and where wanted the latest of those that are over.</summary>
    public async Task<List<Alert>> ListAsync(bool ended, CancellationToken ct)
    {
        var all = db.Set<Alert>().AsNoTracking();
        var open = await all.Where(a => a.EndedUtc == null).OrderByDescending(a => a.FoundUtc).ThenBy(a => a.Id).ToListAsync(ct);
        return ended ? [.. open, .. await all.Where(a => a.EndedUtc != null).OrderByDescending(a => a.EndedUtc).Take(MostEnded).ToListAsync(ct)] : open;
    }

    /// <summary>Those that last, to be changed.</summary>
    public Task<List<Alert>> OpenAsync(CancellationToken ct) => db.Set<Alert>().Where(a => a.EndedUtc == null).ToListAsync(ct);

    /// <summary>Alerts that last and nobody has taken note of.</summary>
    public Task<int> UnseenAsync(CancellationToken ct) => db.Set<Alert>().CountAsync(a => a.EndedUtc == null && a.AcknowledgedUtc == null, ct);

    public void Add(Alert alert) => db.Add(alert);

    public Task SaveAsync(CancellationToken ct) => db.SaveChangesAsync(ct);

    /// <summary>Notes who has taken note; who was first stays.</summary>
    /// <returns>False where there is none of this number.</returns>
    public async Task<bool> AcknowledgeAsync(int id, string by, DateTime now, CancellationToken ct)
    {
        if (await db.Set<Alert>().FirstOrDefaultAsync(a => a.Id == id, ct) is not { } alert) return false;
        if (alert.AcknowledgedUtc is null) (alert.AcknowledgedUtc, alert.AcknowledgedBy) = (now, by);
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>Of the same cause one alert lasts: where both have one, that of the one that goes is over.</summary>
    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into, now) = (merge.From.Name, merge.Into.Name, DateTime.UtcNow);
        await db.Set<Alert>().Where(a => a.Touchpoint == from && a.EndedUtc == null && db.Set<Alert>().Any(o => o.Touchpoint == into && o.Kind == a.Kind && o.Metric == a.Metric && o.EndedUtc == null))
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.EndedUtc, now), ct);
        await db.Set<Alert>().Where(a => a.Touchpoint == from).ExecuteUpdateAsync(a => a.SetProperty(x => x.Touchpoint, into), ct);
        return null;
    }
}
