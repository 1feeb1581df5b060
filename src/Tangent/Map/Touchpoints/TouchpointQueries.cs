using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Map;

internal sealed class TouchpointQueries(TangentDb db, TouchpointCatalogue catalogue)
{
    public IReadOnlyList<Touchpoint> Catalogue => catalogue.Touchpoints;

    public Task<List<Touchpoint>> ListAsync(CancellationToken ct) =>
        db.Set<Touchpoint>().AsNoTracking().OrderBy(t => t.Stage).ThenBy(t => t.Name).ToListAsync(ct);

    public Task<Touchpoint?> FindAsync(int id, CancellationToken ct) =>
        db.Set<Touchpoint>().AsNoTracking().FirstOrDefaultAsync(t => t.Id == id, ct);

    public async Task<bool> NameIsTakenAsync(string name, int exceptId, CancellationToken ct)
    {
        // Compared here and not in the database, so that Ä and ä are the same name on every database.
        var names = await db.Set<Touchpoint>().Where(t => t.Id != exceptId).Select(t => t.Name).ToListAsync(ct);
        return names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    public async Task AddAsync(IEnumerable<Touchpoint> touchpoints, CancellationToken ct)
    {
        db.AddRange(touchpoints);
        await SaveAsync(ct);
    }

    public async Task UpdateAsync(Touchpoint touchpoint, CancellationToken ct)
    {
        db.Update(touchpoint);
        await SaveAsync(ct);
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        catalogue.Replace(await ListAsync(ct));
    }
}
