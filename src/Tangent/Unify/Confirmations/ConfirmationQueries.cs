using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class ConfirmationQueries(TangentDb db)
{
    public Task<List<ConfirmationRequest>> OfAsync(IReadOnlyCollection<string> points, CancellationToken ct) =>
        db.Set<ConfirmationRequest>().AsNoTracking().Where(r => points.Contains(r.Point)).ToListAsync(ct);

    /// <summary>How many letters were asked for by public keys since a moment.</summary>
    public Task<int> PublicSinceAsync(DateTime sinceUtc, CancellationToken ct) => db.Set<ConfirmationRequest>().CountAsync(r => r.IsPublic && r.AskedUtc >= sinceUtc, ct);

    /// <summary>Keeps requests together with their letters: in the transaction of the caller, or in one of its own.</summary>
    public async Task SaveAsync(IReadOnlyCollection<ConfirmationRequest> requests, Func<Task> letters, CancellationToken ct)
    {
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        await Bulk.UpsertAsync(db, requests, ct);
        await letters();
        if (own is not null) await own.CommitAsync(ct);
    }

    public Task EraseAsync(IReadOnlyCollection<string> points, CancellationToken ct) => SecureDelete.RunAsync(db, () => db.Set<ConfirmationRequest>().Where(r => points.Contains(r.Point)).ExecuteDeleteAsync(ct), ct);
}
