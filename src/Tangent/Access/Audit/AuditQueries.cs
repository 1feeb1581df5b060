using System.Globalization;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Access;

/// <summary>Which entries of the audit log are asked for.</summary>
/// <param name="Actor">Part of the name of who did it.</param>
/// <param name="Route">Part of the address.</param>
/// <param name="FromUtc">At or after.</param>
/// <param name="ToUtc">Before.</param>
internal sealed record AuditFilter(string? Actor, string? Route, AuditKind? Kind, DateTime? FromUtc, DateTime? ToUtc);

internal sealed class AuditQueries(TangentDb db) : IKeepsPersonalData
{
    private const int DeletedAtOnce = 10_000;
    private const int MostInAQuery = 50;

    public string Kind => "audit";

    public IReadOnlyList<Type> Entities => [typeof(AuditEntry)];

    public bool Ages => true;

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

    /// <summary>Who looked at the customer or changed something of theirs, under whichever number the customer had.</summary>
    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        var given = new HashSet<long>();
        foreach (var numbers in subject.Numbers.Chunk(MostInAQuery))
        {
            var targets = numbers.SelectMany(n => new[] { string.Create(CultureInfo.InvariantCulture, $"number={n}"), string.Create(CultureInfo.InvariantCulture, $"{AuditEntry.Customer}{n}") }).ToHashSet(StringComparer.Ordinal);
            await foreach (var entry in db.Set<AuditEntry>().AsNoTracking().Where(HaveAnyOf(targets)).OrderBy(e => e.Id).AsAsyncEnumerable().WithCancellation(ct))
                if (entry.Target.Split(", ").Any(t => targets.Contains(t) && (t.StartsWith(AuditEntry.Customer, StringComparison.Ordinal) || entry.Route.Contains("/customers/", StringComparison.Ordinal))) && given.Add(entry.Id))
                    yield return new JsonObject { ["at"] = entry.AtUtc, ["by"] = entry.Actor, ["kind"] = entry.Kind.ToString(), ["address"] = entry.Route, ["method"] = entry.Method };
        }
    }

    private static Expression<Func<AuditEntry, bool>> HaveAnyOf(IEnumerable<string> targets)
    {
        var entry = Expression.Parameter(typeof(AuditEntry), "e");
        Expression any = Expression.Constant(false);
        foreach (var target in targets) any = Expression.OrElse(any, Expression.Call(Expression.Property(entry, nameof(AuditEntry.Target)), nameof(string.Contains), null, Expression.Constant(target)));
        return Expression.Lambda<Func<AuditEntry, bool>>(any, entry);
    }

    /// <summary>It names customers by their numbers alone, and nobody else ever gets the number of one who was erased.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => Task.CompletedTask;

    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        var old = db.Set<AuditEntry>().Where(e => e.AtUtc < beforeUtc);
        var count = await old.LongCountAsync(ct);
        if (onlyCount || count == 0) return count;
        // Some at a time: every request that changes or looks at something writes here and waits.
        for (var left = count; left > 0; left -= DeletedAtOnce)
        {
            await SecureDelete.RunAsync(db, async () =>
            {
                await using var tx = await db.Database.BeginTransactionAsync(ct);
                // The database lets entries go only in a transaction that says up to when.
                await db.Database.ExecuteSqlAsync($"""INSERT INTO "audit_retention" ("BeforeUtc") VALUES ({beforeUtc})""", ct);
                await old.OrderBy(e => e.AtUtc).Take(DeletedAtOnce).ExecuteDeleteAsync(ct);
                await db.Set<AuditRetention>().ExecuteDeleteAsync(ct);
                await tx.CommitAsync(ct);
            }, ct);
        }

        return count;
    }

    public Task<DateTime?> OldestAsync(CancellationToken ct) => db.Set<AuditEntry>().MinAsync(e => (DateTime?)e.AtUtc, ct);

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
