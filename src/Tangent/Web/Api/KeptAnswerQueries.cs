using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Web;

internal sealed class KeptAnswerQueries(TangentDb db) : IKeepsPersonalData
{
    /// <summary>How long an answer is kept.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public string Kind => "answers";

    public IReadOnlyList<Type> Entities => [typeof(KeptAnswer)];

    /// <summary>Takes a key for a request; of two at once, one gets it.</summary>
    public async Task<bool> TakeAsync(KeptAnswer claim, CancellationToken ct)
    {
        await ForgetOldAsync(claim.AtUtc, ct);
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

    public Task ForgetOldAsync(DateTime nowUtc, CancellationToken ct)
    {
        var oldest = nowUtc - Lifetime;
        return db.Set<KeptAnswer>().Where(a => a.AtUtc < oldest).ExecuteDeleteAsync(ct);
    }

    /// <summary>Copies of answers for whoever repeats a request, at most a day old, encrypted: nothing that is not exported elsewhere.</summary>
    public IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, CancellationToken ct) => AsyncEnumerable.Empty<JsonNode>();

    /// <summary>Deletes every answer there is, also on disk: a customer is erased, and any of them may name it. Keys of requests under way stay taken.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) =>
        SecureDelete.RunAsync(db, () => db.Set<KeptAnswer>().Where(a => a.Status != null).ExecuteDeleteAsync(ct), ct);
}
