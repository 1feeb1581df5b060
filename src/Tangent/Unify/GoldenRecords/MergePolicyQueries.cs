using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class MergePolicyQueries(TangentDb db)
{
    public Task<List<MergePolicy>> PoliciesAsync(CancellationToken ct) => db.Set<MergePolicy>().AsNoTracking().OrderBy(p => p.Id).ToListAsync(ct);

    public Task<List<SourceRank>> RanksAsync(CancellationToken ct) => db.Set<SourceRank>().AsNoTracking().OrderBy(r => r.Rank).ToListAsync(ct);

    /// <summary>Keeps these policies in place of all that were.</summary>
    public async Task ReplaceAsync(IReadOnlyList<MergePolicy> policies, IReadOnlyList<SourceRank> ranks, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await db.Set<MergePolicy>().ExecuteDeleteAsync(ct);
        await db.Set<SourceRank>().ExecuteDeleteAsync(ct);
        db.AddRange(policies);
        db.AddRange(ranks);
        await db.SaveChangesAsync(ct);
        await tx.CommitAsync(ct);
    }
}
