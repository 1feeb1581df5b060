using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>What came of changes: the map as it is now, or why it was left as it was.</summary>
internal sealed record MapChanged(JourneyMap? Map, MapContent? Content, MapRefusal? Refusal);

internal sealed class JourneyMapQueries(TangentDb db, TouchpointCatalogue catalogue, MapWatchers watchers)
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

    /// <returns>False where somebody made one of this name and state meanwhile.</returns>
    public Task<bool> RenameAsync(JourneyMap map, string name, MapState state, Actor by, CancellationToken ct) =>
        TrySaveAsync(() => db.Set<JourneyMap>().Where(m => m.Id == map.Id)
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.Name, name).SetProperty(x => x.State, state).SetProperty(x => x.ChangedUtc, DateTime.UtcNow).SetProperty(x => x.ChangedBy, by.Name), ct));

    public async Task RemoveAsync(int id, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await db.Set<MapEdit>().Where(e => e.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<MapMention>().Where(m => db.Set<MapComment>().Any(c => c.Id == m.CommentId && c.MapId == id)).ExecuteDeleteAsync(ct);
        await db.Set<MapComment>().Where(c => c.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<Photo>().Where(p => p.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<JourneyMap>().Where(m => m.Id == id).ExecuteDeleteAsync(ct);
        await tx.CommitAsync(ct);
        watchers.Pulsed(id);
    }

    /// <summary>The last edits, the latest first.</summary>
    public Task<List<MapEdit>> EditsAsync(int id, int most, CancellationToken ct) =>
        db.Set<MapEdit>().AsNoTracking().Where(e => e.MapId == id).OrderByDescending(e => e.Version).Take(most).ToListAsync(ct);

    /// <summary>The edits after one version up to another.</summary>
    public async Task<List<MapEdit>> EditsSinceAsync(int id, int since, int until, int most, CancellationToken ct) =>
        (long)until - since > most ? [] : await db.Set<MapEdit>().AsNoTracking().Where(e => e.MapId == id && e.Version > since && e.Version <= until).ToListAsync(ct);

    /// <summary>What of this user's edits can be undone and redone, the latest last.</summary>
    public async Task<(List<EditMark> Done, List<EditMark> Undone)> StacksAsync(int id, Actor by, CancellationToken ct)
    {
        var (kind, user) = (by.Kind, by.Id);
        return Stacks(await db.Set<MapEdit>().Where(e => e.MapId == id && e.ByKind == kind && e.ById == user).OrderBy(e => e.Version).Select(e => new EditMark(e.Version, e.TakesBack)).ToListAsync(ct));
    }

    /// <summary>Makes all changes or none. Where somebody else was quicker, they are made on what he left: only the same field is a conflict.</summary>
    /// <returns>Null where there is no such map.</returns>
    public Task<MapChanged?> ChangeAsync(int id, IReadOnlyList<MapChange> changes, Actor by, CancellationToken ct) => ChangeAsync(id, _ => changes, by, ct);

    /// <summary>Puts another content in its place, as one edit.</summary>
    public Task<MapChanged?> ReplaceAsync(int id, MapContent content, Actor by, CancellationToken ct) => ChangeAsync(id, from => MapEditing.Replacement(from, content), by, ct);

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
        var changed = await ChangeAsync(id, _ => changes, by, ct, takesBack: edit.Version);
        if (changed?.Refusal is not null) await ChangeAsync(id, _ => [], by, ct, takesBack: edit.Version);
        return changed;
    }

    /// <summary>Says which touchpoint of a map the catalogue does not have.</summary>
    public string? UnknownTouchpoint(MapContent content)
    {
        var known = catalogue.Touchpoints.Select(t => t.Id).ToHashSet();
        return content.Steps.FirstOrDefault(s => s.Touchpoint is { } id && !known.Contains(id)) is { } step ? $"The touchpoint {step.Touchpoint} of '{step.Name}' is not in the catalogue." : null;
    }

    private async Task<MapChanged?> ChangeAsync(int id, Func<MapContent, IReadOnlyList<MapChange>> changesOf, Actor by, CancellationToken ct, int? takesBack = null)
    {
        for (var tries = 1; ; tries++)
        {
            if (await db.Set<JourneyMap>().FirstOrDefaultAsync(m => m.Id == id, ct) is not { } map) return null;
            var before = MapContent.Read(map.Content);
            var changes = changesOf(before);
            if (MapEditing.TryMake(before, changes, out var content, out var inverse, isTakingBack: takesBack is not null) is { } refusal) return new MapChanged(map, null, refusal);
            if (UnknownTouchpoint(content) is { } unknown) return new MapChanged(map, null, new MapRefusal(unknown));
            map.Version++;
            (map.Content, map.ChangedUtc, map.ChangedBy) = (content.Write(), DateTime.UtcNow, by.Name);
            db.Add(new MapEdit
            {
                MapId = id,
                Version = map.Version,
                AtUtc = map.ChangedUtc,
                ByKind = by.Kind,
                ById = by.Id,
                By = by.Name,
                Changes = JsonSerializer.Serialize(changes, MapContent.Json),
                Inverse = JsonSerializer.Serialize(inverse, MapContent.Json),
                TakesBack = takesBack,
            });
            try
            {
                await db.SaveChangesAsync(ct);
                watchers.Changed(id, map.Version);
                return new MapChanged(map, content, null);
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                db.ChangeTracker.Clear();
            }
        }
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
