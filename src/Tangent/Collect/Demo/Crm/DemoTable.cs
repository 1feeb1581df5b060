using System.Text;

namespace Tangent.Collect;

/// <summary>A table that a program of the demo company exports, as CSV.</summary>
internal sealed class DemoTable
{
    private readonly StringBuilder _text = new();

    public DemoTable(params ReadOnlySpan<string> columns) => Add(columns);

    public void Add(params ReadOnlySpan<string> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) _text.Append(',');
            if (values[i].AsSpan().IndexOfAny(',', '"') < 0) _text.Append(values[i]);
            else _text.Append('"').Append(values[i].Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        _text.Append('\n');
        Rows++;
    }

    /// <summary>Rows with the header.</summary>
    public int Rows { get; private set; }

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());
}
