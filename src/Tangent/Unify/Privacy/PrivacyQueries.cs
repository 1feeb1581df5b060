using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class PrivacyQueries(TangentDb db, Restrictions restrictions, TimeProvider time) : IKeepsPersonalData
{
    private const int MostInAQuery = 500;

    public string Kind => "requests";

    public IReadOnlyList<Type> Entities => [typeof(PrivacyRequest), typeof(Restriction)];

    public bool Ages => true;

    /// <summary>Open ones first, by when they are due; then the latest.</summary>
    public Task<List<PrivacyRequest>> ListAsync(CancellationToken ct) => db.Set<PrivacyRequest>().AsNoTracking()
        .OrderBy(r => r.State != PrivacyRequestState.Open).ThenBy(r => r.State == PrivacyRequestState.Open ? r.DueUtc : DateTime.MaxValue).ThenByDescending(r => r.Id).Take(1000).ToListAsync(ct);

    public Task<List<PrivacyRequest>> OfAsync(IReadOnlyList<string> keys, CancellationToken ct) =>
        db.Set<PrivacyRequest>().AsNoTracking().Where(r => keys.Contains(r.Key)).OrderByDescending(r => r.Id).ToListAsync(ct);

    public Task<PrivacyRequest?> FindAsync(int id, CancellationToken ct) => db.Set<PrivacyRequest>().FirstOrDefaultAsync(r => r.Id == id, ct);

    public async Task SaveAsync(PrivacyRequest request, CancellationToken ct)
    {
        if (request.Id == 0) db.Add(request);
        await db.SaveChangesAsync(ct);
    }

    public Task<List<Restriction>> RestrictionsAsync(CancellationToken ct) => db.Set<Restriction>().AsNoTracking().ToListAsync(ct);

    public async Task RestrictAsync(Restriction restriction, CancellationToken ct)
    {
        await Bulk.UpsertAsync(db, [restriction], ct);
        restrictions.Replace(await RestrictionsAsync(CancellationToken.None));
    }

    public async Task LiftAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        await db.Set<Restriction>().Where(r => keys.Contains(r.Key)).ExecuteDeleteAsync(ct);
        restrictions.Replace(await RestrictionsAsync(CancellationToken.None));
    }

    /// <summary>Requests that are answered; a restriction holds until somebody ends it.</summary>
    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = Answered.Where(r => r.ChangedUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (!onlyCount && count > 0) await SecureDelete.RunAsync(db, () => old.ExecuteDeleteAsync(ct), ct);
        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => Answered.MinAsync(r => (DateTime?)r.ChangedUtc, ct);

    private IQueryable<PrivacyRequest> Answered => db.Set<PrivacyRequest>().Where(r => r.State != PrivacyRequestState.Open);

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var r in await OfAsync(subject.Identifiers, ct))
            yield return new JsonObject { ["request"] = r.Kind.ToString(), ["state"] = r.State.ToString(), ["received"] = r.ReceivedUtc, ["due"] = r.DueUtc, ["note"] = r.Note };
        foreach (var r in (await RestrictionsAsync(ct)).Where(r => subject.Identifiers.Contains(r.Key)))
            yield return new JsonObject { ["restrictedSince"] = r.SinceUtc, ["reason"] = r.Reason };
    }

    /// <summary>That there was a request stays, for who has to prove it was answered; whose it was does not. An open one is answered by the erasure: nothing is left that it could ask for.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var notes = await db.Set<PrivacyRequest>().AsNoTracking().Where(r => r.Note != "").Select(r => new { r.Id, r.Note }).ToListAsync(ct);
        List<int> naming = [.. notes.Where(n => subject.AreNamedInProse(n.Note)).Select(n => n.Id)];
        await SecureDelete.RunAsync(db, async () =>
        {
            var now = time.GetUtcNow().UtcDateTime;
            await db.Set<PrivacyRequest>().Where(r => subject.Identifiers.Contains(r.Key) && r.State == PrivacyRequestState.Open)
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.State, PrivacyRequestState.Done).SetProperty(x => x.ChangedUtc, now), ct);
            await db.Set<PrivacyRequest>().Where(r => subject.Identifiers.Contains(r.Key)).ExecuteUpdateAsync(r => r.SetProperty(x => x.Key, "").SetProperty(x => x.Note, ""), ct);
            foreach (var some in naming.Chunk(MostInAQuery)) await db.Set<PrivacyRequest>().Where(r => some.Contains(r.Id)).ExecuteUpdateAsync(r => r.SetProperty(x => x.Note, ""), ct);
            await db.Set<Restriction>().Where(r => subject.Identifiers.Contains(r.Key)).ExecuteDeleteAsync(ct);
        }, ct);
        restrictions.Replace(await RestrictionsAsync(ct));
    }
}
