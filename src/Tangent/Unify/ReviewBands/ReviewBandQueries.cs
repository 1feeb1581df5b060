using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class ReviewBandQueries(TangentDb db)
{
    public async Task<ReviewBand> ReadAsync(CancellationToken ct) =>
        await db.Set<KeptReviewBand>().AsNoTracking().FirstOrDefaultAsync(ct) is { } kept ? new ReviewBand(kept.Least, kept.Sure) : new ReviewBand();

    public Task KeepAsync(ReviewBand band, string by, DateTime nowUtc, CancellationToken ct) =>
        Bulk.UpsertAsync(db, [new KeptReviewBand { Least = band.Least, Sure = band.Sure, By = by, ChangedUtc = nowUtc }], ct);
}
