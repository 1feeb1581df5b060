using System.Text.Json;

namespace Tangent.Collect;

/// <summary>An activity as an import said it.</summary>
/// <param name="At">When it was.</param>
internal sealed record KnownActivity(string Event, string Channel, string At, string Title);

/// <summary>
/// Activities of a source whose persons come in another file, as CRMs export them: whichever comes second finds the first here and makes the event
/// in the journey. Read from the log once, when an import of activities begins.
/// </summary>
internal sealed class KnownActivities
{
    private readonly Dictionary<string, KnownActivity> _activities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _persons = new(StringComparer.Ordinal);

    public static KnownActivities Read(EventLog log, int sourceId)
    {
        var known = new KnownActivities();
        foreach (var row in log.ReadSource(sourceId, log.EndPosition))
        {
            if (row.Kind != LogKind.Import) continue;
            foreach (var line in row.Events)
                if (line.Span.IndexOf("\"record\":{\"kind\":\"activity\""u8) >= 0) known.Learn(line);
        }

        return known;
    }

    public KnownActivity? Find(string id) => _activities.GetValueOrDefault(id);

    /// <summary>Whose an activity is, with the name of the program before the id.</summary>
    public IEnumerable<string> PersonsOf(string id) => _persons.GetValueOrDefault(id) ?? [];

    public void Learn(string id, KnownActivity activity) => _activities[id] = activity;

    public void Learn(string id, string person)
    {
        if (!_persons.TryGetValue(id, out var persons)) _persons.Add(id, persons = new HashSet<string>(StringComparer.Ordinal));
        persons.Add(person);
    }

    private void Learn(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var record = document.RootElement.GetProperty("record");
        string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var id = Text(record, "id");
        if (Text(document.RootElement, "userId") is { Length: > 0 } person) Learn(id, person);
        if (Text(record, "at") is { Length: > 0 } at && record.TryGetProperty("fields", out var fields)) Learn(id, new KnownActivity(Text(fields, "event"), Text(fields, "channel"), at, Text(record, "title")));
    }
}
