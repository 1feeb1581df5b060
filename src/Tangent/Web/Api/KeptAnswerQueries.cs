using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Web;

internal sealed class KeptAnswerQueries(TangentDb db)
{
    /// <summary>Takes a key for a request; of two at once, one gets it.</summary>
    public async Task<bool> TakeAsync(KeptAnswer claim, TimeSpan lifetime, CancellationToken ct)
    {
        var oldest = claim.AtUtc - lifetime;
        await db.Set<KeptAnswer>().Where(a => a.AtUtc < oldest).ExecuteDeleteAsync(ct);
        return await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "kept_answers" ("Caller", "Key", "Fingerprint", "AtUtc") VALUES ({claim.Caller}, {claim.Key}, {claim.Fingerprint}, {claim.AtUtc}) ON CONFLICT DO NOTHING""", ct) == 1;
    }

    public Task<KeptAnswer?> FindAsync(string caller, string key, CancellationToken ct) =>
        db.Set<KeptAnswer>().AsNoTracking().FirstOrDefaultAsync(a => a.Caller == caller && a.Key == key, ct);

    public Task KeepAsync(KeptAnswer answer) =>
        db.Set<KeptAnswer>().Where(a => a.Caller == answer.Caller && a.Key == answer.Key).ExecuteUpdateAsync(s => s
            .SetProperty(a => a.Status, answer.Status).SetProperty(a => a.ContentType, answer.ContentType)
            .SetProperty(a => a.Location, answer.Location).SetProperty(a => a.Body, answer.Body));

    public Task FreeAsync(KeptAnswer claim) =>
        db.Set<KeptAnswer>().Where(a => a.Caller == claim.Caller && a.Key == claim.Key).ExecuteDeleteAsync();
}
