using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

internal sealed class SegmentQueries(TangentDb db, SegmentCatalogue catalogue) : IKeepsPersonalData
{
    public string Kind => "segments";

    public IReadOnlyList<Type> Entities => [typeof(Segment)];

    public Task<List<Segment>> ListAsync(CancellationToken ct) => db.Set<Segment>().AsNoTracking().OrderBy(s => s.Name).ToListAsync(ct);

    public Task<Segment?> FindAsync(int id, CancellationToken ct) => db.Set<Segment>().FirstOrDefaultAsync(s => s.Id == id, ct);

    /// <returns>False where another segment has the name.</returns>
    public async Task<bool> SaveAsync(Segment segment, CancellationToken ct)
    {
        if (await db.Set<Segment>().AnyAsync(s => s.Name == segment.Name && s.Id != segment.Id, ct)) return false;
        if (segment.Id == 0) db.Add(segment);
        await db.SaveChangesAsync(ct);
        catalogue.Replace(await ListAsync(CancellationToken.None));
        return true;
    }

    public async Task RemoveAsync(Segment segment, CancellationToken ct)
    {
        db.Remove(segment);
        await db.SaveChangesAsync(ct);
        catalogue.Replace(await ListAsync(CancellationToken.None));
    }

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        var ids = ErasureRecord.Ids(subject.Identifiers).ToHashSet(StringComparer.Ordinal);
        foreach (var segment in await ListAsync(ct))
            if (segment.Lines.Any(line => Without(line, ids) != line)) yield return new JsonObject { ["segment"] = segment.Name, ["by"] = segment.By, ["changed"] = segment.ChangedUtc };
    }

    /// <summary>Takes an erased customer's ids out of fixed lists; a list that is empty then is of nobody.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        var ids = ErasureRecord.Ids(subject.Identifiers).ToHashSet(StringComparer.Ordinal);
        var changed = (await db.Set<Segment>().ToListAsync(ct)).FindAll(s => s.Lines.Any(line => Without(line, ids) != line));
        if (changed.Count == 0) return;
        foreach (var segment in changed) segment.Conditions = string.Join('\n', segment.Lines.Select(line => Without(line, ids)));
        await SecureDelete.RunAsync(db, () => db.SaveChangesAsync(ct), ct);
        catalogue.Replace(await ListAsync(ct));
    }

    private static string Without(string line, HashSet<string> ids)
    {
        if (SegmentCondition.Read(line).Answer is not { Kind: SegmentConditionKind.Customers } list || !list.Parts.Any(ids.Contains)) return line;
        return (list.Not ? "not customers: " : "customers: ") + (list.Parts.Where(p => !ids.Contains(p)).ToList() is { Count: > 0 } left ? string.Join(", ", left) : "\"\"");
    }
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
