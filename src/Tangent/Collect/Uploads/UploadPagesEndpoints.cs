using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

/// <param name="Preview">The file.</param>
/// <param name="Source">Source that is chosen.</param>
/// <param name="Format">Format that is chosen; empty: by content.</param>
/// <param name="Lifecycle">complete or all.</param>
/// <param name="EventName">The same name for every row; empty: from a column.</param>
/// <param name="DryRun">Report of a dry run of this file.</param>
/// <param name="Sources">Sources to choose from.</param>
/// <param name="Problem">Why the form was not taken.</param>
/// <param name="Kind">Kind that is chosen; empty: found out.</param>
/// <param name="Preset">Program that is chosen; empty: found out.</param>
public sealed record ImportFileModel(
    FilePreview Preview, string Source, string Format, string Lifecycle, string EventName, ImportReport? DryRun, IReadOnlyList<string> Sources, string? Problem,
    string Kind = "", string Preset = "", string Dates = "");

internal static class UploadPagesEndpoints
{
    private const string Pages = "/collect/imports/files";

    public static void MapUploadPages(this WebApplication app)
    {
        var pages = app.MapGroup("/collect/imports").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapPost("", SendAsync);
        pages.MapGet("/files/{id}", ShowAsync).LooksAtCustomer();
        pages.MapPost("/files/{id}", ReadAgainAsync);
        pages.MapPost("/files/{id}/imports", StartAsync);
        pages.MapPost("/files/{id}/removal", Remove);
    }

    private static async Task<IResult> SendAsync(HttpContext http, IAntiforgery antiforgery, Uploads uploads, ImportPages pages, CancellationToken ct)
    {
        ImportUpload.AllowLargeBody(http);
        try
        {
            if (await ImportUpload.ReadFormAsync(http, antiforgery, ct) is not var (request, body) || request.FileName.Length == 0)
                return await pages.ShowAsync(http, null, Texts.T("Collect.Imports.NoFile"), ct);
            return await uploads.SaveAsync(request.FileName, body, ct) is { } upload
                ? TypedResults.LocalRedirect($"{Pages}/{upload.Id}")
                : await pages.ShowAsync(http, null, Texts.T("Collect.Imports.TooLarge"), ct);
        }
        catch (InvalidDataException)
        {
            // A part's headers are longer than any browser makes them.
            return await pages.ShowAsync(http, null, Texts.T("Collect.Imports.NoFile"), ct);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !ct.IsCancellationRequested)
        {
            return await pages.ShowAsync(http, null, e.Message, ct);
        }
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string id, Uploads uploads, ImportFilePages pages, CancellationToken ct) =>
        uploads.Find(id) is { } upload ? await pages.ShowAsync(http, upload, Ordered.Of(http.Request.Query), null, ct) : TypedResults.LocalRedirect("/collect/imports");

    /// <summary>The preview anew, after the format or the source was changed.</summary>
    private static async Task<IResult> ReadAgainAsync(HttpContext http, IFormCollection form, string id, Uploads uploads, ImportFilePages pages, CancellationToken ct) =>
        uploads.Find(id) is { } upload ? await pages.ShowAsync(http, upload, Ordered.Of(form), null, ct) : TypedResults.LocalRedirect("/collect/imports");

    private static async Task<IResult> StartAsync(HttpContext http, IFormCollection form, string id, Uploads uploads, ImportFilePages pages, ImportStarter starter, CancellationToken ct)
    {
        if (uploads.Find(id) is not { } upload) return TypedResults.LocalRedirect("/collect/imports");
        var ordered = Ordered.Of(form);
        var request = UploadsEndpoints.Request(upload, ordered.Order);
        if ((ordered.Twice ?? ImportsEndpoints.KindProblem(ordered.Order.Kind, ordered.Order.Preset)?.Detail ?? UploadsEndpoints.Check(request, out _)?.Detail) is { } problem) return await pages.ShowAsync(http, upload, ordered, problem, ct);
        UploadsEndpoints.Check(request, out var mapping);
        var import = await starter.StartAsync(upload, request, mapping, ct);
        return TypedResults.LocalRedirect(request.DryRun ? $"{Pages}/{id}{ordered.Query(import)}#dry-run" : $"/collect/imports?import={import}");
    }

    private static RedirectHttpResult Remove(string id, Uploads uploads)
    {
        uploads.Remove(id);
        return TypedResults.LocalRedirect("/collect/imports");
    }
}
