using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>Keeps texts that name segments: conditions, addresses of pages.</summary>
internal interface INameSegments
{
    /// <summary>What people see that names the segment, by name; what others do not see is left out.</summary>
    Task<IReadOnlyList<string>> NamingAsync(string segment, CancellationToken ct);

    /// <summary>Names it anew wherever it is named, in the transaction that is open.</summary>
    Task RenameAsync(string before, string now, CancellationToken ct);
}

internal sealed class SegmentQueries(TangentDb db, SegmentCatalogue catalogue, IServiceProvider services) : IKeepsPersonalData, INameSegments
{
    public string Kind => "segments";

    public IReadOnlyList<Type> Entities => [typeof(Segment)];

    public Task<List<Segment>> ListAsync(CancellationToken ct) => db.Set<Segment>().AsNoTracking().OrderBy(s => s.Name).ToListAsync(ct);

    public Task<Segment?> FindAsync(int id, CancellationToken ct) => db.Set<Segment>().FirstOrDefaultAsync(s => s.Id == id, ct);

    /// <param name="segment">The segment.</param>
    /// <param name="before">Its name until now.</param>
    /// <param name="naming">Who names it: all follow a new name, or nothing is kept.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>False where another segment has the name.</returns>
    public async Task<bool> SaveAsync(Segment segment, string before, IEnumerable<INameSegments> naming, CancellationToken ct)
    {
        // Compared here and not in the database, so that Ä and ä are the same name, as everywhere else.
        var others = await db.Set<Segment>().Where(s => s.Id != segment.Id).Select(s => s.Name).ToListAsync(ct);
        if (others.Contains(segment.Name, StringComparer.OrdinalIgnoreCase)) return false;
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        if (segment.Id == 0) db.Add(segment);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.InnerException is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT })
        {
            // Somebody else was quicker.
            db.ChangeTracker.Clear();
            return false;
        }

        if (before.Length > 0 && before != segment.Name)
            foreach (var one in naming) await one.RenameAsync(before, segment.Name, ct);
        await tx.CommitAsync(ct);
        catalogue.Replace(await ListAsync(CancellationToken.None));
        return true;
    }

    public async Task RemoveAsync(Segment segment, CancellationToken ct)
    {
        db.Remove(segment);
        await db.SaveChangesAsync(ct);
        catalogue.Replace(await ListAsync(CancellationToken.None));
    }

    public async Task<IReadOnlyList<string>> NamingAsync(string segment, CancellationToken ct) =>
        [.. (await ListAsync(ct)).Where(s => s.Lines.Any(line => SegmentCondition.NamesSegment(line, segment))).Select(s => s.Name)];

    public async Task RenameAsync(string before, string now, CancellationToken ct)
    {
        foreach (var segment in (await db.Set<Segment>().ToListAsync(ct)).FindAll(s => s.Lines.Any(line => SegmentCondition.NamesSegment(line, before))))
            segment.Conditions = string.Join('\n', segment.Lines.Select(line => SegmentCondition.NamesSegment(line, before) ? $"{line[..line.IndexOf(':', StringComparison.Ordinal)]}: {now}" : line));
        await db.SaveChangesAsync(ct);
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var segment in await ListAsync(ct))
            if (Names(segment, subject)) yield return new JsonObject { ["segment"] = segment.Name, ["by"] = segment.By, ["changed"] = segment.ChangedUtc };
    }

    /// <summary>Takes an erased customer's ids, addresses and numbers out of conditions, where one that is empty then is of nobody, and out of names, which whatever names them follows.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var all = await db.Set<Segment>().ToListAsync(ct);
        var changed = all.FindAll(s => Names(s, subject));
        if (changed.Count == 0) return;
        var names = all.ConvertAll(s => s.Name);
        await SecureDelete.RunAsync(db, async () =>
        {
            await using var tx = await db.Database.BeginTransactionAsync(ct);
            foreach (var segment in changed)
            {
                segment.Conditions = string.Join('\n', segment.Lines.Select(line => SegmentCondition.Without(line, subject)));
                if (subject.WithoutNames(segment.Name) is var now && now == segment.Name) continue;
                var (before, free) = (segment.Name, now);
                for (var number = 2; names.Contains(free, StringComparer.OrdinalIgnoreCase); number++) free = string.Create(CultureInfo.InvariantCulture, $"{now} {number}");
                segment.Name = free;
                names.Add(free);
                await db.SaveChangesAsync(ct);
                // This one is among them, so they cannot be had when it is made.
                foreach (var one in services.GetServices<INameSegments>()) await one.RenameAsync(before, free, ct);
            }

            await db.SaveChangesAsync(ct);
            await tx.CommitAsync(ct);
        }, ct);
        catalogue.Replace(await ListAsync(ct));
    }

    private static bool Names(Segment segment, DataSubject subject) => subject.AreNamedInProse(segment.Name) || segment.Lines.Any(line => SegmentCondition.Without(line, subject) != line);
}

/// <summary>The segments in memory, for what asks at every question.</summary>
internal sealed class SegmentCatalogue(IServiceScopeFactory scopes) : IHostedService
{
    private volatile IReadOnlyList<Segment> _all = [];

    public IReadOnlyList<Segment> All => _all;

    public Segment? Find(string name) => _all.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    public void Replace(IReadOnlyList<Segment> segments) => _all = segments;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        Replace(await scope.ServiceProvider.GetRequiredService<SegmentQueries>().ListAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
