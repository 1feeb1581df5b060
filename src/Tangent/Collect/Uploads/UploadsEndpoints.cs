using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

/// <param name="Source">Name of the source; that of the file where empty.</param>
/// <param name="Format">csv, xes, jsonl or vcard; by content where empty.</param>
/// <param name="Lifecycle">complete or all.</param>
/// <param name="Map">Settings FIELD=COLUMN; -COLUMN=COLUMN leaves a column out.</param>
/// <param name="DryRun">Only look, take nothing.</param>
/// <param name="Kind">events, persons, companies, orders, invoices, tickets, deals, subscriptions, consents, merges, activities or feedback; found out where empty.</param>
/// <param name="Preset">Whose export it is; found out where empty, none for nobody's.</param>
/// <param name="Dates">day-first or month-first, for dates that all rows leave open.</param>
internal sealed record ImportOrder(string? Source, string? Format, string? Lifecycle, IReadOnlyList<string>? Map, bool DryRun, string? Kind = null, string? Preset = null, string? Dates = null);

/// <param name="ImportId">Number of the import; GET /api/v1/collect/imports/{id} says how far it is.</param>
internal sealed record StartedImport(int ImportId);

internal static class UploadsEndpoints
{
    public static void MapUploads(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/collect/uploads").RequireAuthorization(Rights.Edit).WithTags("Collect");
        api.MapPost("", SendAsync).Produces<FilePreview>(StatusCodes.Status201Created).ProducesProblem(413).ProducesProblem(503).WithSummary("Takes the file that is the body, to look at it before it is imported; it is kept for a day.");
        api.MapGet("/{id}", PreviewAsync).LooksAtCustomer().WithSummary("How a file would be read, its first rows, and what is still wrong.");
        api.MapDelete("/{id}", Remove).WithSummary("Throws a file away that was sent.");
        api.MapPost("/{id}/imports", StartAsync).WithSummary("Imports a file that was sent, or looks what an import would take; it runs on by itself.");
    }

    /// <returns>What is wrong with what was asked for.</returns>
    public static Refusal? Check(ImportRequest request, out ImportMapping mapping) => ImportsEndpoints.Check(request, out mapping);

    private static async Task<IResult> SendAsync(HttpContext http, Uploads uploads, FilePreviews previews, string? fileName, CancellationToken ct)
    {
        ImportUpload.AllowLargeBody(http);
        try
        {
            if (await uploads.SaveAsync(fileName ?? "", http.Request.Body, ct) is not { } upload)
                return TypedResults.Problem("The file is larger than 2 GB. Divide it, or pack it with gzip.", title: "The file cannot be taken.", statusCode: StatusCodes.Status413PayloadTooLarge);
            var preview = await previews.OfAsync(upload, Request(upload, new ImportOrder(null, null, null, null, true)), ImportMapping.Empty, ct);
            return TypedResults.Created($"/api/v1/collect/uploads/{upload.Id}", preview);
        }
        catch (BadHttpRequestException e)
        {
            return TypedResults.Problem(e.Message, title: "The file did not arrive whole.", statusCode: e.StatusCode);
        }
        catch (IOException e) when (!ct.IsCancellationRequested)
        {
            return TypedResults.Problem($"{e.Message} Send the file again when this is mended.", title: "The file cannot be taken now.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<Results<Ok<FilePreview>, ProblemHttpResult>> PreviewAsync(
        string id, Uploads uploads, FilePreviews previews, string? source, string? format, string? lifecycle, [FromQuery] string[]? map, string? kind, string? preset, string? dates, CancellationToken ct)
    {
        if (uploads.Find(id) is not { } upload) return Missing();
        var order = new ImportOrder(source, format, lifecycle, map, true, kind, preset, dates);
        if (ImportsEndpoints.KindProblem(kind, preset) is { } unknown) return Problems.Invalid(unknown.Field, unknown.Detail);
        var request = Request(upload, order);
        return Check(request, out var mapping) is { } wrong ? Problems.Invalid(wrong.Field, wrong.Detail) : TypedResults.Ok(await previews.OfAsync(upload, request, mapping, ct));
    }

    private static Results<NoContent, ProblemHttpResult> Remove(string id, Uploads uploads)
    {
        if (uploads.Find(id) is null) return Missing();
        uploads.Remove(id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Accepted<StartedImport>, ProblemHttpResult>> StartAsync(string id, ImportOrder order, Uploads uploads, ImportStarter starter, CancellationToken ct)
    {
        if (uploads.Find(id) is not { } upload) return Missing();
        if (ImportsEndpoints.KindProblem(order.Kind, order.Preset) is { } unknown) return Problems.Invalid(unknown.Field, unknown.Detail);
        var request = Request(upload, order);
        if (Check(request, out var mapping) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        var import = await starter.StartAsync(upload, request, mapping, ct);
        return TypedResults.Accepted($"/api/v1/collect/imports/{import}", new StartedImport(import));
    }

    public static ImportRequest Request(Upload upload, ImportOrder order) => new(upload.FileName, order.Format, order.Source, order.Lifecycle, order.DryRun, order.Map ?? [], ImportKinds.Find(order.Kind), order.Preset, order.Dates);

    private static ProblemHttpResult Missing() => Problems.NotFound("There is no such file; files that were sent are kept for a day. Send it again.");
}
