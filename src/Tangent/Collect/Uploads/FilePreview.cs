using Microsoft.Extensions.Options;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>How a file would be read, and its first rows.</summary>
/// <param name="Id">Number of the upload.</param>
/// <param name="Format">csv, xes or jsonl; null where the file cannot be used at all.</param>
/// <param name="Reading">How it would be read; null where it cannot be yet.</param>
/// <param name="Columns">Its columns with what they would stand for; empty for events in Segment's form.</param>
/// <param name="Rows">Its first rows, values in the order of the columns; of JSON lines, the lines.</param>
/// <param name="Problem">What is still wrong, and what to do.</param>
/// <param name="Kind">What the rows are.</param>
/// <param name="Same">What all rows say alike, by field.</param>
/// <param name="Preset">The program whose export it is; null where it is none that is known.</param>
public sealed record FilePreview(
    string Id, string FileName, long Bytes, string? Format, FileReading? Reading, IReadOnlyList<PreviewColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string? Problem,
    string Kind = "events", string? Preset = null, IReadOnlyDictionary<string, string>? Same = null);

/// <param name="Field">The field it stands for; empty: it becomes a property of the event; -: it is left out.</param>
public sealed record PreviewColumn(string Name, string Field);

/// <summary>Looks at the beginning of a file that was sent.</summary>
internal sealed class FilePreviews(ImportQueries imports, SourceQueries sources, IOptionsMonitor<CompanyOptions> company)
{
    private const int MostRows = 8;
    private const int MostCharacters = 120;

    public async Task<FilePreview> OfAsync(Upload upload, ImportRequest request, ImportMapping map, CancellationToken ct)
    {
        var settings = ImportSettings.Of(request, map, company.CurrentValue);
        try
        {
            var look = await Task.Run(() => ImportPlan.ToPreview(new ImportFile(upload.Path), settings), ct);
            var source = await sources.FindAsync(request.SourceName(look), ct);
            var remembered = source is null ? ImportMapping.Empty : await imports.MappingAsync(source.Id, look.Kind, ct);
            return await Task.Run(() => Of(upload, ImportPlan.ToPreview(new ImportFile(upload.Path), settings with { Remembered = remembered })), ct);
        }
        catch (FileRefusedException e)
        {
            return new FilePreview(upload.Id, upload.FileName, upload.Bytes, null, null, [], [], e.Message);
        }
    }

    private static FilePreview Of(Upload upload, ImportPlan plan)
    {
        List<PreviewColumn> columns = [.. plan.Columns.Where(c => c.Length > 0).Select(c => new PreviewColumn(c, plan.Mapping?.FieldFor(c) ?? ""))];
        IReadOnlyList<IReadOnlyList<string>> rows = plan.Mapping is null
            ? [.. Lines(upload, plan).Select(l => (IReadOnlyList<string>)[l])]
            : [.. plan.Records.Take(MostRows).Select(r => (IReadOnlyList<string>)[.. plan.Columns.Select((c, i) => (c, i)).Where(x => x.c.Length > 0).Select(x => x.i < r.Length ? Short(r[x.i]) : "")])];
        return new FilePreview(upload.Id, upload.FileName, upload.Bytes, FileReading.NameOf(plan.Format), plan.Problem is null ? FileReading.Of(plan) : null, columns, rows, plan.Problem,
            ImportKinds.NameOf(plan.Kind), plan.Preset?.Name, plan.Mapping?.Columns.Where(c => c.Value.StartsWith('=')).ToDictionary(c => c.Key, c => c.Value[1..]));
    }

    private static List<string> Lines(Upload upload, ImportPlan plan)
    {
        using var text = new StreamReader(plan.Encoding!.Decode(new ImportFile(upload.Path).Open()));
        var lines = new List<string>();
        var buffer = new char[64 * 1024];
        var length = text.ReadBlock(buffer, 0, buffer.Length);
        foreach (var line in new string(buffer, 0, length).Split('\n').Take(MostRows))
            if (line.Trim().Length > 0) lines.Add(line.Length > 1000 ? line[..1000] + "…" : line);
        return lines;
    }

    private static string Short(string value) => value.Length > MostCharacters ? value[..MostCharacters] + "…" : value;
}
