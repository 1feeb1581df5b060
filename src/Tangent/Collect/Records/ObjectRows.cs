using System.Text;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>Records as JSON lines: one object a line; what lies within another object has a name with points.</summary>
internal sealed class ObjectRows : ImportRows<RecordRow>
{
    private static readonly string[] Rejects = ["line"];
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = CollectedEvent.MaxDepth };

    private readonly LineReader _reader;
    private readonly RecordPlan _plan;
    private readonly ColumnPlan.Values _values;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly byte[]?[] _cells;

    /// <param name="reader">Stands at the beginning.</param>
    /// <param name="names">Columns; what the first lines do not have is passed over.</param>
    /// <param name="plan">What they become.</param>
    public ObjectRows(LineReader reader, IReadOnlyList<string> names, RecordPlan plan)
    {
        (_reader, _plan, _cells) = (reader, plan, new byte[names.Count][]);
        _values = column => _cells[column];
        for (var i = 0; i < names.Count; i++) _columns[names[i]] = i;
    }

    public override long Line => _reader.Line;

    public override IReadOnlyList<string> RejectColumns => Rejects;

    /// <summary>The columns and values of the first lines.</summary>
    public static (string[] Names, List<string[]> Records) Sample(LineReader reader, int most)
    {
        using var held = reader;
        var names = new List<string>();
        var rows = new List<Dictionary<string, string>>();
        while (rows.Count < most && reader.Read())
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            if (!Read(reader.Text, (name, value) => row[name] = value)) continue;
            names.AddRange(row.Keys.Except(names));
            if (row.Count > 0) rows.Add(row);
        }

        return ([.. names.Take(CsvReader.MaxColumns)], [.. rows.Select(r => names.Select(n => r.GetValueOrDefault(n, "")).ToArray())]);
    }

    public override bool Next(RecordRow into)
    {
        try
        {
            while (_reader.Read())
            {
                if (_reader.Text.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
                into.Begin();
                Array.Clear(_cells);
                if (_reader.TooLong) into.Reject(Rejection.LineTooLong, $"The line is longer than {LineReader.MaxLineBytes} bytes.");
                else if (!Read(_reader.Text, Set)) into.Reject(Rejection.MalformedJson, "The line is no JSON object.");
                if (into.Reason != Rejection.None) return true;
                if (_plan.LeavesOut(_values))
                {
                    Skipped++;
                    continue;
                }

                _plan.Write(into, _values);
                into.End();
                return true;
            }
        }
        catch (InvalidDataException e)
        {
            BrokenOff = e.Message;
        }

        return false;
    }

    public override IEnumerable<string> Rejected() => [Encoding.UTF8.GetString(_reader.Text.Span)];

    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void Set(string name, string value)
    {
        if (_columns.TryGetValue(name, out var column)) _cells[column] = Encoding.UTF8.GetBytes(value);
    }

    private static bool Read(ReadOnlyMemory<byte> line, Action<string, string> take)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Depth);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            Walk(document.RootElement, "", take);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: half of a surrogate pair.
            return false;
        }
    }

    private static void Walk(JsonElement part, string path, Action<string, string> take)
    {
        foreach (var property in part.EnumerateObject())
        {
            var name = path + property.Name;
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object: Walk(property.Value, name + ".", take); break;
                case JsonValueKind.Null: break;
                case JsonValueKind.Array: take(name, string.Join(';', property.Value.EnumerateArray().Select(Text))); break;
                default: take(name, Text(property.Value)); break;
            }
        }
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
