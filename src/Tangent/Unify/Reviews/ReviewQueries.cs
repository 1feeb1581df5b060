using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class ReviewQueries(TangentDb db) : IKeepsPersonalData
{
    private const int RunsKept = 2;
    private const int MostInAQuery = 500;

    public string Kind => "duplicate pairs";

    public IReadOnlyList<Type> Entities => [typeof(DuplicatePair)];

    /// <summary>Pairs in the order in which they are reviewed: the most probable first, those put off last.</summary>
    public Task<List<DuplicatePair>> ListAsync(int skip, int take, CancellationToken ct) =>
        db.Set<DuplicatePair>().AsNoTracking().OrderBy(p => p.IsLater).ThenByDescending(p => p.Weight).ThenBy(p => p.Number).Skip(skip).Take(take).ToListAsync(ct);

    public Task<List<DuplicatePair>> SureAsync(CancellationToken ct) =>
        db.Set<DuplicatePair>().AsNoTracking().Where(p => p.IsSure).OrderByDescending(p => p.Weight).ThenBy(p => p.Number).ToListAsync(ct);

    public Task<int> CountAsync(CancellationToken ct) => db.Set<DuplicatePair>().CountAsync(ct);

    public Task<int> CountSureAsync(CancellationToken ct) => db.Set<DuplicatePair>().CountAsync(p => p.IsSure, ct);

    public Task<DuplicatePair?> FindAsync(long number, CancellationToken ct) => db.Set<DuplicatePair>().AsNoTracking().FirstOrDefaultAsync(p => p.Number == number, ct);

    public Task PutOffAsync(long number, CancellationToken ct) =>
        db.Set<DuplicatePair>().Where(p => p.Number == number).ExecuteUpdateAsync(p => p.SetProperty(x => x.IsLater, true), ct);

    public async Task RemoveAsync(IEnumerable<long> numbers, CancellationToken ct)
    {
        foreach (var chunk in numbers.Chunk(MostInAQuery)) await db.Set<DuplicatePair>().Where(p => chunk.Contains(p.Number)).ExecuteDeleteAsync(ct);
    }

    /// <summary>The last searches, the latest first.</summary>
    public Task<List<DuplicateRun>> RunsAsync(CancellationToken ct) => db.Set<DuplicateRun>().AsNoTracking().OrderByDescending(r => r.Id).Take(RunsKept).ToListAsync(ct);

    /// <summary>Puts what a search found in the place of all that waited; what was put off stays so.</summary>
    public async Task ReplaceAsync(IReadOnlyList<DuplicatePair> pairs, DuplicateRun run, CancellationToken ct)
    {
        var later = (await db.Set<DuplicatePair>().Where(p => p.IsLater).Select(p => p.Number).ToListAsync(ct)).ToHashSet();
        foreach (var pair in pairs) pair.IsLater = later.Contains(pair.Number);
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await db.Set<DuplicatePair>().ExecuteDeleteAsync(ct);
        await Bulk.UpsertAsync(db, pairs, ct);
        db.Add(run);
        await db.SaveChangesAsync(ct);
        await db.Set<DuplicateRun>().Where(r => r.Id <= run.Id - RunsKept).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        // The other one is another person, perhaps: it is not named.
        foreach (var pair in await OfAsync(subject.Identifiers, ct))
            yield return new JsonObject { ["found"] = pair.FoundUtc, ["probability"] = pair.Probability, ["columns"] = JsonNode.Parse(pair.Evidence) };
    }

    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, async () => await RemoveAsync((await OfAsync(subject.Identifiers, ct)).Select(p => p.Number), ct), ct);

    private async Task<List<DuplicatePair>> OfAsync(IEnumerable<string> identifiers, CancellationToken ct)
    {
        var pairs = new List<DuplicatePair>();
        foreach (var chunk in identifiers.Chunk(MostInAQuery))
            pairs.AddRange(await db.Set<DuplicatePair>().AsNoTracking().Where(p => chunk.Contains(p.One) || chunk.Contains(p.Other)).ToListAsync(ct));
        return [.. pairs.DistinctBy(p => p.Number)];
    }
}
