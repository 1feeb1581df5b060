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

internal sealed class ObservationQueries(TangentDb db, JourneyMapQueries maps, MapQuoteQueries quotes, PhotoQueries photos, MapWatchers watchers) : IKeepsPersonalData, IFollowMerges
{
    /// <summary>Why it cannot be taken over or merged.</summary>
    public const string Gone = "Somebody has taken it over or merged it already.";

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

    /// <summary>Takes it over to a map. Its state, the card and what the card stands on are changed together, so that two who do it at once make one card.</summary>
    /// <returns>Null where it was taken over.</returns>
    public async Task<MapRefusal?> TakeOverAsync(Observation observation, ObservationTarget target, Actor by, CancellationToken ct)
    {
        var card = target.Card ?? $"card-{Guid.CreateVersion7():n}";
        await using (var tx = await db.Database.BeginTransactionAsync(ct))
        {
            // The first write holds the database: from here on nobody else changes either.
            if (await db.Set<Observation>().Where(o => o.Id == observation.Id && o.State == ObservationState.Open)
                .ExecuteUpdateAsync(o => o.SetProperty(x => x.State, ObservationState.Taken).SetProperty(x => x.MapId, target.Map), ct) == 0) return new MapRefusal(Gone, IsConflict: true);
            var said = await QuotesAsync(observation, target.Map, card, ct);
            var standing = target.Card is null ? [] : await quotes.OfAsync(await quotes.SameAsync(target.Map, card, ct), ct);
            var found = true;
            IReadOnlyList<MapChange> Changes(MapContent content)
            {
                if (target.Changes(content, observation, said, card) is not { } changes)
                {
                    found = false;
                    return [];
                }

                // The words of a new card are theirs: it keeps their day.
                var own = content.Cards.FirstOrDefault(c => c.Id == card) is { } there ? QuotedEvidence.DateBefore(there.Evidence, standing) : DateOnly.FromDateTime(said.Max(q => q.AtUtc));
                foreach (var quote in said) quote.DateBefore = own;
                return changes;
            }

            // Of a card that was there, n goes down again where the observation is put back; a new one is taken away by undo.
            var whose = target.Card is null ? by : MapQuoteQueries.NotTakenBack(by);
            var changed = await maps.ChangeAsync(target.Map, Changes, whose, ct);
            if (changed is null || !found) return new MapRefusal("The map has no such step, lane or card.");
            if (changed.Refusal is { } refusal) return refusal with { IsConflict = true };
            db.AddRange(said);
            await photos.MoveAsync(observation.Id, target.Map, card, ct);
            await db.SaveChangesAsync(ct);
            await tx.CommitAsync(ct);
        }

        await quotes.TellAsync(target.Map, card, ct);
        await TellAsync(observation.TouchpointId, ct);
        return null;
    }

    /// <summary>One that was taken over waits again, as after a mistake, or where the edit was undone: its card stands no longer on it, nor on those merged with it; its picture comes back.</summary>
    /// <returns>False where it is not taken over.</returns>
    public async Task<bool> PutBackAsync(Observation observation, Actor by, CancellationToken ct)
    {
        var map = observation.MapId;
        HashSet<int> released;
        await using (var tx = await db.Database.BeginTransactionAsync(ct))
        {
            // The first write holds the database: from here on nobody takes it over again before its quotes and pictures are back.
            if (await db.Set<Observation>().Where(o => o.Id == observation.Id && o.State == ObservationState.Taken)
                .ExecuteUpdateAsync(o => o.SetProperty(x => x.State, ObservationState.Open).SetProperty(x => x.MapId, (int?)null), ct) == 0) return false;
            var said = await db.Set<Observation>().Where(o => o.Id == observation.Id || o.MergedInto == observation.Id).Select(o => o.Id).ToListAsync(ct);
            released = await quotes.ReleaseAsync(said, by, ct);
            await photos.MoveBackAsync(observation.Id, ct);
            await tx.CommitAsync(ct);
        }

        foreach (var shown in released.Concat(map is { } was ? [was] : []).Distinct()) await quotes.TellAsync(shown, ct);
        await TellAsync(observation.TouchpointId, ct);
        return true;
    }

    /// <summary>It and those merged with it. Everybody who stands behind it, as a writer or by a vote, is counted once.</summary>
    private async Task<List<MapQuote>> QuotesAsync(Observation observation, int map, string card, CancellationToken ct)
    {
        var said = await db.Set<Observation>().AsNoTracking().Where(o => o.Id == observation.Id || o.MergedInto == observation.Id).OrderBy(o => o.Id != observation.Id).ThenBy(o => o.Id).ToListAsync(ct);
        var votes = await db.Set<ObservationVote>().AsNoTracking().Where(v => v.ObservationId == observation.Id).ToListAsync(ct);
        var counted = new HashSet<(ActorKind, string)>();
        int Voters() => votes.Count(v => counted.Add((v.ByKind, v.ById)));
        return said.ConvertAll(o => new MapQuote { MapId = map, CardId = card, ObservationId = o.Id, AtUtc = o.AtUtc, People = (counted.Add((o.ByKind, o.ById)) ? 1 : 0) + (o.Id == observation.Id ? Voters() : 0) });
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

    public async Task<string?> FollowAsync(TouchpointMerge merge, CancellationToken ct)
    {
        var (from, into) = (merge.From.Id, merge.Into.Id);
        await db.Set<Observation>().Where(o => o.TouchpointId == from).ExecuteUpdateAsync(o => o.SetProperty(x => x.TouchpointId, into), ct);
        return null;
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var observation in db.Set<Observation>().AsNoTracking().AsAsyncEnumerable().WithCancellation(ct))
            if (subject.AreNamedInProse(observation.Text)) yield return new JsonObject { ["at"] = observation.AtUtc, ["text"] = observation.Text };
    }

    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var named = (await db.Set<Observation>().AsNoTracking().Select(o => new { o.Id, o.Text }).ToListAsync(ct)).Where(o => subject.AreNamedInProse(o.Text)).Select(o => o.Id).ToList();
        await RemoveAsync(named, lessens: true, ct);
    }

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = await db.Set<Observation>().Where(o => o.AtUtc < beforeUtc).Select(o => o.Id).ToListAsync(ct);
        if (!onlyCount) await RemoveAsync(old, lessens: false, ct);
        return old.Count;
    }

    public async Task<DateTime?> OldestAsync(CancellationToken ct) => await db.Set<Observation>().MinAsync(o => (DateTime?)o.AtUtc, ct);

    private async Task RemoveAsync(List<int> ids, bool lessens, CancellationToken ct)
    {
        if (ids.Count == 0) return;
        await quotes.ForgetAsync(ids, lessens, ct);
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
