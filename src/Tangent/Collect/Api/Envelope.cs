using System.Text;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>What a request body holds: the events of a batch, or one.</summary>
/// <param name="SentAtMs">The sender's clock when it sent the batch.</param>
internal sealed record Envelope(IReadOnlyList<ReadOnlyMemory<byte>> Events, long? SentAtMs)
{
    // Deeper nesting is an event's own fault, found by its checks; the reader's limit would refuse the whole batch.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Reads <c>{"batch":[…],"sentAt":…}</c>. A body cut anywhere is refused as a whole.</summary>
    public static Finding ReadBatch(ReadOnlyMemory<byte> body, int maxEvents, out Envelope? envelope)
    {
        envelope = null;
        List<ReadOnlyMemory<byte>>? events = null;
        long? sentAt = null;
        try
        {
            var reader = new Utf8JsonReader(body.Span, AnyDepth);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return NotABatch();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isBatch = reader.ValueTextEquals("batch"u8);
                var isSentAt = reader.ValueTextEquals("sentAt"u8);
                reader.Read();
                if (isBatch && reader.TokenType == JsonTokenType.StartArray) events = Slices(ref reader, body);
                else if (isSentAt && EventText.TryTime(ref reader, out var ms)) sentAt = ms;
                else reader.Skip();
            }

            while (reader.Read())
            {
                // Anything after the object makes the reader throw.
            }
        }
        catch (JsonException e)
        {
            return Malformed(e);
        }
        catch (InvalidOperationException)
        {
            return InvalidName();
        }

        if (events is null) return NotABatch();
        if (events.Count > maxEvents) return new(Rejection.TooManyEvents, $"The batch has {events.Count} events; a batch may have {maxEvents}.");
        envelope = new Envelope(events, sentAt);
        return default;
    }

    /// <summary>Reads one event. The type of its address is added where it has none, and its write key is taken out, since people will see the event.</summary>
    public static Finding ReadSingle(ReadOnlyMemory<byte> body, EventType call, out Envelope? envelope)
    {
        envelope = null;
        var scan = Scan(body, out var finding);
        if (!finding.IsNone) return finding;
        var json = new MemoryStream(body.Length + 20);
        json.WriteByte((byte)'{');
        if (!scan.HasType) json.Write(Encoding.UTF8.GetBytes($"\"type\":\"{call.ToString().ToLowerInvariant()}\","));
        var key = scan.WriteKey;
        json.Write(body.Span[scan.ContentStart..(key?.Start.Value ?? body.Length)]);
        if (key is not null)
        {
            json.Write("\"\""u8);
            json.Write(body.Span[key.Value.End.Value..]);
        }

        envelope = new Envelope([json.GetBuffer().AsMemory(0, (int)json.Length)], null);
        return default;
    }

    /// <summary>Finds the write key in a body; null where there is none.</summary>
    public static Finding ReadWriteKey(ReadOnlyMemory<byte> body, out string? key)
    {
        var scan = Scan(body, out var finding);
        key = scan.WriteKey is { } range && body.Span[range] is [(byte)'"', .. var text, (byte)'"'] ? Encoding.UTF8.GetString(text) : null;
        return finding;
    }

    private readonly record struct Outline(int ContentStart, bool HasType, Range? WriteKey);

    private static Outline Scan(ReadOnlyMemory<byte> body, out Finding finding)
    {
        finding = default;
        var hasType = false;
        Range? writeKey = null;
        try
        {
            var reader = new Utf8JsonReader(body.Span, AnyDepth);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                finding = new(Rejection.NotAnObject, "The body must be a JSON object.");
                return default;
            }

            var start = (int)reader.BytesConsumed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                hasType |= reader.ValueTextEquals("type"u8);
                var isKey = reader.ValueTextEquals("writeKey"u8);
                reader.Read();
                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isKey) writeKey = from..(int)reader.BytesConsumed;
            }

            reader.Read();
            return new Outline(start, hasType, writeKey);
        }
        catch (JsonException e)
        {
            finding = Malformed(e);
        }
        catch (InvalidOperationException)
        {
            finding = InvalidName();
        }

        return default;
    }

    private static List<ReadOnlyMemory<byte>> Slices(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var slices = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            slices.Add(body[start..(int)reader.BytesConsumed]);
        }

        return slices;
    }

    private static Finding NotABatch() => new(Rejection.NotABatch, "The body must be a JSON object with an array named batch.");

    /// <summary>The reader's answer to half of a surrogate pair in a field's name.</summary>
    private static Finding InvalidName() => new(Rejection.InvalidText, "A field's name is not valid Unicode; nothing of the body was taken.");

    private static Finding Malformed(JsonException e) =>
        new(Rejection.MalformedJson, $"The body is not valid JSON (line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}); nothing of it was taken.");
}
