using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

internal sealed class TouchpointQueries(TangentDb db, TouchpointCatalogue catalogue)
{
    public IReadOnlyList<Touchpoint> Catalogue => catalogue.Touchpoints;

    /// <summary>Those that were merged into another one stand with it.</summary>
    public async Task<List<Touchpoint>> ListAsync(CancellationToken ct)
    {
        var all = await db.Set<Touchpoint>().AsNoTracking().OrderBy(t => t.Stage).ThenBy(t => t.Name).ToListAsync(ct);
        var merged = all.Where(t => t.MergedInto is not null).ToLookup(t => t.MergedInto!.Value, t => new MergedTouchpoint(t.Id, t.Name));
        foreach (var touchpoint in all) touchpoint.Merged = [.. merged[touchpoint.Id]];
        return all.FindAll(t => t.MergedInto is null);
    }

    /// <summary>The touchpoint of a number, or the one it was merged into.</summary>
    public async Task<Touchpoint?> FindAsync(int id, CancellationToken ct)
    {
        var found = await db.Set<Touchpoint>().AsNoTracking().FirstOrDefaultAsync(t => t.Id == id, ct);
        if (found?.MergedInto is { } into) found = await db.Set<Touchpoint>().AsNoTracking().FirstOrDefaultAsync(t => t.Id == into, ct);
        if (found is not null) found.Merged = await db.Set<Touchpoint>().Where(t => t.MergedInto == found.Id).OrderBy(t => t.Name).Select(t => new MergedTouchpoint(t.Id, t.Name)).ToListAsync(ct);
        return found;
    }

    /// <summary>Whether another touchpoint has the name, or one that was merged into another one.</summary>
    public async Task<bool> NameIsTakenAsync(string name, int exceptId, CancellationToken ct)
    {
        // Compared here and not in the database, so that Ä and ä are the same name on every database.
        var names = await db.Set<Touchpoint>().Where(t => t.Id != exceptId && (t.MergedInto == null || t.MergedInto != exceptId)).Select(t => t.Name).ToListAsync(ct);
        return names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    public async Task AddAsync(IEnumerable<Touchpoint> touchpoints, CancellationToken ct)
    {
        db.AddRange(touchpoints);
        await db.SaveChangesAsync(ct);
        await ReloadAsync(ct);
    }

    public async Task UpdateAsync(Touchpoint touchpoint, CancellationToken ct)
    {
        await using (var tx = await db.Database.BeginTransactionAsync(ct))
        {
            if (touchpoint.Merged.FirstOrDefault(m => string.Equals(m.Name, touchpoint.Name, StringComparison.OrdinalIgnoreCase)) is { } former) await SwapNamesAsync(touchpoint.Id, former, ct);
            // Somebody may have merged it since it was read.
            db.Update(touchpoint).Property(t => t.MergedInto).IsModified = false;
            await db.SaveChangesAsync(ct);
            await tx.CommitAsync(ct);
        }

        await ReloadAsync(ct);
    }

    public async Task ReloadAsync(CancellationToken ct) => catalogue.Replace(await ListAsync(ct));

    /// <summary>A touchpoint takes the name of one that was merged into it: that one keeps the name it had so far.</summary>
    private async Task SwapNamesAsync(int id, MergedTouchpoint former, CancellationToken ct)
    {
        var name = await db.Set<Touchpoint>().Where(t => t.Id == id).Select(t => t.Name).FirstAsync(ct);
        // A name stands once: no touchpoint has one with a control character.
        await db.Set<Touchpoint>().Where(t => t.Id == id).ExecuteUpdateAsync(t => t.SetProperty(x => x.Name, name + "\n"), ct);
        await db.Set<Touchpoint>().Where(t => t.Id == former.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.Name, name), ct);
    }
}
