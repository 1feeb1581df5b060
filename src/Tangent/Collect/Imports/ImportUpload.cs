using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Tangent.Collect;

/// <summary>What is asked of an import.</summary>
/// <param name="Format">csv, xes, jsonl or vcard; by content where empty.</param>
/// <param name="Source">Name of the source; that of the file where empty.</param>
/// <param name="Lifecycle">complete or all.</param>
/// <param name="Map">Settings FIELD=COLUMN.</param>
/// <param name="Kind">What the rows are; null: found out.</param>
/// <param name="Preset">Whose export it is; found out where empty, none for nobody's.</param>
/// <param name="Dates">day-first or month-first, for dates that all rows leave open; empty: nobody said it.</param>
internal sealed record ImportRequest(
    string FileName, string? Format, string? Source, string? Lifecycle, bool DryRun, IReadOnlyList<string> Map, ImportKind? Kind = null, string? Preset = null, string? Dates = null)
{
    public const string DayFirst = "day-first";
    public const string MonthFirst = "month-first";

    /// <summary>The source asked for, else the program whose export it is, else the file's name.</summary>
    public string SourceName(ImportPlan plan) => string.IsNullOrWhiteSpace(Source) && plan.Preset is { } preset ? preset.Name : SourceName();

    /// <summary>The source asked for, else the file's name without its extensions.</summary>
    public string SourceName()
    {
        if (!string.IsNullOrWhiteSpace(Source)) return Source.Trim();
        var name = Path.GetFileName(FileName.Replace('\\', '/'));
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        name = Path.GetFileNameWithoutExtension(name);
        return name.Length > 0 ? name : "import";
    }
}

/// <summary>Takes the sent file into the data folder, whatever its size, without holding it in memory.</summary>
internal static class ImportUpload
{
    public const long MaxBytes = 2L << 30;

    /// <summary>Lets the request be as large as an import may be.</summary>
    public static void AllowLargeBody(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
    }

    /// <returns>The number of bytes; -1 where there are more than <see cref="MaxBytes"/>.</returns>
    public static async Task<long> SaveAsync(Stream body, string path, Action<long> progress, CancellationToken ct)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 });
        var buffer = new byte[1 << 17];
        long written = 0;
        for (var read = await body.ReadAsync(buffer, ct); read > 0; read = await body.ReadAsync(buffer, ct))
        {
            written += read;
            if (written > MaxBytes) return -1;
            await file.WriteAsync(buffer.AsMemory(0, read), ct);
            progress(written);
        }

        return written;
    }

    /// <summary>Reads the fields of the page's form up to the file, which stands last.</summary>
    /// <returns>The request and the file's content; null where the form is not the page's.</returns>
    public static async Task<(ImportRequest Request, Stream Body)?> ReadFormAsync(HttpContext http, IAntiforgery antiforgery, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 100 } boundary) return null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new MultipartReader(boundary.ToString(), http.Request.Body);
        while (await reader.ReadNextSectionAsync(ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (!disposition.IsFileDisposition())
            {
                fields[name] = await ReadFieldAsync(section.Body, ct);
                continue;
            }

            // The token is in the form, which is too large to be read as one.
            http.Request.Headers["X-CSRF-TOKEN"] = fields.GetValueOrDefault("__RequestVerificationToken", "");
            if (!await antiforgery.IsRequestValidAsync(http)) return null;
            var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
            var map = fields.GetValueOrDefault("map", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return (new ImportRequest(fileName, fields.GetValueOrDefault("format"), fields.GetValueOrDefault("source"), fields.GetValueOrDefault("lifecycle"), fields.ContainsKey("dryRun"), map), section.Body);
        }

        return null;
    }

    private static async Task<string> ReadFieldAsync(Stream body, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }
}
