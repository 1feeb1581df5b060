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

    /// <summary>All at the root, where no call says what a person is like; and whose it is in each, as what said it is not kept.</summary>
    private void WriteConsent(Utf8JsonWriter json, ReadOnlyMemory<byte> line)
    {
        // When it was said.
        json.WriteString("timestamp"u8, DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime);
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = CollectedEvent.MaxDepth });
        var root = document.RootElement;
        var email = Text(Inner(root, "traits"), "email") is { Length: > 0 } own ? own : Text(Inner(Inner(root, "context"), "traits"), "email");
        json.WriteStartArray("consent"u8);
        foreach (var part in (JsonElement[])[root, Inner(root, "properties"), Inner(root, "traits")])
        {
            var consent = Inner(part, "consent");
            if (consent.ValueKind == JsonValueKind.Object) Write(json, consent, email);
            if (consent.ValueKind != JsonValueKind.Array) continue;
            foreach (var one in consent.EnumerateArray()) Write(json, one, email);
        }

        json.WriteEndArray();
        if (Inner(Inner(root, "context"), "consent") is not { ValueKind: JsonValueKind.Object } banner) return;
        json.WriteStartObject("context"u8);
        json.WritePropertyName("consent"u8);
        banner.WriteTo(json);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonElement consent, string email)
    {
        if (consent.ValueKind != JsonValueKind.Object) return;
        json.WriteStartObject();
        var isMissing = Text(consent, "contactPoint").Length == 0;
        foreach (var said in consent.EnumerateObject())
            if (!isMissing || said.Name != "contactPoint") said.WriteTo(json);
        // Of whom it is where it names nobody: of the e-mail address beside it; who may be followed, of the ids that stay.
        if (isMissing && email.Length > 0 && !Text(consent, "purpose").Trim().Equals("tracking", StringComparison.OrdinalIgnoreCase)) json.WriteString("contactPoint"u8, "email:" + email);
        json.WriteEndObject();
    }

    private static JsonElement Inner(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var inner) ? inner : default;

    private static string Text(JsonElement of, string name) => Inner(of, name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : "";
}
