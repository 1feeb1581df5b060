using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class ConfirmationQueries(TangentDb db)
{
    public Task<List<ConfirmationRequest>> OfAsync(IReadOnlyCollection<string> points, CancellationToken ct) =>
        db.Set<ConfirmationRequest>().AsNoTracking().Where(r => points.Contains(r.Point)).ToListAsync(ct);

    /// <summary>How many letters were asked for by public keys since a moment.</summary>
    public Task<int> PublicSinceAsync(DateTime sinceUtc, CancellationToken ct) => db.Set<ConfirmationRequest>().CountAsync(r => r.IsPublic && r.AskedUtc >= sinceUtc, ct);

    public Task SaveAsync(IReadOnlyCollection<ConfirmationRequest> requests, CancellationToken ct) => Bulk.UpsertAsync(db, requests, ct);

    public Task EraseAsync(IReadOnlyCollection<string> points, CancellationToken ct) => SecureDelete.RunAsync(db, () => db.Set<ConfirmationRequest>().Where(r => points.Contains(r.Point)).ExecuteDeleteAsync(ct), ct);
}
