using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class SourceQueries(TangentDb db, SourceKeys keys, EventLog log)
{
    public async Task<IReadOnlyList<Source>> ListAsync(CancellationToken ct) =>
        await db.Set<Source>().AsNoTracking().OrderBy(s => s.Name).ToListAsync(ct);

    public Task<Source?> FindAsync(int id, CancellationToken ct) =>
        db.Set<Source>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct);

    public Task<Source?> FindAsync(string name, CancellationToken ct) =>
        db.Set<Source>().AsNoTracking().FirstOrDefaultAsync(s => s.Name == name, ct);

    /// <returns>Null where the name is taken.</returns>
    public async Task<Source?> AddAsync(string name, SourceKind kind, CancellationToken ct)
    {
        var source = new Source { Name = name, Kind = kind };
        // A number that the log knows is never given again, also where the database was lost: events keep the source they came from.
        var known = log.Totals.Select(t => t.SourceId).DefaultIfEmpty().Max();
        if (known > 0 && await db.Set<Source>().AllAsync(s => s.Id < known, ct)) source.Id = known + 1;
        db.Add(source);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT })
        {
            return null;
        }
        finally
        {
            db.Entry(source).State = EntityState.Detached;
        }

        keys.Add(source);
        return source;
    }

    /// <summary>The source of this name; made with this kind where there is none yet.</summary>
    public async Task<Source> GetOrCreateAsync(string name, SourceKind kind, CancellationToken ct) =>
        await FindAsync(name, ct) ?? await AddAsync(name, kind, ct)
        ?? await FindAsync(name, ct) ?? throw new InvalidOperationException($"The source {name} was removed while it was made.");
}
