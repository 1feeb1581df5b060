using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class RejectionQueries(TangentDb db) : INamesCustomers
{
    public async Task AddAsync(IReadOnlyDictionary<int, NotedRejections> noted, int keep, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        foreach (var (sourceId, rejections) in noted)
        {
            foreach (var (reason, count) in rejections.Counts)
            {
                var updated = await db.Set<RejectionCount>().Where(r => r.SourceId == sourceId && r.Reason == reason)
                    .ExecuteUpdateAsync(r => r.SetProperty(x => x.Count, x => x.Count + count), ct);
                if (updated == 0) db.Add(new RejectionCount { SourceId = sourceId, Reason = reason, Count = count });
            }

            db.AddRange(rejections.Latest);
            await db.SaveChangesAsync(ct);
            var beyond = await db.Set<RejectedEvent>().Where(r => r.SourceId == sourceId).OrderByDescending(r => r.Id).Skip(keep).Select(r => r.Id).FirstOrDefaultAsync(ct);
            await db.Set<RejectedEvent>().Where(r => r.SourceId == sourceId && r.Id <= beyond).ExecuteDeleteAsync(ct);
        }

        await tx.CommitAsync(ct);
    }

    /// <summary>Deletes the kept rejections that name one of these identifiers, or may: an escape can hide one.</summary>
    public Task EraseAsync(IReadOnlyList<string> identifiers, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var id in ErasureRecord.Ids(identifiers))
            await db.Set<RejectedEvent>().Where(r => r.Body.Contains(id) || r.Detail.Contains(id)).ExecuteDeleteAsync(ct);
        await db.Set<RejectedEvent>().Where(r => r.Body.Contains('\\')).ExecuteDeleteAsync(ct);
    }, ct);

    public async Task<ILookup<int, RejectionCount>> CountsAsync(CancellationToken ct) =>
        (await db.Set<RejectionCount>().AsNoTracking().OrderByDescending(r => r.Count).ToListAsync(ct)).ToLookup(r => r.SourceId);

    /// <summary>The latest rejected events of a source, the newest first.</summary>
    public async Task<IReadOnlyList<RejectedEvent>> LatestAsync(int sourceId, CancellationToken ct) =>
        await db.Set<RejectedEvent>().AsNoTracking().Where(r => r.SourceId == sourceId).OrderByDescending(r => r.Id).ToListAsync(ct);
}
