using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>How many contact points of a kind are in a state of a purpose and topic.</summary>
internal sealed record ConsentCount(ContactKind Kind, string Purpose, string Topic, ConsentState State, long Points);

/// <summary>One word about a consent with the wording that was shown.</summary>
internal sealed record ConsentLine(ConsentEntry Entry, ConsentWording? Wording);

/// <summary>That something holds of a contact point.</summary>
internal sealed record ConsentOfPoint(string Point, string Purpose, string Topic);

internal sealed class ConsentQueries(TangentDb db)
{
    private const int MostInAQuery = 500;
    private const int MostShown = 1000;

    public async Task<long> PositionAsync(CancellationToken ct) =>
        await db.Set<Watermark>().Where(w => w.Follower == ConsentFeed.Follower).Select(w => w.Position).FirstOrDefaultAsync(ct);

    /// <summary>What holds now of these contact points.</summary>
    public async Task<List<StandingConsent>> StandingAsync(IEnumerable<string> points, CancellationToken ct)
    {
        var found = new List<StandingConsent>();
        foreach (var chunk in points.Distinct(StringComparer.Ordinal).Chunk(MostInAQuery))
            found.AddRange(await db.Set<StandingConsent>().AsNoTracking().Where(c => chunk.Contains(c.Point)).ToListAsync(ct));
        return found;
    }

    /// <summary>Everything that was said of these contact points, the latest first.</summary>
    public async Task<List<ConsentLine>> HistoryAsync(IReadOnlyCollection<string> points, CancellationToken ct) =>
        await WithWordingsAsync([.. (await EntriesAsync(points, ct)).OrderByDescending(c => c.AtUtc).ThenByDescending(c => c.Position).ThenByDescending(c => c.Number).Take(MostShown)], ct);

    public async Task<List<ConsentLine>> WithWordingsAsync(List<ConsentEntry> entries, CancellationToken ct)
    {
        var ids = entries.Select(e => e.Wording).Where(w => w != 0).Distinct().ToList();
        var wordings = new Dictionary<long, ConsentWording>();
        foreach (var chunk in ids.Chunk(MostInAQuery))
            foreach (var wording in await db.Set<ConsentWording>().AsNoTracking().Where(w => chunk.Contains(w.Id)).ToListAsync(ct)) wordings.Add(wording.Id, wording);
        return entries.ConvertAll(e => new ConsentLine(e, wordings.GetValueOrDefault(e.Wording)));
    }

    public Task<List<ConsentCount>> CountsAsync(CancellationToken ct) => db.Set<StandingConsent>().AsNoTracking()
        .GroupBy(c => new { c.Kind, c.Purpose, c.Topic, c.State }).Select(g => new ConsentCount(g.Key.Kind, g.Key.Purpose, g.Key.Topic, g.Key.State, g.LongCount())).ToListAsync(ct);

    /// <summary>What holds of a purpose for all contact points of a kind: of the purpose as a whole and of one topic.</summary>
    public Task<List<StandingConsent>> OfPurposeAsync(ContactKind kind, string purpose, string topic, CancellationToken ct) =>
        db.Set<StandingConsent>().AsNoTracking().Where(c => c.Kind == kind && c.Purpose == purpose && (c.Topic == "" || c.Topic == topic)).ToListAsync(ct);

    /// <summary>Whether anything was said of a topic, of whatever contact point.</summary>
    public Task<bool> HasTopicAsync(string purpose, string topic, CancellationToken ct) => db.Set<StandingConsent>().AnyAsync(c => c.Purpose == purpose && c.Topic == topic, ct);

    /// <summary>Of which contact points of a kind anything holds, by purpose and topic, read while it is used.</summary>
    public IAsyncEnumerable<ConsentOfPoint> OfKind(ContactKind kind) => db.Set<StandingConsent>().Where(c => c.Kind == kind).Select(c => new ConsentOfPoint(c.Point, c.Purpose, c.Topic)).AsAsyncEnumerable();

