using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tangent.Data;

namespace Tangent.Collect;

internal sealed class ImportQueries(TangentDb db, EventLog log)
{
    public async Task<Import> BeginAsync(ImportRequest request, CancellationToken ct)
    {
        var import = new Import { Source = request.SourceName(), FileName = request.FileName, DryRun = request.DryRun, StartedUtc = DateTime.UtcNow, Kind = request.Kind ?? ImportKind.Events };
        // A number that the log knows is never given again, also where the database was lost: undoing one import must not meet another.
        var known = log.LastImport;
        if (known > 0 && await db.Set<Import>().AllAsync(i => i.Id < known, ct)) import.Id = known + 1;
        db.Add(import);
        await db.SaveChangesAsync(ct);
        return import;
    }

    public async Task EndAsync(Import import, ImportReport report)
    {
        var text = JsonSerializer.Serialize(report);
        // Not by tracking: adding the source in between may have let go of it. Also where the caller has gone: the history must say how it ended.
        await db.Set<Import>().Where(i => i.Id == import.Id).ExecuteUpdateAsync(i => i
            .SetProperty(x => x.EndedUtc, DateTime.UtcNow).SetProperty(x => x.State, report.State).SetProperty(x => x.Report, text)
            .SetProperty(x => x.Rows, report.Rows).SetProperty(x => x.New, report.New).SetProperty(x => x.Changed, report.Changed).SetProperty(x => x.Kind, import.Kind).SetProperty(x => x.Source, import.Source)
            .SetProperty(x => x.Duplicates, report.Duplicates).SetProperty(x => x.Rejected, report.Rejected), CancellationToken.None);
    }

    /// <summary>All kept reports.</summary>
    public async Task<List<ImportReport>> ReportsAsync(CancellationToken ct) =>
        (await db.Set<Import>().Where(i => i.Report != null).OrderBy(i => i.Id).Select(i => i.Report!).ToListAsync(ct)).ConvertAll(r => JsonSerializer.Deserialize<ImportReport>(r)!);

    /// <summary>Rewrites the reports of imports that ended before a moment.</summary>
    /// <param name="beforeUtc">The moment.</param>
    /// <param name="rewrite">The new report; null where it stays.</param>
    /// <param name="onlyCount">Nothing is rewritten.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>How many reports it concerns.</returns>
    public async Task<long> AgeOutAsync(DateTime beforeUtc, Func<ImportReport, ImportReport?> rewrite, bool onlyCount, CancellationToken ct)
    {
        var old = await db.Set<Import>().Where(i => i.Report != null && i.EndedUtc < beforeUtc).Select(i => i.Report!).ToListAsync(ct);
        var concerned = old.Select(r => JsonSerializer.Deserialize<ImportReport>(r)!).Where(r => rewrite(r) is not null).Select(r => r.ImportId).ToHashSet();
        if (!onlyCount && concerned.Count > 0) await EraseAsync(report => concerned.Contains(report.ImportId) ? rewrite(report) : null, ct);
        return concerned.Count;
    }

    /// <summary>When the first import ended whose report is such a one; null where there is none.</summary>
    public async Task<DateTime?> OldestAsync(Predicate<ImportReport> fits, CancellationToken ct)
    {
        await foreach (var import in db.Set<Import>().Where(i => i.Report != null && i.EndedUtc != null).OrderBy(i => i.EndedUtc).Select(i => new { i.EndedUtc, i.Report }).AsAsyncEnumerable().WithCancellation(ct))
            if (fits(JsonSerializer.Deserialize<ImportReport>(import.Report!)!)) return import.EndedUtc;
        return null;
    }

    /// <summary>Rewrites kept reports, so that the former ones are in no file of the database afterwards.</summary>
    /// <param name="rewrite">The new report; null where it stays.</param>
    public Task EraseAsync(Func<ImportReport, ImportReport?> rewrite, CancellationToken ct) => SecureDelete.RunAsync(db, async () =>
    {
        foreach (var id in await db.Set<Import>().Where(i => i.Report != null).Select(i => i.Id).ToListAsync(ct))
        {
            var report = await db.Set<Import>().Where(i => i.Id == id).Select(i => i.Report).FirstAsync(ct);
            if (rewrite(JsonSerializer.Deserialize<ImportReport>(report!)!) is not { } rewritten) continue;
            var text = JsonSerializer.Serialize(rewritten);
            await db.Set<Import>().Where(i => i.Id == id).ExecuteUpdateAsync(i => i.SetProperty(x => x.Report, text), ct);
        }
    }, ct);

    /// <summary>The latest first, without their reports.</summary>
    /// <param name="before">Only those with a lower number.</param>
    public async Task<IReadOnlyList<Import>> ListAsync(int take, int before, CancellationToken ct) =>
        await db.Set<Import>().Where(i => i.Id < before).OrderByDescending(i => i.Id).Take(take).Select(i => new Import
        {
            Id = i.Id,
            Source = i.Source,
            FileName = i.FileName,
            DryRun = i.DryRun,
            Kind = i.Kind,
            Changed = i.Changed,
            StartedUtc = i.StartedUtc,
            EndedUtc = i.EndedUtc,
            State = i.State,
            Rows = i.Rows,
            New = i.New,
            Duplicates = i.Duplicates,
            Rejected = i.Rejected,
        }).ToListAsync(ct);

    public Task<Import?> FindAsync(int id, CancellationToken ct) =>
        db.Set<Import>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == id, ct);

    public async Task<ImportMapping> MappingAsync(int sourceId, ImportKind kind, CancellationToken ct)
    {
        var columns = await db.Set<RememberedMapping>().Where(m => m.SourceId == sourceId && m.Kind == kind).Select(m => m.Columns).FirstOrDefaultAsync(ct);
        return new ImportMapping(columns is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(columns)!, kind);
    }

    public async Task RememberAsync(int sourceId, ImportMapping mapping, CancellationToken ct)
    {
        var columns = JsonSerializer.Serialize(mapping.Columns);
        var remembered = await db.Set<RememberedMapping>().FirstOrDefaultAsync(m => m.SourceId == sourceId && m.Kind == mapping.Kind, ct);
        if (remembered is null) db.Add(new RememberedMapping { SourceId = sourceId, Kind = mapping.Kind, Columns = columns });
        else remembered.Columns = columns;
        await db.SaveChangesAsync(ct);
    }
}
