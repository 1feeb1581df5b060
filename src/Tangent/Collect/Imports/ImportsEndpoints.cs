using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Data;
using Tangent.Web;

namespace Tangent.Collect;

/// <param name="History">Imports, the latest first.</param>
/// <param name="Shown">The one whose report is shown.</param>
/// <param name="Waiting">Files that were sent and not imported: number and name.</param>
/// <param name="Problem">Why the form was not taken.</param>
public sealed record ImportsModel(IReadOnlyList<ImportLine> History, ImportReport? Shown, IReadOnlyList<(string Id, string Name)> Waiting, string? Problem = null);

/// <summary>One line of the history.</summary>
public sealed record ImportLine(int ImportId, string FileName, string Source, ImportState State, bool DryRun, DateTime StartedUtc, double? Seconds, long Rows, long New, long Duplicates, long Rejected, bool Undone, long Changed = 0, string Kind = "events");

/// <param name="Items">The latest first.</param>
/// <param name="Next">Cursor of the next page; null where this is the last.</param>
public sealed record ImportsView(IReadOnlyList<ImportLine> Items, string? Next);

internal static class ImportsEndpoints
{
    private const string Api = "/api/v1/collect/imports";
    private const string PagePath = "/collect/imports";

    public static void MapImports(this WebApplication app)
    {
        app.MapPost(Api, ImportAsync).RequireAuthorization(Rights.Edit).WithTags("Collect").Produces<ImportReport>().ProducesProblem(503)
            .WithSummary("Imports the file that is the body: CSV, XES, JSON lines or vCards, each also packed with gzip.");
        app.MapGet(Api, ListAsync).WithTags("Collect").Produces<ImportsView>().WithSummary("Imports, the latest first.");
        app.MapGet(Api + "/{id:int}", FindAsync).LooksAtCustomer().WithTags("Collect").Produces<ImportReport>().WithSummary("One import: its report, or how far it is.");
        app.MapGet(Api + "/{id:int}/rejects", Rejects).RequireAuthorization(Rights.Edit).LooksAtCustomer().WithTags("Collect").Produces<string>(contentType: "text/csv").WithSummary("The rejected rows of an import as CSV.");
        app.MapGet(PagePath, ShowAsync).ExcludeFromDescription();
        app.MapGet(PagePath + "/{id:int}/report", ReportAsync).LooksAtCustomer().ExcludeFromDescription();
    }

    private static async Task<IResult> ImportAsync(
        HttpContext http, ImportRun run, string? fileName, string? format, string? source, string? lifecycle, bool? dryRun, [FromQuery] string[]? map, string? kind, string? preset, string? dates, CancellationToken ct)
    {
        ImportUpload.AllowLargeBody(http);
        if (KindProblem(kind, preset) is { } unknown) return Problems.Invalid(unknown.Field, unknown.Detail);
        var request = new ImportRequest(fileName ?? "", format, source, lifecycle, dryRun ?? false, map ?? [], ImportKinds.Find(kind), preset, dates);
        if (Check(request, out var mapping) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        try
        {
            var report = await run.RunAsync(request, FileReading.FormatOf(format), mapping, http.Request.Body, ct);
            return report.State == ImportState.Refused ? Problems.Invalid("file", report.Problem!) : TypedResults.Ok(report);
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, title: "The file did not arrive whole.", statusCode: e.StatusCode);
        }
        catch (IOException e) when (!ct.IsCancellationRequested)
        {
            return Unavailable(e);
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, ImportPages imports, int? take, string? cursor, CancellationToken ct)
    {
        if (CursorPage.Read(http, 50, out var refused) is not { } page) return refused!;
        var before = page.After is { } after ? int.Parse(after, CultureInfo.InvariantCulture) : int.MaxValue;
        var (items, end) = page.Cut(await imports.LinesAsync(page.Take + 1, before, ct), i => i.ImportId.ToString(CultureInfo.InvariantCulture));
        return TypedResults.Ok(new ImportsView(items, CursorPage.Next(http, end)));
    }

    private static async Task<IResult> FindAsync(ImportPages imports, int id, CancellationToken ct) =>
        await imports.ReportAsync(id, ct) is { } report ? TypedResults.Ok(report) : Problems.NotFound($"There is no import {id}.");

    private static IResult Rejects(DataFolder folder, int id)
    {
        var path = ImportRun.RejectsPath(folder, id);
        return File.Exists(path) ? TypedResults.PhysicalFile(path, "text/csv; charset=utf-8", $"rejects-{id}.csv") : Problems.NotFound($"Import {id} had no rejected rows.");
    }

    private static Task<IResult> ShowAsync(HttpContext http, ImportPages pages, int? import, CancellationToken ct) => pages.ShowAsync(http, import, null, ct);

    /// <summary>The report alone, for a page that shows how far an import is.</summary>
    private static async Task<IResult> ReportAsync(HttpContext http, ImportPages pages, int id, CancellationToken ct) =>
        await pages.ReportAsync(id, ct) is { } report ? http.Show<ImportReportView>(report) : TypedResults.NotFound();

    /// <returns>Which of both names nothing that there is.</returns>
    public static Refusal? KindProblem(string? kind, string? preset)
    {
        if (!string.IsNullOrEmpty(kind) && ImportKinds.Find(kind) is null) return new Refusal("kind", $"'{kind}' is no kind of file; use {string.Join(", ", ImportKinds.All.Select(ImportKinds.NameOf))}, or leave it out.");
        return string.IsNullOrEmpty(preset) || preset == "none" || Preset.Programs.Contains(preset.ToLowerInvariant()) ? null
            : new Refusal("preset", $"'{preset}' is no preset; use {string.Join(", ", Preset.Programs)} or none, or leave it out.");
    }

    public static Refusal? Check(ImportRequest request, out ImportMapping mapping)
    {
        var (parsed, error) = ImportMapping.Parse(request.Map, request.Kind ?? ImportKind.Events);
        mapping = parsed ?? ImportMapping.Empty;
        if (error is not null) return new Refusal("map", error);
        if (!string.IsNullOrEmpty(request.Format) && FileReading.FormatOf(request.Format) is null) return new Refusal("format", $"'{request.Format}' is no format; use csv, xes, jsonl or vcard, or leave it out.");
        if (request.Dates is not (null or "" or ImportRequest.DayFirst or ImportRequest.MonthFirst)) return new Refusal("dates", $"'{request.Dates}' is no order of dates; use {ImportRequest.DayFirst} or {ImportRequest.MonthFirst}, or leave it out.");
        if (request.Lifecycle is not (null or "" or "complete" or "all")) return new Refusal("lifecycle", $"'{request.Lifecycle}' is no choice of life-cycle transitions; use complete or all.");
        return Source.NameProblem(request.SourceName()) is { } problem ? new Refusal("source", problem) : null;
    }

    private static ProblemHttpResult Unavailable(IOException e) =>
        TypedResults.Problem($"{e.Message} What was taken before stays; import the same file again when this is mended.", title: "The file cannot be taken now.", statusCode: StatusCodes.Status503ServiceUnavailable);
}