    /// <summary>Everything that was said of these contact points.</summary>
    public async Task<List<ConsentEntry>> EntriesAsync(IEnumerable<string> points, CancellationToken ct)
    {
        var found = new List<ConsentEntry>();
        foreach (var chunk in points.Distinct(StringComparer.Ordinal).Chunk(MostInAQuery))
            found.AddRange(await db.Set<ConsentEntry>().AsNoTracking().Where(c => chunk.Contains(c.Point)).ToListAsync(ct));
        return found;
    }

    /// <summary>Keeps what was said, what follows from it and the position it reaches to in one transaction.</summary>
    public async Task SaveAsync(ConsentHistory history, IReadOnlyCollection<ConsentWording> wordings, long position, Func<Task> follow, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, wordings, ct);
        await Bulk.UpsertAsync(db, history.Changed, ct);
        await Bulk.UpsertAsync(db, history.Standing, ct);
        await follow();
        await Bulk.UpsertAsync(db, [new Watermark { Follower = ConsentFeed.Follower, Position = position }], ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Puts the history of contact points in the place of what was kept of them, in one transaction. A wording that nobody was shown then goes too: people write it, and it may name somebody.</summary>
    public Task ReplaceAsync(IReadOnlyCollection<string> points, ConsentHistory history, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        var wordings = await db.Set<ConsentEntry>().Where(c => points.Contains(c.Point) && c.Wording != 0).Select(c => c.Wording).Distinct().ToListAsync(ct);
        await db.Set<ConsentEntry>().Where(c => points.Contains(c.Point)).ExecuteDeleteAsync(ct);
        await db.Set<StandingConsent>().Where(c => points.Contains(c.Point)).ExecuteDeleteAsync(ct);
        await Bulk.UpsertAsync(db, history.Changed, ct);
        await Bulk.UpsertAsync(db, history.Standing, ct);
        foreach (var chunk in wordings.Chunk(MostInAQuery))
            await db.Set<ConsentWording>().Where(w => chunk.Contains(w.Id) && !db.Set<ConsentEntry>().Any(c => c.Wording == w.Id)).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
    }, ct);

    /// <summary>The contact points of which something was said under these identifiers.</summary>
    public async Task<List<string>> PointsOfAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var points = new List<string>();
        foreach (var chunk in keys.Chunk(MostInAQuery))
            points.AddRange(await db.Set<ConsentEntry>().Where(c => chunk.Contains(c.Key)).Select(c => c.Point).Distinct().ToListAsync(ct));
        return [.. points.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Those of the contact points of which somebody else said something, whose word it was not only by a public key.</summary>
    public async Task<List<string>> OthersTooAsync(IReadOnlyCollection<string> points, IReadOnlyCollection<string> keys, CancellationToken ct) =>
        [.. (await EntriesAsync(points, ct)).Where(e => e.Key.Length > 0 && e.Origin != ConsentOrigin.PublicKey && !keys.Contains(e.Key)).Select(e => e.Point).Distinct(StringComparer.Ordinal)];
}

internal sealed class ConsentPurposeQueries(TangentDb db, ConsentPurposes purposes)
{
    public Task<List<ConsentPurpose>> ListAsync(CancellationToken ct) => db.Set<ConsentPurpose>().AsNoTracking().OrderBy(p => p.Place).ThenBy(p => p.Key).ToListAsync(ct);

    public async Task SaveAsync(ConsentPurpose purpose, CancellationToken ct)
    {
        if (purpose.Place == 0) purpose.Place = 1 + await db.Set<ConsentPurpose>().MaxAsync(p => p.Place, ct);
        await Bulk.UpsertAsync(db, [purpose], ct);
        purposes.Replace(await ListAsync(CancellationToken.None));
    }

    public async Task RemoveAsync(string key, CancellationToken ct)
    {
        await db.Set<ConsentPurpose>().Where(p => p.Key == key).ExecuteDeleteAsync(ct);
        purposes.Replace(await ListAsync(CancellationToken.None));
    }
}
