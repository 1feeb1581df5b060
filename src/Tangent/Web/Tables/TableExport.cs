using System.Globalization;

namespace Tangent.Web;

/// <summary>A heading of a file and what stands under it.</summary>
internal sealed record TableHeading(string Title, Holds Holds);

/// <summary>What a file holds: the columns and rows that the page shows.</summary>
internal sealed record TableContent(IReadOnlyList<TableHeading> Headings, IReadOnlyList<object?[]> Rows);

/// <summary>A page's address with <c>export=variants.csv</c> or <c>.xlsx</c> gives that table as a file: the page is made as always, and the table hands over what it would show.</summary>
public sealed class TableExport
{
    private const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private TableExport(string id, bool asExcel) => (Id, AsExcel) = (id, asExcel);

    public string Id { get; }

    private bool AsExcel { get; }

    internal TableContent? Content { get; set; }

    internal static async Task ExportAsync(HttpContext http, RequestDelegate next)
    {
        // Programs have the lists of the API, with their cursors.
        var isForProgram = http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/v1");
        if (isForProgram || !HttpMethods.IsGet(http.Request.Method) || Wanted(http.Request.Query["export"].ToString()) is not { } export)
        {
            await next(http);
            return;
        }

        http.Features.Set(export);
        var body = http.Response.Body;
        http.Response.Body = Stream.Null;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        http.Response.ContentLength = null;
        if (export.Content is { } content) await export.WriteAsync(http.Response, Masked(http, content));
        // There is no such table, or its question was refused: the page itself says so.
        else http.Response.Redirect(http.Page().With(("export", null)));
    }

    private static TableContent Masked(HttpContext http, TableContent content) => http.Features.Get<TableMask>() is { } mask
        ? content with { Rows = [.. content.Rows.Select(row => row.Select(cell => cell is string text ? mask.Text(text) : cell).ToArray())] }
        : content;

    private static TableExport? Wanted(string name) => Path.GetExtension(name) switch
    {
        ".csv" => new(Path.GetFileNameWithoutExtension(name), false),
        ".xlsx" => new(Path.GetFileNameWithoutExtension(name), true),
        _ => null,
    };

    private async Task WriteAsync(HttpResponse response, TableContent content)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = AsExcel ? Excel : "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"{Id}-{DateTime.UtcNow:yyyy-MM-dd}.{(AsExcel ? "xlsx" : "csv")}\"");
        var file = AsExcel ? XlsxFile.Write(content, Id) : CsvFile.Write(content, CultureInfo.CurrentCulture);
        response.ContentLength = file.Length;
        await response.Body.WriteAsync(file, response.HttpContext.RequestAborted);
    }
}
