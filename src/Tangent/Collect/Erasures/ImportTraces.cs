using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>What imports leave beside the log: their reports, the rows they rejected, and files that were sent and wait. Erasures take people out of them, too.</summary>
internal sealed class ImportTraces(ImportQueries imports, Uploads uploads, DataFolder folder) : IKeepsPersonalData
{
    private const byte Comma = (byte)',';

    public string Kind => "imports";

    public IReadOnlyList<Type> Entities => [typeof(Import)];

    public bool Ages => true;

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        List<byte[]> words = [.. subject.Words.Select(Encoding.UTF8.GetBytes)];
        foreach (var report in await imports.ReportsAsync(ct))
        {
            foreach (var sample in report.Samples ?? [])
                if (subject.AreNamedIn(sample.Event)) yield return new JsonObject { ["import"] = report.ImportId, ["file"] = report.FileName, ["sample"] = sample.Event };
            foreach (var reject in report.Rejects)
                if (subject.AreNamedIn(reject.Detail)) yield return new JsonObject { ["import"] = report.ImportId, ["file"] = report.FileName, ["line"] = reject.Line, ["rejected"] = reject.Detail };
        }

        foreach (var path in RejectsFiles())
            foreach (var row in RowsThatName(path, words).Where(subject.AreNamedIn)) yield return new JsonObject { ["rejects"] = Path.GetFileName(path), ["row"] = row };
    }

    /// <summary>Reports lose their rows and samples, files of rejected rows go; that there was an import stays.</summary>
    public async Task<long> AgeOutAsync(DateTime beforeUtc, bool onlyCount, CancellationToken ct)
    {
        List<string> old = [.. RejectsFiles().Where(p => File.GetLastWriteTimeUtc(p) < beforeUtc)];
        if (!onlyCount) old.ForEach(File.Delete);
        return old.Count + await imports.AgeOutAsync(beforeUtc, WithoutRows, onlyCount, ct);
    }

    public async Task<DateTime?> OldestAsync(CancellationToken ct)
    {
        DateTime? file = RejectsFiles().Select(p => (DateTime?)File.GetLastWriteTimeUtc(p)).Min(), report = await imports.OldestAsync(r => WithoutRows(r) is not null, ct);
        return file < report || report is null ? file : report;
    }

    /// <summary>Takes everything out that names the person, or may: an escape can hide a name. For who has the imports' turn.</summary>
    public async Task EraseAsync(DataSubject subject, CancellationToken ct)
    {
        List<byte[]> ids = [.. subject.Words.Select(Encoding.UTF8.GetBytes)];
        // What they hold is known only when they are imported, in whatever encoding and packing; they can be sent again.
        foreach (var upload in uploads.List()) uploads.Remove(upload.Id);
        foreach (var path in RejectsFiles()) EraseRows(path, ids);
        await imports.EraseAsync(report =>
        {
            List<SampledEvent>? samples = report.Samples is { } all ? [.. all.Where(s => !ErasureRecord.MayName(Encoding.UTF8.GetBytes(s.Event), ids))] : null;
            List<RejectedRow> rejects = [.. report.Rejects.Where(r => !ErasureRecord.MayName(Encoding.UTF8.GetBytes(r.Detail), ids))];
            return samples?.Count == report.Samples?.Count && rejects.Count == report.Rejects.Count ? null : report with { Samples = samples, Rejects = rejects };
        }, ct);
    }

    /// <returns>Null where it has no rows.</returns>
    private static ImportReport? WithoutRows(ImportReport report) => report.Samples is { Count: > 0 } || report.Rejects.Count > 0 ? report with { Samples = null, Rejects = [] } : null;

    private List<string> RejectsFiles() => Directory.Exists(folder.Imports) ? [.. Directory.EnumerateFiles(folder.Imports, "*-rejects.csv").Order(StringComparer.Ordinal)] : [];

    private static IEnumerable<string> RowsThatName(string path, List<byte[]> words)
    {
        using var reader = new CsvReader(File.OpenRead(path), Comma);
        for (var record = reader.Read(); record != CsvRecord.End; record = reader.Read())
            if (reader.Line > 1 && words.Exists(w => reader.Raw.IndexOf(w) >= 0)) yield return Encoding.UTF8.GetString(reader.Raw);
    }

    private static void EraseRows(string path, List<byte[]> ids)
    {
        var kept = Path.ChangeExtension(path, ".part");
        var some = false;
        using (var reader = new CsvReader(File.OpenRead(path), Comma))
        using (var writer = new FileStream(kept, FileMode.Create, FileAccess.Write))
        {
            for (var record = reader.Read(); record != CsvRecord.End; record = reader.Read())
            {
                var named = reader.Line > 1 && MayName(reader, record, ids);
                some |= named;
                if (named) continue;
                writer.Write(reader.Raw);
                writer.WriteByte((byte)'\n');
            }
        }

        if (some) File.Move(kept, path, overwrite: true);
        else File.Delete(kept);
    }

    private static bool MayName(CsvReader reader, CsvRecord record, List<byte[]> ids)
    {
        if (record != CsvRecord.Fields) return true;
        for (var i = 0; i < reader.Count; i++)
            if (ErasureRecord.MayName(reader[i], ids)) return true;
        return false;
    }
}
