using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

internal sealed class ApiKeyQueries(TangentDb db)
{
    private static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(1);

    public Task<List<ApiKey>> ListAsync(CancellationToken ct) => db.Set<ApiKey>().AsNoTracking().OrderByDescending(k => k.CreatedUtc).ToListAsync(ct);

    public async Task AddAsync(ApiKey key, CancellationToken ct)
    {
        db.Add(key);
        await db.SaveChangesAsync(ct);
    }

    /// <returns>False where there is no such key, or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(Guid id, CancellationToken ct)
    {
        DateTime? now = DateTime.UtcNow;
        return await db.Set<ApiKey>().Where(k => k.Id == id && k.RevokedUtc == null).ExecuteUpdateAsync(s => s.SetProperty(k => k.RevokedUtc, now), ct) == 1;
    }

    /// <summary>The key of a secret, as long as it works; that it was used is noted to the minute.</summary>
    public async Task<ApiKey?> UseAsync(string secret, CancellationToken ct)
    {
        var hash = ApiKey.HashOf(secret);
        var now = DateTime.UtcNow;
        var key = await db.Set<ApiKey>().AsNoTracking().FirstOrDefaultAsync(k => k.Hash == hash && k.RevokedUtc == null && (k.ExpiresUtc == null || k.ExpiresUtc > now), ct);
        if (key is not null && (key.LastUsedUtc is null || now - key.LastUsedUtc > NotedEvery))
            await db.Set<ApiKey>().Where(k => k.Id == key.Id).ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedUtc, (DateTime?)now), ct);
        return key;
    }
}
