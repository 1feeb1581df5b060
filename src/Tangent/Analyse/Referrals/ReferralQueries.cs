using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Analyse;

internal sealed class ReferralQueries(TangentDb db) : IKeepsPersonalData
{
    private const int MostInAQuery = 500;

    public string Kind => "referrals";

    public IReadOnlyList<Type> Entities => [typeof(ReferralMention)];

    public async Task<long> PositionAsync(CancellationToken ct) =>
        await db.Set<Watermark>().Where(w => w.Follower == ReferralFeed.Follower).Select(w => w.Position).FirstOrDefaultAsync(ct);

    /// <summary>How many codes there are.</summary>
    public long CountCodes() => db.Set<ReferralMention>().Select(m => m.Code).Distinct().LongCount();

    /// <summary>Codes that more than one identifier had, the earliest event first: of a code the first is by whoever made it. Most codes nobody else uses; they are not read.</summary>
    public IEnumerable<ReferralMention> Shared()
    {
        var shared = db.Set<ReferralMention>().GroupBy(m => m.Code).Where(g => g.Min(m => m.Key) != g.Max(m => m.Key)).Select(g => g.Key);
        return db.Set<ReferralMention>().AsNoTracking().Where(m => shared.Contains(m.Code)).OrderBy(m => m.AtUtc).ThenBy(m => m.Position).AsEnumerable();
    }

    /// <summary>Keeps mentions and the position they reach to in one transaction.</summary>
    public async Task SaveAsync(IReadOnlyCollection<ReferralMention> mentions, long position, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, mentions, ct);
        await Bulk.UpsertAsync(db, [new Watermark { Follower = ReferralFeed.Follower, Position = position }], ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Keeps mentions; how far the log is read is said later.</summary>
    public Task KeepAsync(IReadOnlyCollection<ReferralMention> mentions, CancellationToken ct) => Bulk.UpsertAsync(db, mentions, ct);

    /// <summary>Lets go of what stands at these positions of the log, its bytes with it, as if it had never been.</summary>
    public Task ForgetAsync(PositionBits positions, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in await AtAsync(positions, ct)) await db.Set<ReferralMention>().Where(m => chunk.Contains(m.Position)).ExecuteDeleteAsync(ct);
    }, ct);

    /// <summary>Lets go of whose these mentions are; a code stays made, by nobody known.</summary>
    public Task AgeAsync(PositionBits positions, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in await AtAsync(positions, ct)) await UnnameAsync(db.Set<ReferralMention>().Where(m => chunk.Contains(m.Position)), ct);
        await SweepAsync(ct);
    }, ct);

    /// <summary>Before the log is read from its beginning. It does not say any more that somebody erased, or of before a retention period, made a code: then the first who used it counts as its maker.</summary>
    public Task ForgetAllAsync(CancellationToken ct) => db.Set<ReferralMention>().ExecuteDeleteAsync(ct);

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var chunk in subject.Identifiers.Chunk(MostInAQuery))
            foreach (var mention in await db.Set<ReferralMention>().AsNoTracking().Where(m => chunk.Contains(m.Key)).OrderBy(m => m.Position).ToListAsync(ct))
                yield return new JsonObject { ["at"] = mention.AtUtc, ["code"] = mention.Code, ["identifier"] = mention.Key };
    }

    /// <summary>It follows the log: <see cref="ReferralFeed"/> lets go of it when it reads the erasure's record.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => EraseAsync(subject.Identifiers, ct);

    /// <summary>As <see cref="AgeAsync"/>: whoever used a code after its maker is not taken for the maker once that one is gone.</summary>
    public Task EraseAsync(IReadOnlyList<string> keys, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in keys.Chunk(MostInAQuery)) await UnnameAsync(db.Set<ReferralMention>().Where(m => chunk.Contains(m.Key)), ct);
        await SweepAsync(ct);
    }, ct);

    private static Task<int> UnnameAsync(IQueryable<ReferralMention> mentions, CancellationToken ct) => mentions.ExecuteUpdateAsync(u => u.SetProperty(m => m.Key, ReferralMention.Nobody), ct);

    /// <summary>Of what is nobody's only the first event of a code that others have stays.</summary>
    private Task<int> SweepAsync(CancellationToken ct) => db.Set<ReferralMention>()
        .Where(m => m.Key == ReferralMention.Nobody && (!db.Set<ReferralMention>().Any(o => o.Code == m.Code && o.Key != ReferralMention.Nobody)
            || db.Set<ReferralMention>().Any(o => o.Code == m.Code && (o.AtUtc < m.AtUtc || (o.AtUtc == m.AtUtc && o.Position < m.Position)))))
        .ExecuteDeleteAsync(ct);

    private async Task<IEnumerable<long[]>> AtAsync(PositionBits positions, CancellationToken ct)
    {
        var found = new List<long>();
        await foreach (var position in db.Set<ReferralMention>().Select(m => m.Position).AsAsyncEnumerable().WithCancellation(ct))
            if (positions.Contains(position)) found.Add(position);
        return found.Chunk(MostInAQuery);
    }
}
