using System.Buffers;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>
/// Takes events whose time is over out of rows of the log. What stays of a line is who is one with whom, so that a rebuild numbers and joins all as
/// before, and what it says of consent, which is proof; both under the name of an identify call, which no journey shows.
/// </summary>
internal sealed class LogAging(PositionBits positions)
{
    private readonly CollectedEvent _event = new();
    private readonly ArrayBufferWriter<byte> _body = new(), _line = new();

    /// <returns>The row's new body, of as many lines; null where it stays as it is.</returns>
    public byte[]? Rewrite(LogRow row)
    {
        if (row.Kind is not (LogKind.Events or LogKind.Import)) return null;
        _body.ResetWrittenCount();
        var (changed, position) = (false, row.Position);
        foreach (var line in row.Events)
        {
            var ages = positions.Contains(position++) && _event.Read(line, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) && IsShown(_event.Type);
            changed |= ages;
            if (position > row.Position + 1) _body.Write("\n"u8);
            _body.Write(ages ? Skeleton(line) : line.Span);
        }

        return changed ? _body.WrittenSpan.ToArray() : null;
    }

    /// <summary>Whether journeys show such an event.</summary>
    public static bool IsShown(EventType type) => type is EventType.Track or EventType.Page or EventType.Screen;

    private ReadOnlySpan<byte> Skeleton(ReadOnlyMemory<byte> line)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "identify"u8);
            if (!_event.UserId.IsEmpty) json.WriteString("userId"u8, _event.UserId);
            if (!_event.AnonymousId.IsEmpty) json.WriteString("anonymousId"u8, _event.AnonymousId);
            if (line.Span.IndexOf("\"consent\""u8) >= 0) WriteConsent(json, line);
            json.WriteEndObject();
        }

        return _line.WrittenSpan;
    }

    private void WriteConsent(Utf8JsonWriter json, ReadOnlyMemory<byte> line)
    {
        // When it was said.
        json.WriteString("timestamp"u8, DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime);
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = CollectedEvent.MaxDepth });
        Write(json, document.RootElement);
        foreach (var name in (string[])["properties", "traits", "context"])
        {
            if (!document.RootElement.TryGetProperty(name, out var part) || part.ValueKind != JsonValueKind.Object) continue;
            json.WriteStartObject(name);
            Write(json, part);
            json.WriteEndObject();
        }

        static void Write(Utf8JsonWriter json, JsonElement of)
        {
            if (!of.TryGetProperty("consent"u8, out var consent)) return;
            json.WritePropertyName("consent"u8);
            consent.WriteTo(json);
        }
    }
}
