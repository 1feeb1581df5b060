using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Tangent.Data;

namespace Tangent.Collect;

/// <summary>What the event log has of a person, and with it the journeys: events, and decisions about who is one with whom.</summary>
internal sealed class LoggedEvents(EventLog log, JourneyStore journeys, SourceKeys sources) : IKeepsPersonalData
{
    public string Kind => "events";

    public IReadOnlyList<Type> Entities => [];

    public async IAsyncEnumerable<JsonNode> ExportAsync(DataSubject subject, [EnumeratorCancellation] CancellationToken ct)
    {
        // All of the log is gone through: who follows it keeps only what it needs of an event.
        await Task.Yield();
        var naming = new NamingRecords(subject.Identifiers, subject.Texts);
        foreach (var row in log.Read(0))
        {
            ct.ThrowIfCancellationRequested();
            if (!naming.MayName(row.Body.Span)) continue;
            var position = row.Position;
            foreach (var json in row.Events)
            {
                if (naming.Names(row, json)) yield return Exported(row, position, json);
                position++;
            }
        }
    }

    /// <summary>The events of the journey: to count the rest, all of the log would have to be read.</summary>
    public Task<long> CountAsync(DataSubject subject, CancellationToken ct) => Task.FromResult(subject.Customer is { } customer ? journeys.Lines([customer]).Sum(l => l.Events) : 0);

    /// <summary>The log is rewritten, and the journeys let go when they read the erasure's record.</summary>
    public Task EraseAsync(DataSubject subject, CancellationToken ct) => Task.CompletedTask;

    private JsonObject Exported(LogRow row, long position, ReadOnlyMemory<byte> json) => new()
    {
        ["position"] = position,
        ["received"] = DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAtMs).UtcDateTime,
        ["kind"] = row.Kind.ToString(),
        ["source"] = sources.TryFind(row.SourceId, out var source) ? source.Name : "",
        ["record"] = Record(json.Span),
    };

    /// <summary>As it was received; a name that stands twice in it, which no object can hold, stays text.</summary>
    private static JsonNode? Record(ReadOnlySpan<byte> json)
    {
        try
        {
            var node = JsonNode.Parse(json);
            _ = node?.ToJsonString();
            return node;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(json);
        }
    }
}

/// <summary>Finds the records of the log that tell of some identifiers, or of a contact point that is theirs alone.</summary>
internal sealed class NamingRecords(IReadOnlyList<string> identifiers, IReadOnlyList<string> texts)
{
    private readonly HashSet<string> _texts = texts.ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _identifiers = identifiers.ToHashSet(StringComparer.Ordinal);
    private readonly List<byte[]> _ids = [.. ErasureRecord.Ids(identifiers).Concat(texts).Select(Encoding.UTF8.GetBytes)];
    private readonly CollectedEvent _event = new();

    public bool MayName(ReadOnlySpan<byte> text) => ErasureRecord.MayName(text, _ids);

    public bool Names(LogRow row, ReadOnlyMemory<byte> json)
    {
        if (!MayName(json.Span)) return false;
        return row.Kind switch
        {
            LogKind.Events or LogKind.Import => _event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) && NamesOne(),
            LogKind.Merge or LogKind.Split => System.Text.Json.JsonSerializer.Deserialize(json.Span, DecisionJson.Default.IdentityDecision)!.Identifiers.Any(_identifiers.Contains),
            LogKind.Consent => ConsentRecord.Of(json.Span) is { } said && (_identifiers.Contains(said.Key) || _texts.Contains(said.Point)),
            _ => false,
        };
    }

    private bool NamesOne() => Is("user:", _event.UserId) || Is("anonymous:", _event.AnonymousId) || Is("user:", _event.PreviousId) || Is("anonymous:", _event.PreviousId);

    private bool Is(string prefix, ReadOnlySpan<byte> id) => !id.IsEmpty && _identifiers.Contains(prefix + Encoding.UTF8.GetString(id));
}
