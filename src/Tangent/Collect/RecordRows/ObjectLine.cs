using System.Text.Json;

namespace Tangent.Collect;

/// <summary>A record as one line of JSON; what lies within another object has a name with points.</summary>
internal static class ObjectLine
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = CollectedEvent.MaxDepth };

    /// <summary>The columns of a file, and the values of its first lines.</summary>
    /// <param name="reader">Stands at the beginning.</param>
    /// <param name="mostRecords">So many lines are kept.</param>
    /// <param name="mostLines">So many lines are looked at for columns.</param>
    public static (string[] Names, List<string[]> Records) Sample(LineReader reader, int mostRecords, long mostLines)
    {
        using var held = reader;
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<Dictionary<string, string>>();
        while (reader.Line < mostLines && reader.Read())
        {
            if (reader.TooLong) continue;
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            if (!Read(reader.Text, (name, value) => row[name] = value) || row.Count == 0) continue;
            foreach (var name in row.Keys)
                if (names.Count < CsvReader.MaxColumns) names.TryAdd(name, names.Count);
            if (rows.Count < mostRecords) rows.Add(row);
        }

        return ([.. names.Keys], [.. rows.Select(r => names.Keys.Select(n => r.GetValueOrDefault(n, "")).ToArray())]);
    }

    /// <summary>Reads one line.</summary>
    /// <param name="line">Its bytes.</param>
    /// <param name="take">Given each name and its value.</param>
    /// <returns>False where it is no JSON object.</returns>
    public static bool Read(ReadOnlyMemory<byte> line, Action<string, string> take)
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
