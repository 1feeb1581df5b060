using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class ReviewQueries(TangentDb db) : IKeepsPersonalData
{
    private const int MostInAQuery = 500;

    public string Kind => "duplicates";

    public IReadOnlyList<Type> Entities => [typeof(DuplicatePair), typeof(ReviewedPair)];

    /// <summary>Pairs in the order in which they are reviewed: the most probable first, those put off last.</summary>
    /// <param name="band">Which are reviewed.</param>
    /// <param name="page">Which of them; after the place of one (<see cref="PlaceOf"/>).</param>
    /// <param name="ct">Ends it.</param>
    public Task<List<DuplicatePair>> ListAsync(ReviewBand band, Paging page, CancellationToken ct)
    {
        var pairs = In(band);
        if (page.After?.Split(' ') is [var later, var weight, var last])
        {
            var (isLater, least, number) = (later == "1", double.Parse(weight, CultureInfo.InvariantCulture), long.Parse(last, CultureInfo.InvariantCulture));
            pairs = pairs.Where(p => (p.IsLater && !isLater) || (p.IsLater == isLater && (p.Weight < least || (p.Weight == least && p.Number > number))));
        }

        return pairs.OrderBy(p => p.IsLater).ThenByDescending(p => p.Weight).ThenBy(p => p.Number).Skip(page.Skip).Take(page.Take).ToListAsync(ct);
    }

    /// <summary>The place of a pair in the order of review. Weights alone are not enough: many have the same.</summary>
    public static string PlaceOf(DuplicatePair pair) => string.Create(CultureInfo.InvariantCulture, $"{(pair.IsLater ? 1 : 0)} {pair.Weight:R} {pair.Number}");

    public Task<List<DuplicatePair>> SureAsync(ReviewBand band, CancellationToken ct) => SureIn(band).OrderByDescending(p => p.Weight).ThenBy(p => p.Number).ToListAsync(ct);

    public Task<int> CountAsync(ReviewBand band, CancellationToken ct) => In(band).CountAsync(ct);

    public Task<int> CountSureAsync(ReviewBand band, CancellationToken ct) => SureIn(band).CountAsync(ct);

    public Task<DuplicatePair?> FindAsync(long number, CancellationToken ct) => db.Set<DuplicatePair>().AsNoTracking().FirstOrDefaultAsync(p => p.Number == number, ct);

    public Task PutOffAsync(long number, CancellationToken ct) =>
        db.Set<DuplicatePair>().Where(p => p.Number == number).ExecuteUpdateAsync(p => p.SetProperty(x => x.IsLater, true), ct);

    public async Task RemoveAsync(IEnumerable<long> numbers, CancellationToken ct)
    {
        foreach (var chunk in numbers.Chunk(MostInAQuery)) await db.Set<DuplicatePair>().Where(p => chunk.Contains(p.Number)).ExecuteDeleteAsync(ct);
    }

    /// <summary>Removes pairs with their bytes: of persons who were erased while a search still looked at them.</summary>
    public Task EraseAsync(IReadOnlyCollection<long> numbers, CancellationToken ct) => SecureDelete.RunAsync(db, () => RemoveAsync(numbers, ct), ct);

    /// <summary>Somebody has decided: the pair waits no more, and the next search learns from it.</summary>
    public async Task DecidedAsync(DuplicatePair pair, bool isOnePerson, DateTime nowUtc, CancellationToken ct)
    {
        var reviewed = new ReviewedPair { Number = pair.Number, One = pair.One, Other = pair.Other, IsOnePerson = isOnePerson, Evidence = pair.Evidence, DecidedUtc = nowUtc };
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, [reviewed], ct);
        await RemoveAsync([pair.Number], ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>The pairs that were decided last, whether or not the decision still holds.</summary>
    public Task<List<ReviewedPair>> ReviewedAsync(int most, CancellationToken ct) =>
        db.Set<ReviewedPair>().AsNoTracking().OrderByDescending(p => p.DecidedUtc).Take(most).ToListAsync(ct);

    public Task<DuplicateRun?> LastRunAsync(CancellationToken ct) => db.Set<DuplicateRun>().AsNoTracking().OrderByDescending(r => r.Id).FirstOrDefaultAsync(ct);

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
        await db.Set<DuplicateRun>().Where(r => r.Id < run.Id).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        // The other one is another person, perhaps: it is not named.
        foreach (var pair in await OfAsync(subject.Identifiers, ct))
            yield return new JsonObject { ["found"] = pair.FoundUtc, ["probability"] = pair.Probability, ["columns"] = JsonNode.Parse(pair.Evidence) };
        foreach (var pair in await ReviewedOfAsync(subject.Identifiers, ct))
            yield return new JsonObject { ["decided"] = pair.DecidedUtc, ["isOnePerson"] = pair.IsOnePerson, ["columns"] = JsonNode.Parse(pair.Evidence) };
    }

    public Task EraseAsync(DataSubject subject, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        await RemoveAsync((await OfAsync(subject.Identifiers, ct)).Select(p => p.Number), ct);
        foreach (var chunk in (await ReviewedOfAsync(subject.Identifiers, ct)).Select(p => p.Number).Chunk(MostInAQuery)) await db.Set<ReviewedPair>().Where(p => chunk.Contains(p.Number)).ExecuteDeleteAsync(ct);
    }, ct);

    private IQueryable<DuplicatePair> In(ReviewBand band) => db.Set<DuplicatePair>().AsNoTracking().Where(p => p.Weight >= band.LeastWeight);

    private IQueryable<DuplicatePair> SureIn(ReviewBand band) => db.Set<DuplicatePair>().AsNoTracking().Where(p => p.IsSure && p.Weight >= band.SureWeight);

    private async Task<List<DuplicatePair>> OfAsync(IEnumerable<string> identifiers, CancellationToken ct)
    {
        var pairs = new List<DuplicatePair>();
        foreach (var chunk in identifiers.Chunk(MostInAQuery))
            pairs.AddRange(await db.Set<DuplicatePair>().AsNoTracking().Where(p => chunk.Contains(p.One) || chunk.Contains(p.Other)).ToListAsync(ct));
        return [.. pairs.DistinctBy(p => p.Number)];
    }

    private async Task<List<ReviewedPair>> ReviewedOfAsync(IEnumerable<string> identifiers, CancellationToken ct)
    {
        var pairs = new List<ReviewedPair>();
        foreach (var chunk in identifiers.Chunk(MostInAQuery))
            pairs.AddRange(await db.Set<ReviewedPair>().AsNoTracking().Where(p => chunk.Contains(p.One) || chunk.Contains(p.Other)).ToListAsync(ct));
        return [.. pairs.DistinctBy(p => p.Number)];
    }
}
