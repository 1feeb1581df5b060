using System.Buffers.Text;
using System.Text;
using static Tangent.Web.Texts;

namespace Tangent.Collect;

/// <summary>One path of a file.</summary>
/// <param name="Touchpoints">Names, in order; never empty.</param>
internal readonly record struct PathRow(IReadOnlyList<string> Touchpoints, double Conversions, double Value, double Lost);

/// <summary>
/// Reads aggregated paths from CSV with a header, in any encoding and dialect that imports know. A row that cannot be read refuses the file:
/// a sum without it would be wrong without saying so.
/// </summary>
internal sealed class PathsFile(string file, PathsFileQuestion question)
{
    private NumberFormat _numbers = new(false);
    private int _path;
    private int _conversions;
    private int _value = -1;
    private int _lost = -1;

    /// <summary>Why the file cannot be used; known when its rows have been read.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>The rows up to the first that cannot be read.</summary>
    public IEnumerable<PathRow> Rows()
    {
        var content = new ImportFile(file);
        if (Open(content) is not { } reader) yield break;
        using (reader)
        {
            while (true)
            {
                var record = CsvRecord.End;
                try
                {
                    record = reader.Read();
                }
                catch (InvalidDataException e)
                {
                    Refusal = new Refusal("file", T("Collect.PathsFile.Broken", reader.Line, e.Message));
                }

                if (record == CsvRecord.End) yield break;
                if (Row(reader, record) is not { } row) yield break;
                yield return row;
            }
        }
    }

    /// <returns>A reader behind the header; null where the file is refused.</returns>
    private CsvReader? Open(ImportFile content)
    {
        try
        {
            if (content.DetectFormat() != ImportFormat.Csv) return Refuse("file", T("Collect.PathsFile.NotCsv"));
            TextEncoding encoding;
            using (var stream = content.Open()) encoding = TextEncoding.Detect(stream);
            var sample = new byte[CsvDialect.SampleBytes];
            using (var stream = encoding.Decode(content.Open())) sample = sample[..stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false)];
            var dialect = CsvDialect.Detect(sample);
            var records = dialect.Records(sample);
            if (records.Count == 0) return Refuse("file", T("Collect.PathsFile.NoHeader"));
            if (!FindColumns(records[0])) return null;
            _numbers = NumberFormat.Detect(
                records.Skip(1).SelectMany(r => new[] { _conversions, _value, _lost }.Where(c => c >= 0 && c < r.Length).Select(c => r[c])), dialect.Delimiter);
            var reader = new CsvReader(encoding.Decode(content.Open()), dialect.Delimiter, dialect.Newline);
            reader.Read();
            return reader;
        }
        catch (FileRefusedException e)
        {
            return Refuse("file", e.Message);
        }
        catch (InvalidDataException e)
        {
            return Refuse("file", e.Message);
        }
    }

    private bool FindColumns(string[] header)
    {
        int Find(string name) => Array.FindIndex(header, h => string.Equals(h, name, StringComparison.OrdinalIgnoreCase));
        foreach (var (field, name) in new[] { ("conversions", question.Conversions), ("value", question.Value), ("null", question.Lost), ("path", question.Path) })
        {
            if (name is null || Find(name) >= 0) continue;
            Refusal = new Refusal(field, T("Collect.PathsFile.NoColumn", name, string.Join(", ", header)));
            return false;
        }

        _conversions = Find(question.Conversions);
        if (question.Value is { } value) _value = Find(value);
        if (question.Lost is { } lost) _lost = Find(lost);
        _path = Find(question.Path ?? "path");
        for (var column = 0; _path < 0 && column < header.Length; column++)
            if (column != _conversions && column != _value && column != _lost) _path = column;
        if (_path >= 0 && _path != _conversions && _path != _value && _path != _lost) return true;
        Refusal = new Refusal("path", T("Collect.PathsFile.NoPath", string.Join(", ", header)));
        return false;
    }

    private PathRow? Row(CsvReader reader, CsvRecord record)
    {
        if (record != CsvRecord.Fields || reader.Count <= Math.Max(Math.Max(_path, _conversions), Math.Max(_value, _lost)))
        {
            Refusal = new Refusal("file", T("Collect.PathsFile.Row", reader.Line));
            return null;
        }

        if (Number(reader, _conversions, negative: false) is not { } conversions || Number(reader, _lost, negative: false) is not { } lost
            || Number(reader, _value, negative: true) is not { } value) return null;
        string[] names = Encoding.UTF8.GetString(reader[_path]).Split(question.Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new PathRow(names.Length == 0 ? [AttributionQuestion.Direct] : names, conversions, value, lost);
    }

    /// <returns>0 for an empty field or no column; null where it is refused.</returns>
    private double? Number(CsvReader reader, int column, bool negative)
    {
        if (column < 0 || reader[column].Trim((byte)' ').IsEmpty) return 0;
        Span<byte> json = stackalloc byte[64];
        if (reader[column].Length < 64 && (Plain(reader[column], out var number) || (_numbers.TryWrite(reader[column], json, out var length) && Utf8Parser.TryParse(json[..length], out number, out _)))
            && double.IsFinite(number) && (negative || number >= 0)) return number;
        Refusal = new Refusal("file", T(negative ? "Collect.PathsFile.Number" : "Collect.PathsFile.Count", reader.Line, Encoding.UTF8.GetString(reader[column])));
        return null;
    }

    // 1.5e3 and the like, which amounts written by people never are.
    private static bool Plain(ReadOnlySpan<byte> text, out double number) =>
        Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length && text.ContainsAny((byte)'e', (byte)'E');

    private CsvReader? Refuse(string field, string why)
    {
        Refusal = new Refusal(field, why);
        return null;
    }
}
