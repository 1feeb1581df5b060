using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>An observation with its votes.</summary>
/// <param name="Observation">What was seen.</param>
/// <param name="Votes">How many others have seen the same.</param>
/// <param name="IsMine">Whether the one who asks is among them.</param>
internal sealed record VotedObservation(Observation Observation, int Votes, bool IsMine);

internal sealed class ObservationQueries(TangentDb db, JourneyMapQueries maps, MapWatchers watchers) : IKeepsPersonalData
{
    private const int Most = 500;

    public string Kind => "observations";

    public IReadOnlyList<Type> Entities => [typeof(Observation), typeof(ObservationVote)];

    public bool Ages => true;

    public async Task AddAsync(Observation observation, CancellationToken ct)
    {
        db.Add(observation);
        await db.SaveChangesAsync(ct);
        await TellAsync(observation.TouchpointId, ct);
    }

    public Task<Observation?> FindAsync(int id, CancellationToken ct) => db.Set<Observation>().FirstOrDefaultAsync(o => o.Id == id, ct);

    /// <summary>Those of a touchpoint: open ones first, then by votes and age.</summary>
    public async Task<List<VotedObservation>> ListAsync(int touchpoint, Actor reader, CancellationToken ct)
    {
        var observations = await db.Set<Observation>().AsNoTracking().Where(o => o.TouchpointId == touchpoint).OrderBy(o => o.State).ThenByDescending(o => o.Id).Take(Most).ToListAsync(ct);
        var votes = (await db.Set<ObservationVote>().AsNoTracking().Where(v => db.Set<Observation>().Any(o => o.Id == v.ObservationId && o.TouchpointId == touchpoint)).ToListAsync(ct)).ToLookup(v => v.ObservationId);
        return [.. observations.Select(o => new VotedObservation(o, votes[o.Id].Count(), votes[o.Id].Any(v => v.ByKind == reader.Kind && v.ById == reader.Id)))
            .OrderBy(o => o.Observation.State).ThenByDescending(o => o.Votes)];
    }

    /// <summary>How many wait at each touchpoint.</summary>
    public async Task<Dictionary<int, int>> OpenAsync(CancellationToken ct) =>
        (await db.Set<Observation>().Where(o => o.State == ObservationState.Open).GroupBy(o => o.TouchpointId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct)).ToDictionary(g => g.Key, g => g.Count);

    public async Task VoteAsync(Observation observation, Actor by, bool wanted, CancellationToken ct)
    {
        var (kind, id) = (by.Kind, by.Id);
        if (wanted) await Bulk.UpsertAsync(db, [new ObservationVote { ObservationId = observation.Id, ByKind = kind, ById = id }], ct);
        else await db.Set<ObservationVote>().Where(v => v.ObservationId == observation.Id && v.ByKind == kind && v.ById == id).ExecuteDeleteAsync(ct);
        await TellAsync(observation.TouchpointId, ct);
    }

    /// <summary>How many people stand behind it: who wrote it, who wrote the same, and who voted.</summary>
    public async Task<int> PeopleAsync(Observation observation, CancellationToken ct) =>
        await db.Set<Observation>().Where(o => o.Id == observation.Id || o.MergedInto == observation.Id).Select(o => new { o.ByKind, o.ById })
            .Union(db.Set<ObservationVote>().Where(v => v.ObservationId == observation.Id).Select(v => new { v.ByKind, v.ById })).CountAsync(ct);

    public async Task TakenAsync(Observation observation, int map, CancellationToken ct)
    {
        // Written straight: an edit of the map that met another one forgets what it had read.
        await db.Set<Observation>().Where(o => o.Id == observation.Id).ExecuteUpdateAsync(o => o.SetProperty(x => x.State, ObservationState.Taken).SetProperty(x => x.MapId, map), ct);
        await TellAsync(observation.TouchpointId, ct);
    }

    /// <summary>The votes of one that says the same go over to the other, as do those merged into it before.</summary>
    /// <returns>False where somebody took over or merged one of the two meanwhile.</returns>
    public async Task<bool> MergeAsync(Observation same, Observation into, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        // The first write holds the database: from here on nobody else changes either.
        var merged = await db.Set<Observation>().Where(o => o.Id == same.Id && o.State == ObservationState.Open && db.Set<Observation>().Any(i => i.Id == into.Id && i.State == ObservationState.Open))
            .ExecuteUpdateAsync(o => o.SetProperty(x => x.State, ObservationState.Merged).SetProperty(x => x.MergedInto, into.Id), ct);
        if (merged == 0) return false;
        var votes = await db.Set<ObservationVote>().AsNoTracking().Where(v => v.ObservationId == same.Id).ToListAsync(ct);
        await db.Set<ObservationVote>().Where(v => v.ObservationId == same.Id).ExecuteDeleteAsync(ct);
        await Bulk.UpsertAsync(db, votes.ConvertAll(v => new ObservationVote { ObservationId = into.Id, ByKind = v.ByKind, ById = v.ById }), ct);
        await db.Set<Observation>().Where(o => o.MergedInto == same.Id).ExecuteUpdateAsync(o => o.SetProperty(x => x.MergedInto, into.Id), ct);
        await db.Set<Photo>().Where(p => p.ObservationId == same.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.ObservationId, into.Id), ct);
        await tx.CommitAsync(ct);
        await TellAsync(same.TouchpointId, ct);
        return true;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var observation in db.Set<Observation>().AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
            if (subject.AreNamedInProse(observation.Text)) yield return new JsonObject { ["at"] = observation.AtUtc, ["text"] = observation.Text };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var named = (await db.Set<Observation>().AsNoTracking().Select(o => new { o.Id, o.Text }).ToListAsync(ct)).Where(o => subject.AreNamedInProse(o.Text)).Select(o => o.Id).ToList();
        await RemoveAsync(named, ct);
    }

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = await db.Set<Observation>().Where(o => o.AtUtc < beforeUtc).Select(o => o.Id).ToListAsync(ct);
        if (!onlyCount) await RemoveAsync(old, ct);
        return old.Count;
    }

    public async Task<DateTime?> OldestAsync(CancellationToken ct) => await db.Set<Observation>().MinAsync(o => (DateTime?)o.AtUtc, ct);

    private async Task RemoveAsync(List<int> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        await SecureDelete.RunAsync(db, async () =>
        {
            foreach (var part in ids.Chunk(Most))
            {
                await db.Set<ObservationVote>().Where(v => part.Contains(v.ObservationId)).ExecuteDeleteAsync(ct);
                await db.Set<Photo>().Where(p => p.ObservationId != null && part.Contains(p.ObservationId.Value)).ExecuteDeleteAsync(ct);
                await db.Set<Observation>().Where(o => part.Contains(o.Id)).ExecuteDeleteAsync(ct);
            }
        }, ct);
    }

    /// <summary>Whoever looks at a map with this touchpoint sees it at once.</summary>
    private async Task TellAsync(int touchpoint, CancellationToken ct)
    {
        foreach (var map in watchers.Watched())
            if (await maps.FindAsync(map, ct) is { } watched && MapContent.Read(watched.Content).Steps.Any(s => s.Touchpoint == touchpoint)) watchers.Pulsed(map);
    }
}
