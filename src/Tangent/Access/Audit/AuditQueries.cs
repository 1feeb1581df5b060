using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

/// <summary>Which entries of the audit log are asked for.</summary>
/// <param name="Actor">Part of the name of who did it.</param>
/// <param name="Route">Part of the address.</param>
/// <param name="FromUtc">At or after.</param>
/// <param name="ToUtc">Before.</param>
internal sealed record AuditFilter(string? Actor, string? Route, AuditKind? Kind, DateTime? FromUtc, DateTime? ToUtc);

internal sealed class AuditQueries(TangentDb db)
{
    public async Task AddAsync(AuditEntry entry, CancellationToken ct)
    {
        db.Add(entry);
        await db.SaveChangesAsync(ct);
    }

    public Task<int> CountAsync(AuditFilter filter, CancellationToken ct) => Of(filter).CountAsync(ct);

    /// <summary>The latest first; only those with a lower number than <paramref name="before"/>.</summary>
    public Task<List<AuditEntry>> ListAsync(AuditFilter filter, long before, int skip, int take, CancellationToken ct) =>
        Of(filter).Where(e => e.Id < before).OrderByDescending(e => e.Id).Skip(skip).Take(take).ToListAsync(ct);

    /// <summary>All of them, the latest first, read while they are written out.</summary>
    public IAsyncEnumerable<AuditEntry> Read(AuditFilter filter) => Of(filter).OrderByDescending(e => e.Id).AsAsyncEnumerable();

    private IQueryable<AuditEntry> Of(AuditFilter filter)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        if (filter.Kind is { } kind) entries = entries.Where(e => e.Kind == kind);
        if (filter.FromUtc is { } from) entries = entries.Where(e => e.AtUtc >= from);
        if (filter.ToUtc is { } to) entries = entries.Where(e => e.AtUtc < to);
        if (!string.IsNullOrEmpty(filter.Actor)) entries = entries.Where(e => EF.Functions.Like(e.Actor, "%" + Escaped(filter.Actor) + "%", "\\"));
        if (!string.IsNullOrEmpty(filter.Route)) entries = entries.Where(e => EF.Functions.Like(e.Route, "%" + Escaped(filter.Route) + "%", "\\"));
        return entries;
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
