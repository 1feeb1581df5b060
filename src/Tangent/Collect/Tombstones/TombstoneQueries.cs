using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class TombstoneQueries(TangentDb db)
{
    public Task<List<string>> HashesAsync(CancellationToken ct) => db.Set<Tombstone>().Select(t => t.Hash).Distinct().ToListAsync(ct);

    public async Task<List<TombstoneItem>> ListAsync(CancellationToken ct) =>
        await db.Set<Tombstone>().AsNoTracking().GroupBy(t => new { t.Erasure, t.AtUtc, t.By, t.Reason }).OrderByDescending(g => g.Key.Erasure)
            .Select(g => new TombstoneItem(g.Key.Erasure, g.Key.AtUtc, g.Key.By, g.Key.Reason, g.Count())).ToListAsync(ct);

    public Task SetAsync(IReadOnlyCollection<Tombstone> tombstones, CancellationToken ct) => Bulk.UpsertAsync(db, tombstones, ct);

    /// <returns>False where the erasure left none, or they were lifted before.</returns>
    public async Task<bool> LiftAsync(long erasure, CancellationToken ct) => await db.Set<Tombstone>().Where(t => t.Erasure == erasure).ExecuteDeleteAsync(ct) > 0;
}
