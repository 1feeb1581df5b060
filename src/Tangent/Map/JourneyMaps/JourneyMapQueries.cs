using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Map;

/// <summary>What came of changes: the map as it is now, or why it was left as it was.</summary>
internal sealed record MapChanged(JourneyMap? Map, MapContent? Content, MapRefusal? Refusal);

internal sealed class JourneyMapQueries(TangentDb db)
{
    private const int MostEdits = 500, Tries = 20;

    /// <summary>All maps without their content.</summary>
    public Task<List<JourneyMap>> ListAsync(CancellationToken ct) => db.Set<JourneyMap>().AsNoTracking().OrderBy(m => m.Name).ThenBy(m => m.State).ToListAsync(ct);

    public Task<JourneyMap?> FindAsync(int id, CancellationToken ct) => db.Set<JourneyMap>().AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, ct);

    /// <summary>The map of a name and state; upper and lower case are the same.</summary>
    public async Task<JourneyMap?> NamedAsync(string name, MapState state, CancellationToken ct)
    {
        // Compared here and not in the database, so that Ä and ä are the same name on every database.
        var names = await db.Set<JourneyMap>().Where(m => m.State == state).Select(m => new { m.Id, m.Name }).ToListAsync(ct);
        return names.Find(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase)) is { } same ? await FindAsync(same.Id, ct) : null;
    }

    public async Task<JourneyMap> AddAsync(string name, MapState state, MapContent content, Actor by, CancellationToken ct)
    {
        var map = new JourneyMap { Name = name, State = state, Content = content.Write(), ChangedUtc = DateTime.UtcNow, ChangedBy = by.Name };
        db.Add(map);
        await db.SaveChangesAsync(ct);
        return map;
    }

    public async Task RenameAsync(JourneyMap map, string name, MapState state, Actor by, CancellationToken ct) =>
        await db.Set<JourneyMap>().Where(m => m.Id == map.Id)
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.Name, name).SetProperty(x => x.State, state).SetProperty(x => x.ChangedUtc, DateTime.UtcNow).SetProperty(x => x.ChangedBy, by.Name), ct);

    public async Task RemoveAsync(int id, CancellationToken ct)
    {
        await db.Set<MapEdit>().Where(e => e.MapId == id).ExecuteDeleteAsync(ct);
        await db.Set<JourneyMap>().Where(m => m.Id == id).ExecuteDeleteAsync(ct);
    }

    /// <summary>The last edits, the latest first.</summary>
    public Task<List<MapEdit>> EditsAsync(int id, CancellationToken ct) =>
        db.Set<MapEdit>().AsNoTracking().Where(e => e.MapId == id).OrderByDescending(e => e.Version).Take(MostEdits).ToListAsync(ct);

    /// <summary>Makes all changes or none. Where somebody else was quicker, they are made on what he left: only the same field is a conflict.</summary>
    /// <returns>Null where there is no such map.</returns>
    public async Task<MapChanged?> ChangeAsync(int id, IReadOnlyList<MapChange> changes, Actor by, CancellationToken ct, int? takesBack = null)
    {
        for (var tries = 1; ; tries++)
        {
            if (await db.Set<JourneyMap>().FirstOrDefaultAsync(m => m.Id == id, ct) is not { } map) return null;
            if (MapEditing.TryMake(MapContent.Read(map.Content), changes, out var content, out var inverse) is { } refusal) return new MapChanged(map, null, refusal);
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
                return new MapChanged(map, content, null);
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>Puts another content in its place, as one edit.</summary>
    public async Task ReplaceAsync(int id, MapContent content, Actor by, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } map) return;
        await ChangeAsync(id, MapEditing.Replacement(MapContent.Read(map.Content), content), by, ct);
    }

    /// <summary>Takes back the last edit of this user that was not taken back yet, or what was taken back last.</summary>
    /// <param name="id">The map.</param>
    /// <param name="redo">Take back the taking back.</param>
    /// <param name="by">Whose edits.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>Null where there is no such map, or nothing to take back.</returns>
    public async Task<MapChanged?> TakeBackAsync(int id, bool redo, Actor by, CancellationToken ct)
    {
        var own = (await EditsAsync(id, ct)).Where(e => e.ByKind == by.Kind && e.ById == by.Id).Reverse().ToList();
        var (done, undone) = Stacks(own);
        if ((redo ? undone : done).LastOrDefault() is not { } edit) return null;
        return await ChangeAsync(id, JsonSerializer.Deserialize<List<MapChange>>(edit.Inverse, MapContent.Json)!, by, ct, takesBack: edit.Version);
    }

    /// <summary>What can be undone and redone, the latest last. A new edit ends what could be redone.</summary>
    internal static (List<MapEdit> Done, List<MapEdit> Undone) Stacks(IEnumerable<MapEdit> edits)
    {
        var (done, undone) = (new List<MapEdit>(), new List<MapEdit>());
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
