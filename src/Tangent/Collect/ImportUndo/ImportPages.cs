using System.Text.Json;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Puts together what the pages of imports show.</summary>
internal sealed class ImportPages(ImportQueries imports, RunningImports running, Uploads uploads, EventLog log, Sensitivity sensitivity)
{
    /// <summary>The page, with the report of one import, or with what is wrong.</summary>
    public async Task<IResult> ShowAsync(HttpContext http, int? import, string? problem, CancellationToken ct)
    {
        var report = import is { } id ? await ReportAsync(id, ct) : null;
        var model = new ImportsModel(await LinesAsync(int.MaxValue, int.MaxValue, ct), report, [.. uploads.List().Select(u => (u.Id, u.FileName))], problem);
        return http.Show<ImportsPage>(model, problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, "/collect/imports");
    }

    /// <summary>The report of an import, or how far it is; null where there is none.</summary>
    public async Task<ImportReport?> ReportAsync(int id, CancellationToken ct)
    {
        if (running.Find(id) is { } progress) return Masked(progress.Report());
        if (await imports.FindAsync(id, ct) is not { } import) return null;
        var report = import.Report is { } kept
            ? JsonSerializer.Deserialize<ImportReport>(kept)!
            : new ImportReport(import.Id, ImportState.Interrupted, import.Source, import.FileName, import.DryRun, import.StartedUtc, 0, 0, 0, 0, 0, 0, 0, 0, null, [], null, null);
        // The source may have another name by now.
        return Masked(report with { Source = import.Source, Undone = log.UndoneImports.Contains(id) });
    }

    private ImportReport Masked(ImportReport report)
    {
        var masking = sensitivity.Now;
        return masking.IsNone ? report : report with
        {
            Rejects = [.. report.Rejects.Select(r => r with { Detail = masking.Text(r.Detail) })],
            Samples = report.Samples is { } samples ? [.. samples.Select(s => s with { Event = masking.Json(s.Event) })] : null,
        };
    }

    /// <summary>Lines of the history, the latest first; only those with a lower number than <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<ImportLine>> LinesAsync(int take, int before, CancellationToken ct) =>
        [.. (await imports.ListAsync(take, before, ct)).Select(i => running.Find(i.Id)?.Report() is { } now
            ? new ImportLine(i.Id, i.FileName, i.Source, now.State, i.DryRun, i.StartedUtc, now.Seconds, now.Rows, now.New, now.Duplicates, now.Rejected, false, now.Changed, now.Kind)
            : new ImportLine(i.Id, i.FileName, i.Source, i.EndedUtc is null ? ImportState.Interrupted : i.State, i.DryRun, i.StartedUtc, (i.EndedUtc - i.StartedUtc)?.TotalSeconds,
                i.Rows, i.New, i.Duplicates, i.Rejected, log.UndoneImports.Contains(i.Id), i.Changed, ImportKinds.NameOf(i.Kind)))];
}
