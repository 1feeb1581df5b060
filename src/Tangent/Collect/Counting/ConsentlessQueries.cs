using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class ConsentlessQueries(TangentDb db)
{
    /// <summary>Adds to what is there, all or none.</summary>
    public async Task AddAsync(IReadOnlyCollection<ConsentlessCount> counts, CancellationToken ct)
    {
        await using var tx = await db.Database.BeginTransactionAsync(ct);
        foreach (var c in counts)
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO "consentless_counts" ("Day", "SourceId", "Event", "Channel", "Path", "Campaign", "Count") VALUES ({c.Day}, {c.SourceId}, {c.Event}, {c.Channel}, {c.Path}, {c.Campaign}, {c.Count})
                ON CONFLICT ("Day", "SourceId", "Event", "Channel", "Path", "Campaign") DO UPDATE SET "Count" = "consentless_counts"."Count" + excluded."Count"
                """, ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>The counts of a period by what was counted, days put together.</summary>
    public Task<List<ConsentlessCount>> SumsAsync(DateOnly? from, DateOnly? to, CancellationToken ct) => Between(from, to)
        .GroupBy(c => new { c.SourceId, c.Event, c.Channel, c.Path, c.Campaign })
        .Select(g => new ConsentlessCount { Day = g.Min(c => c.Day), SourceId = g.Key.SourceId, Event = g.Key.Event, Channel = g.Key.Channel, Path = g.Key.Path, Campaign = g.Key.Campaign, Count = g.Sum(c => c.Count) }).ToListAsync(ct);

    private IQueryable<ConsentlessCount> Between(DateOnly? from, DateOnly? to)
    {
        var counts = db.Set<ConsentlessCount>().AsNoTracking();
        if (from is { } first) counts = counts.Where(c => c.Day >= first);
        return to is { } last ? counts.Where(c => c.Day <= last) : counts;
    }
}
