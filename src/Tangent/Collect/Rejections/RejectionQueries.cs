using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class RejectionQueries(TangentDb db) : IKeepsPersonalData
{
    public string Kind => "rejections";

    public IReadOnlyList<Type> Entities => [typeof(RejectedEvent)];

    public bool Ages => true;

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

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var r in db.Set<RejectedEvent>().AsNoTracking().OrderBy(r => r.Id).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (subject.AreNamedIn(r.Body) || subject.AreNamedIn(r.Detail))
                yield return new JsonObject { ["received"] = r.ReceivedUtc, ["source"] = r.SourceId, ["reason"] = r.Reason.ToString(), ["detail"] = r.Detail, ["event"] = r.Body };
        }
    }

    /// <summary>Deletes the kept rejections that name the person, or may: an escape can hide a name.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var word in subject.Words)
            await db.Set<RejectedEvent>().Where(r => r.Body.Contains(word) || r.Detail.Contains(word)).ExecuteDeleteAsync(ct);
        await db.Set<RejectedEvent>().Where(r => r.Body.Contains('\\')).ExecuteDeleteAsync(ct);
    }, ct);

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = db.Set<RejectedEvent>().Where(r => r.ReceivedUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => db.Set<RejectedEvent>().MinAsync(r => (DateTime?)r.ReceivedUtc, ct);

    public async Task<ILookup<int, RejectionCount>> CountsAsync(CancellationToken ct) =>
        (await db.Set<RejectionCount>().AsNoTracking().OrderByDescending(r => r.Count).ToListAsync(ct)).ToLookup(r => r.SourceId);

    /// <summary>The latest rejected events of a source, the newest first.</summary>
    public async Task<IReadOnlyList<RejectedEvent>> LatestAsync(int sourceId, CancellationToken ct) =>
        await db.Set<RejectedEvent>().AsNoTracking().Where(r => r.SourceId == sourceId).OrderByDescending(r => r.Id).ToListAsync(ct);
}
