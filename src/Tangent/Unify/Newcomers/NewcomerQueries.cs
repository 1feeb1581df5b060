using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class NewcomerQueries(TangentDb db)
{
    /// <summary>Puts the pairs of one person in the place of those that she had; what was put off stays so.</summary>
    /// <param name="identifiers">All by which she is known: before a merge, a pair may have named another of them.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="ct">Ends it.</param>
    public async Task PutAsync(IReadOnlyList<string> identifiers, IReadOnlyList<DuplicatePair> pairs, CancellationToken ct)
    {
        var before = await db.Set<DuplicatePair>().AsNoTracking().Where(p => identifiers.Contains(p.One) || identifiers.Contains(p.Other)).Select(p => new { p.Number, p.IsLater }).ToListAsync(ct);
        if (before.Count == 0 && pairs.Count == 0) return;
        foreach (var pair in pairs) pair.IsLater = before.Exists(b => b.Number == pair.Number && b.IsLater);
        List<long> gone = [.. before.Select(b => b.Number).Except(pairs.Select(p => p.Number))];
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        if (gone.Count > 0) await db.Set<DuplicatePair>().Where(p => gone.Contains(p.Number)).ExecuteDeleteAsync(ct);
        await Bulk.UpsertAsync(db, pairs, ct);
        await tx.CommitAsync(ct);
    }
}
