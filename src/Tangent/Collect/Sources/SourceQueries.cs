using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class SourceQueries(TangentDb db, SourceKeys keys, EventLog log, TouchpointRuleQueries rules)
{
    public async Task<IReadOnlyList<Source>> ListAsync(CancellationToken ct) => await All().OrderBy(s => s.Name).ToListAsync(ct);

    public Task<Source?> FindAsync(int id, CancellationToken ct) => All().FirstOrDefaultAsync(s => s.Id == id, ct);

    /// <summary>The source of this name; upper and lower case are the same.</summary>
    public async Task<Source?> FindAsync(string name, CancellationToken ct)
    {
        // There are few, and no database folds the case of every letter alike.
        var all = await ListAsync(ct);
        return all.FirstOrDefault(s => s.Name == name) ?? all.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>Null where the name is taken.</returns>
    public async Task<Source?> AddAsync(string name, SourceKind kind, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is not null) return null;
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

        keys.Set(source);
        return source;
    }

    /// <summary>The source of this name; made with this kind where there is none yet.</summary>
    public async Task<Source> GetOrCreateAsync(string name, SourceKind kind, CancellationToken ct) =>
        await FindAsync(name, ct) ?? await AddAsync(name, kind, ct)
        ?? await FindAsync(name, ct) ?? throw new InvalidOperationException($"The source {name} was removed while it was made.");

    /// <summary>Gives a source another name, also where rules and the history of imports name it.</summary>
    /// <returns>False where the name is taken.</returns>
    public async Task<bool> RenameAsync(Source source, string name, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is { } other && other.Id != source.Id) return false;
        var before = source.Name;
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Name, name), ct);
        await db.Set<Import>().Where(i => i.Source == before).ExecuteUpdateAsync(i => i.SetProperty(x => x.Source, name), ct);
        await rules.RenameSourceAsync(before, name, ct);
        await tx.CommitAsync(ct);
        await ReloadAsync(source.Id, ct);
        return true;
    }

    public async Task PauseAsync(Source source, bool paused, CancellationToken ct)
    {
        await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Paused, paused), ct);
        await ReloadAsync(source.Id, ct);
    }

    public async Task DecideBeforeConsentAsync(Source source, BeforeConsent before, CancellationToken ct)
    {
        await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.BeforeConsent, before), ct);
        await ReloadAsync(source.Id, ct);
    }

    /// <summary>Gives a source a new key; the one it had is taken until <paramref name="validUntilUtc"/>. Keys whose time has run out are let go.</summary>
    public async Task RotateAsync(Source source, DateTime validUntilUtc, DateTime nowUtc, CancellationToken ct)
    {
        var changed = await db.Set<Source>().Include(s => s.RetiringKeys).SingleAsync(s => s.Id == source.Id, ct);
        changed.RetiringKeys.RemoveAll(k => k.ValidUntilUtc <= nowUtc);
        changed.RetiringKeys.Add(new RetiringKey { Key = changed.WriteKey, ValidUntilUtc = validUntilUtc });
        changed.WriteKey = Source.NewKey();
        await db.SaveChangesAsync(ct);
        await ReloadAsync(source.Id, ct);
    }

    /// <returns>False where the source has no such key.</returns>
    public async Task<bool> RevokeAsync(Source source, int key, CancellationToken ct)
    {
        var revoked = await db.Set<RetiringKey>().Where(k => k.SourceId == source.Id && k.Id == key).ExecuteDeleteAsync(ct) > 0;
        if (revoked) await ReloadAsync(source.Id, ct);
        return revoked;
    }

    /// <summary>Removes a source that no event came from, with what was noted of it.</summary>
    /// <returns>False where events came from it, which keep its name.</returns>
    public async Task<bool> RemoveAsync(Source source, CancellationToken ct)
    {
        // Its keys go first: what comes from now on is refused, and the look at the log is the last word.
        keys.Remove(source);
        if (log.Totals.Any(t => t.SourceId == source.Id && t.Events > 0))
        {
            keys.Set(source);
            return false;
        }

        await db.Set<RejectionCount>().Where(r => r.SourceId == source.Id).ExecuteDeleteAsync(ct);
        await db.Set<RejectedEvent>().Where(r => r.SourceId == source.Id).ExecuteDeleteAsync(ct);
        await db.Set<RememberedMapping>().Where(m => m.SourceId == source.Id).ExecuteDeleteAsync(ct);
        await db.Set<Source>().Where(s => s.Id == source.Id).ExecuteDeleteAsync(ct);
        return true;
    }

    private IQueryable<Source> All() => db.Set<Source>().AsNoTracking().Include(s => s.RetiringKeys.OrderBy(k => k.ValidUntilUtc));

    private async Task ReloadAsync(int id, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is { } source) keys.Set(source);
    }
}
