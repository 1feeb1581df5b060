using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>What came of changes: the map as it is now, or why it was left as it was.</summary>
internal sealed record MapChanged(JourneyMap? Map, MapContent? Content, MapRefusal? Refusal);

internal sealed class JourneyMapQueries(TangentDb db, TouchpointCatalogue catalogue, PersonaCatalogue personas, MapWatchers watchers, MapClaims claims)
{
    public const int MostEdits = 500;
    private const int Tries = 20;

    /// <summary>An edit without what it did: enough to say what can be taken back.</summary>
    internal sealed record EditMark(int Version, int? TakesBack);

    public Task<List<JourneyMap>> ListAsync(CancellationToken ct) => db.Set<JourneyMap>().AsNoTracking().OrderBy(m => m.Name).ThenBy(m => m.State).ToListAsync(ct);

    public Task<JourneyMap?> FindAsync(int id, CancellationToken ct) => db.Set<JourneyMap>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, ct);

    /// <summary>The map of a name and state; upper and lower case are the same.</summary>
    public async Task<JourneyMap?> NamedAsync(string name, MapState state, CancellationToken ct)
    {
        // Compared here and not in the database, so that Ä and ä are the same name on every database.
        var names = await db.Set<JourneyMap>().Where(m => m.State == state).Select(m => new { m.Id, m.Name }).ToListAsync(ct);
        return names.Find(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase)) is { } same ? await FindAsync(same.Id, ct) : null;
    }

    /// <returns>Null where somebody made one of this name and state meanwhile.</returns>
    public async Task<JourneyMap?> AddAsync(string name, MapState state, MapContent content, Actor by, CancellationToken ct)
    {
        var map = new JourneyMap { Name = name, State = state, Content = content.Write(), ChangedUtc = DateTime.UtcNow, ChangedBy = by.Name };
        db.Add(map);
        return await TrySaveAsync(() => db.SaveChangesAsync(ct)) ? map : null;
    }

    /// <summary>A map that begins as another one is, with what its cards stand on; pictures and comments stay behind. What should be is no longer the same as what is: its cards are their own.</summary>
    /// <returns>Null where somebody made one of this name and state meanwhile.</returns>
    public async Task<JourneyMap?> CopyAsync(JourneyMap from, string name, MapState state, Actor by, CancellationToken ct)
    {
        var content = MapContent.Read(from.Content);
        if (state == MapState.ToBe) content = content with { Cards = [.. content.Cards.Select(c => c with { Shared = null })] };
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        if (await AddAsync(name, state, content, by, ct) is not { } map) return null;
        // What stays one with the card it is copied from stands on that one's quotes already.
        var shared = content.Cards.Where(c => c.Shared is not null).Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var quote in (await db.Set<MapQuote>().AsNoTracking().Where(q => q.MapId == from.Id).ToListAsync(ct)).Where(q => !shared.Contains(q.CardId)))
            db.Add(quote.On(map.Id, quote.CardId));
        map.ParentId = from.ParentId;
        await db.SaveChangesAsync(ct);
        await tx.CommitAsync(ct);
        return map;
    }

    /// <returns>False where somebody made one of this name and state meanwhile.</returns>
    public Task<bool> RenameAsync(JourneyMap map, string name, MapState state, Actor by, CancellationToken ct) =>
        TrySaveAsync(() => db.Set<JourneyMap>().Where(m => m.Id == map.Id)
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.Name, name).SetProperty(x => x.State, state).SetProperty(x => x.ChangedUtc, DateTime.UtcNow).SetProperty(x => x.ChangedBy, by.Name), ct));

    public async Task RemoveAsync(int id, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        var above = await db.Set<JourneyMap>().Where(m => m.Id == id).Select(m => m.ParentId).FirstOrDefaultAsync(ct);
        await db.Set<JourneyMap>().Where(m => m.ParentId == id).ExecuteUpdateAsync(m => m.SetProperty(x => x.ParentId, above), ct);
        await db.Set<MapEdit>().Where(e => e.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<MapMention>().Where(m => db.Set<MapComment>().Any(c => c.Id == m.CommentId && c.MapId == id)).ExecuteDeleteAsync(ct);
        await db.Set<MapComment>().Where(c => c.MapId == id).ExecuteDeleteAsync(ct);
        if (await FindAsync(id, ct) is { } map)
        {
            await HandOnAsync(id, MapContent.Read(map.Content).Cards, [], ct);
            await db.SaveChangesAsync(ct);
        }

        await db.Set<MapQuote>().Where(q => q.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<MapSnapshot>().Where(s => s.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<Photo>().Where(p => p.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<JourneyMap>().Where(m => m.Id == id).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
        watchers.Pulsed(id);
    }

    /// <summary>The last edits, the latest first.</summary>
    public Task<List<MapEdit>> EditsAsync(int id, int most, CancellationToken ct) =>
        db.Set<MapEdit>().AsNoTracking().Where(e => e.MapId == id).OrderByDescending(e => e.Version).Take(most).ToListAsync(ct);

    /// <summary>Which edit took back which, by version.</summary>
    public Task<Dictionary<int, int>> TakingsBackAsync(int id, CancellationToken ct) =>
        db.Set<MapEdit>().Where(e => e.MapId == id && e.TakesBack != null).ToDictionaryAsync(e => e.Version, e => e.TakesBack!.Value, ct);

    /// <summary>The edits after one version up to another.</summary>
    public async Task<List<MapEdit>> EditsSinceAsync(int id, int since, int until, int most, CancellationToken ct) =>
        (long)until - since > most ? [] : await db.Set<MapEdit>().AsNoTracking().Where(e => e.MapId == id && e.Version > since && e.Version <= until).ToListAsync(ct);

    /// <summary>What of this user's edits can be undone and redone, the latest last.</summary>
    public async Task<(List<EditMark> Done, List<EditMark> Undone)> StacksAsync(int id, Actor by, CancellationToken ct)
    {
        // In a demo the command line and the pages are local both: their names tell them apart.
        var (kind, user, name, isLocal) = (by.Kind, by.Id, by.Name, by.Kind == ActorKind.Local);
        return Stacks(await db.Set<MapEdit>().Where(e => e.MapId == id && e.ByKind == kind && e.ById == user && (!isLocal || e.By == name)).OrderBy(e => e.Version).Select(e => new EditMark(e.Version, e.TakesBack)).ToListAsync(ct));
    }

    /// <summary>Makes all changes or none, which are held to what they claim. Where somebody else was quicker, they are made on what he left: only the same field is a conflict.</summary>
    /// <returns>Null where there is no such map.</returns>
    public Task<MapChanged?> ChangeAsync(int id, IReadOnlyList<MapChange> changes, Actor by, CancellationToken ct) => ChangeAsync(id, _ => changes, by, null, isClaimed: true, ct);

    /// <summary>
    /// Takes back the last edit of this user that was not taken back yet, or what was taken back last. Where somebody changed the same meanwhile, it stays,
    /// with the reason, and is not tried again: the next one can be taken back.
    /// </summary>
    /// <param name="id">The map.</param>
    /// <param name="redo">Take back the taking back.</param>
    /// <param name="by">Whose edits.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Null where there is no such map, or nothing to take back.</returns>
    public async Task<MapChanged?> TakeBackAsync(int id, bool redo, Actor by, CancellationToken ct)
    {
        var (done, undone) = await StacksAsync(id, by, ct);
        if ((redo ? undone : done).LastOrDefault() is not { } edit) return null;
        var inverse = await db.Set<MapEdit>().Where(e => e.MapId == id && e.Version == edit.Version).Select(e => e.Inverse).FirstAsync(ct);
        var changes = JsonSerializer.Deserialize<List<MapChange>>(inverse, MapContent.Json)!;
        var changed = await ChangeAsync(id, _ => changes, by, edit.Version, isClaimed: false, ct);
        if (changed?.Refusal is not null) await ChangeAsync(id, _ => [], by, edit.Version, isClaimed: false, ct);
        return changed;
    }

    /// <summary>Says which touchpoint, persona or map a map names that is not there. What was named before and has gone since may stay.</summary>
    public async Task<string?> UnknownAsync(int id, MapContent before, MapContent content, CancellationToken ct)
    {
        var known = catalogue.Touchpoints.Select(t => t.Id).ToHashSet();
        if (content.Steps.FirstOrDefault(s => s.Touchpoint is { } touchpoint && !known.Contains(touchpoint)) is { } step) return T("Map.Fault.NoTouchpoint", step.Touchpoint, step.Name);
        if (PersonasOf(content).Except(PersonasOf(before)).Where(p => personas.Find(p) is null).Select(p => (int?)p).FirstOrDefault() is { } persona) return T("Map.Fault.NoPersona", persona);
        var inside = MapsOf(content).Except(MapsOf(before)).ToList();
        if (inside.Count == 0) return null;
        if (inside.Contains(id)) return T("Map.Fault.OwnMap");
        var there = await db.Set<JourneyMap>().Where(m => inside.Contains(m.Id)).Select(m => m.Id).ToListAsync(ct);
        return inside.Except(there).Select(m => (int?)m).FirstOrDefault() is { } missing ? T("Map.Fault.NoMap", missing) : null;
    }

    private static IEnumerable<int> PersonasOf(MapContent content) => content.Personas.Concat(content.Cards.SelectMany(c => c.Personas ?? [])).Distinct();

    private static IEnumerable<int> MapsOf(MapContent content) => content.Steps.Select(s => s.Map).OfType<int>().Distinct();

    /// <summary>Makes changes that follow from the map as it is; no changes are no edit.</summary>
    /// <returns>Null where there is no such map.</returns>
    public Task<MapChanged?> ChangeAsync(int id, Func<MapContent, IReadOnlyList<MapChange>> changesOf, Actor by, CancellationToken ct) => ChangeAsync(id, changesOf, by, null, isClaimed: false, ct);

    /// <summary>Does several things together or none of them; then tells of the maps, as their edits spoke of versions before others could read them.</summary>
    /// <param name="things">Does them; says whether they are kept.</param>
    /// <param name="told">The maps that may become others.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<T> TogetherAsync<T>(Func<Task<(T Result, bool Keep)>> things, IEnumerable<int> told, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        var (result, keep) = await things();
        if (!keep) return result;
        await tx.CommitAsync(ct);
        foreach (var id in told.Distinct())
            if (await FindAsync(id, ct) is { } now) watchers.Changed(id, now.Version);
        return result;
    }

    private async Task<MapChanged?> ChangeAsync(int id, Func<MapContent, IReadOnlyList<MapChange>> changesOf, Actor by, int? takesBack, bool isClaimed, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            if (await db.Set<JourneyMap>().FirstOrDefaultAsync(m => m.Id == id, ct) is not { } map) return null;
            var before = MapContent.Read(map.Content);
            var changes = changesOf(before);
            if (changes.Count == 0 && takesBack is null) return new MapChanged(map, before, null);
            if (TryMake(before, changes, takesBack, out var content, out var inverse) is { } refusal) return new MapChanged(map, null, refusal);
            // What was taken away since comes back with the part that named it, as a name of nobody.
            if (takesBack is null && await UnknownAsync(id, before, content, ct) is { } unknown) return new MapChanged(map, null, new MapRefusal(unknown));
            if (isClaimed && claims.Fault(before, content) is { } claim) return new MapChanged(map, null, new MapRefusal(claim.Detail));
            var said = SharedCards.Said(before, content);
            var others = said.Count == 0 ? [] : await db.Set<JourneyMap>().Where(m => m.Id != id && m.Content.Contains(SharedCards.Written)).ToListAsync(ct);
            if (takesBack is not null) SharedCards.Follow(said, before, others.Select(o => MapContent.Read(o.Content)));
            if (SharedCards.Changes(content, said) is { Count: > 0 } more)
            {
                changes = [.. changes, .. more];
                if (TryMake(before, changes, takesBack, out content, out inverse) is { } refused) return new MapChanged(map, null, refused);
            }

            var there = content.Cards.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
            await HandOnAsync(id, before.Cards.Where(c => !there.Contains(c.Id)), content.Cards, ct);
            Edit(map, content, changes, inverse, by, takesBack);
            if (Share(others, said, by, out var shared) is { } elsewhere) return new MapChanged(map, null, elsewhere);
            try
            {
                await db.SaveChangesAsync(ct);
                foreach (var changed in shared.Prepend(map)) watchers.Changed(changed.Id, changed.Version);
                return new MapChanged(map, content, null);
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>Whoever names a touchpoint that was merged into another one meanwhile, as somebody who takes back an old edit, means that one.</summary>
    private MapRefusal? TryMake(MapContent before, IReadOnlyList<MapChange> changes, int? takesBack, out MapContent content, out IReadOnlyList<MapChange> inverse)
    {
        if (MapEditing.TryMake(before, changes, out content, out inverse, isTakingBack: takesBack is not null) is { } refusal) return refusal;
        content = content with { Steps = [.. content.Steps.Select(s => s.Touchpoint is { } number && catalogue.Find(number) is { } found && found.Id != number ? s with { Touchpoint = found.Id } : s)] };
        return null;
    }

    private void Edit(JourneyMap map, MapContent content, IReadOnlyList<MapChange> changes, IReadOnlyList<MapChange> inverse, Actor by, int? takesBack)
    {
        map.Version++;
        (map.Content, map.ChangedUtc, map.ChangedBy) = (content.Write(), DateTime.UtcNow, by.Name);
        db.Add(new MapEdit
        {
            MapId = map.Id,
            Version = map.Version,
            AtUtc = map.ChangedUtc,
            ByKind = by.Kind,
            ById = by.Id,
            By = by.Name,
            Changes = JsonSerializer.Serialize(changes, MapContent.Json),
            Inverse = JsonSerializer.Serialize(inverse, MapContent.Json),
            TakesBack = takesBack,
        });
    }

    /// <summary>What cards that go stood on stays with those they were one with: a pain point on several maps stands on the quotes of all its cards.</summary>
    /// <param name="map">The map they go from.</param>
    /// <param name="gone">The cards.</param>
    /// <param name="left">What is left on the map.</param>
    /// <param name="ct">Ends it.</param>
    private async Task HandOnAsync(int map, IEnumerable<MapCard> gone, IReadOnlyList<MapCard> left, CancellationToken ct)
    {
        var shared = gone.Where(c => c.Shared is not null).ToDictionary(c => c.Id, c => c.Shared!, StringComparer.Ordinal);
        if (shared.Count == 0) return;
        var others = await db.Set<JourneyMap>().AsNoTracking().Where(m => m.Id != map && m.Content.Contains(SharedCards.Written)).ToListAsync(ct);
        var heirs = left.Select(c => (Map: map, Card: c)).Concat(others.SelectMany(o => MapContent.Read(o.Content).Cards.Select(c => (Map: o.Id, Card: c))))
            .Where(h => h.Card.Shared is not null).GroupBy(h => h.Card.Shared!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var quote in await db.Set<MapQuote>().Where(q => q.MapId == map && shared.Keys.Contains(q.CardId)).ToListAsync(ct))
            if (heirs.TryGetValue(shared[quote.CardId], out var heir)) (quote.MapId, quote.CardId) = (heir.Map, heir.Card.Id);
    }

    /// <summary>Makes other maps say the same of the cards they share; saved together with the edit that says it, or not at all.</summary>
    private MapRefusal? Share(List<JourneyMap> others, Dictionary<string, MapCard> said, Actor by, out List<JourneyMap> shared)
    {
        shared = [];
        foreach (var other in others)
        {
            var before = MapContent.Read(other.Content);
            if (SharedCards.Changes(before, said) is not { Count: > 0 } changes) continue;
            if (MapEditing.TryMake(before, changes, out var content, out var inverse) is { } refusal)
            {
                db.ChangeTracker.Clear();
                return refusal with { Detail = $"{other.Name}: {refusal.Detail}" };
            }

            Edit(other, content, changes, inverse, by, null);
            shared.Add(other);
        }

        return null;
    }

    private async Task<bool> TrySaveAsync(Func<Task<int>> save)
    {
        try
        {
            await save();
            return true;
        }
        catch (Exception e) when ((e as SqliteException ?? (e as DbUpdateException)?.InnerException) is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT })
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>What can be undone and redone, the latest last. A new edit ends what could be redone.</summary>
    private static (List<EditMark> Done, List<EditMark> Undone) Stacks(IEnumerable<EditMark> edits)
    {
        var (done, undone) = (new List<EditMark>(), new List<EditMark>());
        foreach (var edit in edits)
        {
            if (edit.TakesBack is null)
            {
                done.Add(edit);
                undone.Clear();
            }
            else if (done.RemoveAll(e => e.Version == edit.TakesBack) > 0)
            {
                undone.Add(edit);
            }
            else
            {
                undone.RemoveAll(e => e.Version == edit.TakesBack);
                done.Add(edit);
            }
        }

        return (done, undone);
    }
}
