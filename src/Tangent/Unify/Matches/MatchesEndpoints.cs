using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Matching of files over the API.</summary>
internal static class MatchesEndpoints
{
    /// <summary>Header of the answer that holds the <see cref="MatchReport"/> as JSON.</summary>
    public const string ReportHeader = "Tangent-Report";

    private const int MostFiles = 20;
    private const int MostRulesBytes = 1 << 20;
    private const string RulesPart = "rules";

    public static void MapMatches(this WebApplication app) =>
        app.MapPost("/api/v1/unify/matches", MatchAsync).RequireAuthorization(Rights.Edit).DisableAntiforgery().OnlyReads().WithTags("Unify")
            .WithSummary("Finds the rows of the sent CSV files (multipart/form-data) that are one person. Answers CSV with the columns file, row, cluster, probability; the header Tangent-Report sums it up as JSON. A part named rules may hold a rules file (see Matching persons). Nothing of the files is kept.")
            .Produces<string>(contentType: "text/csv");

    private static async Task<IResult> MatchAsync(HttpContext http, PersonMatch match, [FromQuery] string[]? ignore, string? country, double? sure, CancellationToken ct)
    {
        if (sure is <= 0.5 or >= 1 || double.IsNaN(sure ?? 0)) return Problems.Invalid("sure", "The probability from which on two rows are one person lies above 0.5 and below 1.");
        ImportUpload.AllowLargeBody(http);
        var sent = new SentFiles();
        try
        {
            if (await ReceiveAsync(http, match, sent, ct) is { } refused) return refused;
            var answer = await match.RunAsync(sent.Paths, new MatchOptions(ignore ?? [], (country ?? "DE").ToUpperInvariant(), sure ?? PersonMatcher.Sure, sent.Rules), ct);
            http.Response.Headers[ReportHeader] = JsonSerializer.Serialize(answer.Report, JsonSerializerOptions.Web);
            return TypedResults.Stream(stream => WriteAsync(stream, answer, sent.Names, ct), "text/csv; charset=utf-8");
        }
        catch (Exception e) when (e is FileRefusedException or InvalidDataException)
        {
            return Problems.Invalid("file", e.Message);
        }
        finally
        {
            PersonMatch.Forget(sent.Paths);
        }
    }

    private static async Task<ProblemHttpResult?> ReceiveAsync(HttpContext http, PersonMatch match, SentFiles sent, CancellationToken ct)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 100 } boundary)
            return Problems.Invalid("file", "Send the files as multipart/form-data.");
        var reader = new MultipartReader(boundary.ToString(), http.Request.Body);
        while (await WholeAsync(() => reader.ReadNextSectionAsync(ct), ct) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;
            if (HeaderUtilities.RemoveQuotes(disposition.Name) == RulesPart)
            {
                sent.Rules = MatchRulesFile.Read(await WholeAsync(() => SmallAsync(section.Body, ct), ct));
                continue;
            }

            if (!disposition.IsFileDisposition()) continue;
            if (sent.Paths.Count == MostFiles) return Problems.Invalid("file", $"At most {MostFiles} files are matched at once.");
            // Noted before it is written, so that an upload that breaks off leaves nothing behind.
            sent.Paths.Add(match.NewPath());
            if (await WholeAsync(() => ImportUpload.SaveAsync(section.Body, sent.Paths[^1], _ => { }, ct), ct) < 0) return Problems.Invalid("file", "A file is larger than 2 GB.");
            sent.Names.Add(HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString());
        }

        return sent.Paths.Count == 0 ? Problems.Invalid("file", "There is no file in the request.") : null;
    }

    private static async Task<byte[]> SmallAsync(Stream body, CancellationToken ct)
    {
        var bytes = new byte[MostRulesBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        return length <= MostRulesBytes ? bytes[..length] : throw new FileRefusedException("The rules file is larger than 1 MB.");
    }

    /// <exception cref="InvalidDataException">The form ends in the middle of a part.</exception>
    private static async Task<T> WholeAsync<T>(Func<Task<T>> read, CancellationToken ct)
    {
        try
        {
            return await read();
        }
        catch (IOException e) when (e is not BadHttpRequestException && !ct.IsCancellationRequested)
        {
            throw new InvalidDataException("The form ends in the middle of a part.", e);
        }
    }

    private static async Task WriteAsync(Stream stream, MatchAnswer answer, List<string> names, CancellationToken ct)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        await writer.WriteAsync("file,row,cluster,probability\n");
        var cells = names.ConvertAll(Cell);
        // Persons are numbered in the order in which they first appear.
        var numbers = new int[answer.Cluster.Length];
        var persons = 0;
        for (var i = 0; i < answer.Cluster.Length; i++)
        {
            if (answer.Cluster[i] == i) numbers[i] = ++persons;
            var row = answer.Files.Rows[i];
            await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{cells[row.File - 1]},{row.Row},{numbers[answer.Cluster[i]]},{answer.Probability[i]:0.####}\n"));
            if ((i & 0xFFFF) == 0) ct.ThrowIfCancellationRequested();
        }
    }

    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What a request brings: files, kept on disk while they are matched, their names, and rules.</summary>
    private sealed class SentFiles
    {
        public List<string> Paths { get; } = [];

        public List<string> Names { get; } = [];

        public MatchRules Rules { get; set; } = new();
    }
}
