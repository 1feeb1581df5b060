using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class RecordQueries(TangentDb db) : IKeepsPersonalData
{
    private const int MostKeysInAQuery = 500;

    public string Kind => "records";

    public IReadOnlyList<Type> Entities => [typeof(Record), typeof(RecordOwner)];

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var record in Each(subject.Identifiers, null, records => records, ct))
        {
            yield return new JsonObject
            {
                ["kind"] = record.Kind,
                ["id"] = record.RecordId,
                ["source"] = record.SourceId,
                ["title"] = record.Title,
                ["status"] = record.Status,
                ["value"] = record.Value,
                ["currency"] = record.Currency,
                ["at"] = record.AtUtc,
                ["closed"] = record.ClosedUtc,
                ["fields"] = JsonNode.Parse(record.Fields),
            };
        }
    }

    /// <summary>They follow the log: <see cref="ProfileFeed"/> lets go of them when it reads the erasure's record.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => EraseAsync(subject.Identifiers, ct);

    public async Task<long> CountAsync(DataSubject subject, CancellationToken ct) => (await OfAsync(subject.Identifiers, null, _ => true, 0, ct)).Total;

    /// <summary>Records of these persons and companies: how many there are, and the latest of them.</summary>
    /// <param name="owners"><c>user:…</c>, <c>anonymous:…</c> or <c>account:…</c>.</param>
    /// <param name="kind">Only of this kind; null: all.</param>
    /// <param name="wanted">Only such; by kind, status and times.</param>
    /// <param name="most">Most that are given.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<(int Total, List<Record> Latest)> OfAsync(IReadOnlyList<string> owners, string? kind, Func<Record, bool> wanted, int most, CancellationToken ct)
    {
        // Of all of them only what counts and sorts is read: a company may have as many as it likes.
        var all = new List<Record>();
        await foreach (var record in Each(owners, kind, records => records.Select(r => new Record { SourceId = r.SourceId, Kind = r.Kind, RecordId = r.RecordId, Status = r.Status, AtUtc = r.AtUtc, ClosedUtc = r.ClosedUtc }), ct))
            if (wanted(record)) all.Add(record);
        var latest = all.OrderByDescending(r => r.AtUtc ?? r.ClosedUtc).ThenBy(r => r.RecordId, StringComparer.Ordinal).Take(most).Select(r => (r.SourceId, r.Kind, r.RecordId)).ToList();
        var whole = await FindAsync(latest, ct);
        return (all.Count, [.. latest.Select(id => whole.GetValueOrDefault(id)).OfType<Record>()]);
    }

    /// <summary>Whose the records of this number are: <c>user:…</c>, <c>anonymous:…</c> or <c>account:…</c>; at most so many.</summary>
    public Task<List<string>> OwnersAsync(string number, int most, CancellationToken ct)
    {
        string[] numbers = [number, number.ToUpperInvariant()];
        return db.Set<RecordOwner>().Where(o => numbers.Contains(o.RecordId)).Select(o => o.OwnerKey).Distinct().OrderBy(k => k).Take(most).ToListAsync(ct);
    }

    public Task<bool> AnyAsync(string owner, CancellationToken ct) => db.Set<RecordOwner>().AnyAsync(o => o.OwnerKey == owner, ct);

    /// <summary>Every record of these owners once, read while it is used.</summary>
    private async IAsyncEnumerable<Record> Each(IReadOnlyList<string> owners, string? kind, Func<IQueryable<Record>, IQueryable<Record>> read, [EnumeratorCancellation] CancellationToken ct)
    {
        var given = new HashSet<(int, string, string)>();
        foreach (var chunk in owners.Distinct(StringComparer.Ordinal).Chunk(MostKeysInAQuery))
        {
            var some = read(db.Set<RecordOwner>().Where(o => chunk.Contains(o.OwnerKey) && (kind == null || o.Kind == kind))
                .Join(db.Set<Record>().AsNoTracking(), o => new { o.SourceId, o.Kind, o.RecordId }, r => new { r.SourceId, r.Kind, r.RecordId }, (_, r) => r));
            await foreach (var record in some.AsAsyncEnumerable().WithCancellation(ct))
                if (given.Add((record.SourceId, record.Kind, record.RecordId))) yield return record;
        }
    }

    /// <summary>Takes over what was said, in the order in which it was.</summary>
    public async Task LearnAsync(IReadOnlyList<RecordSaid> said, CancellationToken ct)
    {
        if (said.Count == 0) return;
        var records = await FindAsync([.. said.Select(s => s.Id).Distinct()], ct);
        var owners = new Dictionary<(string, int, string, string), RecordOwner>();
        foreach (var one in said)
        {
            if (!records.TryGetValue(one.Id, out var record)) records.Add(one.Id, record = new Record { SourceId = one.SourceId, Kind = one.Kind, RecordId = one.RecordId });
            one.Tell(record);
            foreach (var owner in one.Owners)
                owners[(owner, one.SourceId, one.Kind, one.RecordId)] = new RecordOwner { OwnerKey = owner, SourceId = one.SourceId, Kind = one.Kind, RecordId = one.RecordId };
        }

        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await Bulk.UpsertAsync(db, records.Values, ct);
        await Bulk.UpsertAsync(db, owners.Values, ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Lets go of records, for what is left of them to be read anew.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<(int SourceId, string Kind, string RecordId)> ids, CancellationToken ct)
    {
        foreach (var group in ids.GroupBy(i => (i.SourceId, i.Kind)))
            foreach (var chunk in group.Select(i => i.RecordId).Chunk(MostKeysInAQuery))
            {
                await db.Set<RecordOwner>().Where(o => o.SourceId == group.Key.SourceId && o.Kind == group.Key.Kind && chunk.Contains(o.RecordId)).ExecuteDeleteAsync(ct);
                await db.Set<Record>().Where(r => r.SourceId == group.Key.SourceId && r.Kind == group.Key.Kind && chunk.Contains(r.RecordId)).ExecuteDeleteAsync(ct);
            }
    }

    /// <summary>
    /// Deletes the records of erased persons, their bytes with them. One that another person has, too, only loses whose it was; a company keeps none of
    /// it, as the lines that told of it were the person's.
    /// </summary>
    public Task EraseAsync(IReadOnlyList<string> keys, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var chunk in keys.Chunk(MostKeysInAQuery))
        {
            var theirs = await db.Set<RecordOwner>().AsNoTracking().Where(o => chunk.Contains(o.OwnerKey)).ToListAsync(ct);
            await db.Set<RecordOwner>().Where(o => chunk.Contains(o.OwnerKey)).ExecuteDeleteAsync(ct);
            foreach (var one in theirs)
                if (!await db.Set<RecordOwner>().AnyAsync(o => o.SourceId == one.SourceId && o.Kind == one.Kind && o.RecordId == one.RecordId && !o.OwnerKey.StartsWith(Profile.AccountPrefix), ct))
                    await ForgetAsync([(one.SourceId, one.Kind, one.RecordId)], ct);
        }
    }, ct);

    private async Task<Dictionary<(int, string, string), Record>> FindAsync(IReadOnlyList<(int SourceId, string Kind, string RecordId)> ids, CancellationToken ct)
    {
        var found = new Dictionary<(int, string, string), Record>();
        foreach (var group in ids.GroupBy(i => (i.SourceId, i.Kind)))
            foreach (var chunk in group.Select(i => i.RecordId).Chunk(MostKeysInAQuery))
                foreach (var record in await db.Set<Record>().AsNoTracking().Where(r => r.SourceId == group.Key.SourceId && r.Kind == group.Key.Kind && chunk.Contains(r.RecordId)).ToListAsync(ct))
                    found[(record.SourceId, record.Kind, record.RecordId)] = record;
        return found;
    }
}
