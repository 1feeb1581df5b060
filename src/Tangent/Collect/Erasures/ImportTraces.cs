using System.Text;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>What imports leave beside the log: their reports, the rows they rejected, and files that were sent and wait. Erasures take people out of them, too.</summary>
internal sealed class ImportTraces(ImportQueries imports, Uploads uploads, DataFolder folder) : INamesCustomers
{
    private const byte Comma = (byte)',';

    /// <summary>Takes everything out that names one of these identifiers, or may: an escape can hide one. For who has the imports' turn.</summary>
    public async Task EraseAsync(IReadOnlyList<string> identifiers, CancellationToken ct)
    {
        List<byte[]> ids = [.. ErasureRecord.Ids(identifiers).Select(Encoding.UTF8.GetBytes)];
        // What they hold is known only when they are imported, in whatever encoding and packing; they can be sent again.
        foreach (var upload in uploads.List()) uploads.Remove(upload.Id);
        if (Directory.Exists(folder.Imports))
            foreach (var path in Directory.EnumerateFiles(folder.Imports, "*-rejects.csv")) EraseRows(path, ids);
        await imports.EraseAsync(report =>
        {
            List<SampledEvent>? samples = report.Samples is { } all ? [.. all.Where(s => !ErasureRecord.MayName(Encoding.UTF8.GetBytes(s.Event), ids))] : null;
            List<RejectedRow> rejects = [.. report.Rejects.Where(r => !ErasureRecord.MayName(Encoding.UTF8.GetBytes(r.Detail), ids))];
            return samples?.Count == report.Samples?.Count && rejects.Count == report.Rejects.Count ? null : report with { Samples = samples, Rejects = rejects };
        }, ct);
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
