using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Unify;

/// <summary>What one line of the log says of a record; what it does not name stays as it was.</summary>
/// <param name="Owners">Whose it is, as far as the line says it.</param>
internal sealed record RecordSaid(int SourceId, string Kind, string RecordId, IReadOnlyList<string> Owners, JsonObject Told)
{
    public (int SourceId, string Kind, string RecordId) Id => (SourceId, Kind, RecordId);

    /// <summary>Most lines are of no record; looking for the word is much cheaper than reading them.</summary>
    public static bool IsIn(ReadOnlySpan<byte> json) => json.IndexOf("\"record\":{"u8) >= 0;

    /// <param name="json">A line of an import.</param>
    /// <param name="sourceId">Its source.</param>
    /// <param name="key">Its person; null where it names none.</param>
    /// <returns>Null where it says nothing of a record.</returns>
    public static RecordSaid? Of(ReadOnlySpan<byte> json, int sourceId, string? key)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject line || line["record"] is not JsonObject told) return null;
            var (kind, id) = (TraitReading.Text(told, "kind"), TraitReading.Text(told, "id"));
            if (kind.Length == 0 || id.Length == 0) return null;
            var owners = new List<string>();
            if (key is not null) owners.Add(key);
            if (TraitReading.Text(told, "account") is { Length: > 0 } account) owners.Add(Profile.AccountPrefix + account);
            return new RecordSaid(sourceId, kind, id, owners, told);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // A name twice, or half a surrogate pair: the line was no import's of ours.
            return null;
        }
    }

    public void Tell(Record record)
    {
        foreach (var (name, value) in Told)
        {
            switch (name)
            {
                case "title": record.Title = TraitReading.Text(Told, name); break;
                case "status": record.Status = TraitReading.Text(Told, name); break;
                case "currency": record.Currency = TraitReading.Text(Told, name); break;
                case "value": record.Value = value?.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null; break;
                case "at": record.AtUtc = Moment(name); break;
                case "closed": record.ClosedUtc = Moment(name); break;
                case "fields" when value is JsonObject { Count: > 0 } fields: record.Fields = With(record.Fields, fields); break;
            }
        }
    }

    private static string With(string known, JsonObject fields)
    {
        var all = JsonNode.Parse(known)!.AsObject();
        foreach (var (name, value) in fields) all[name] = value?.DeepClone();
        return all.ToJsonString(TraitReading.Json);
    }

    private DateTime? Moment(string name) =>
        DateTime.TryParse(TraitReading.Text(Told, name), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
