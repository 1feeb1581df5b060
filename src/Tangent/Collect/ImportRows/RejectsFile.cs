using System.Globalization;
using System.Text;

namespace Tangent.Collect;

/// <summary>The rejected rows of an import as CSV: the columns of the file, then line, reason and detail. Made with the first of them. Values are untouched, so that corrected rows can be imported.</summary>
internal sealed class RejectsFile(string path, IReadOnlyList<string> columns) : IDisposable
{
    private StreamWriter? _writer;

    public void Add(IEnumerable<string> fields, RejectedRow row)
    {
        _writer ??= Begin();
        var written = 0;
        foreach (var field in fields)
        {
            Field(field, written++ == 0);
        }

        for (; written < columns.Count; written++) Field("", written == 0);
        Field(row.Line.ToString(CultureInfo.InvariantCulture), false);
        Field(row.Reason, false);
        Field(row.Detail, false);
        _writer.Write('\n');
    }

    public void Dispose() => _writer?.Dispose();

    private StreamWriter Begin()
    {
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        for (var i = 0; i < columns.Count; i++) Field(columns[i], i == 0);
        foreach (var name in (ReadOnlySpan<string>)["line", "reason", "detail"]) Field(name, false);
        _writer.Write('\n');
        return _writer;
    }

    private void Field(string value, bool first)
    {
        if (!first) _writer!.Write(',');
        if (value.AsSpan().IndexOfAny(",\"\r\n") < 0 && !value.StartsWith(' ') && !value.EndsWith(' '))
        {
            _writer!.Write(value);
            return;
        }

        _writer!.Write('"');
        _writer.Write(value.Replace("\"", "\"\"", StringComparison.Ordinal));
        _writer.Write('"');
    }
}
