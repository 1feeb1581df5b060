using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tangent.Access;

/// <summary>What one reader may not see, and how it is shown instead: the only place that masks.</summary>
/// <param name="Hidden">Kinds that the reader does not see.</param>
/// <param name="Own">The reader's own name, which may be an e-mail address.</param>
internal sealed partial record Masking(IReadOnlySet<SensitiveKind> Hidden, string Own = "")
{
    public static readonly Masking None = new(new HashSet<SensitiveKind>());

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsNone => Hidden.Count == 0;

    public bool Hides(SensitiveKind kind) => Hidden.Contains(kind);

    /// <summary>Whether a field of this name is hidden.</summary>
    public bool HidesField(string name) => SensitiveFields.KindOf(name) is { } kind && Hides(kind);

    /// <summary>A value of a kind.</summary>
    public string Value(SensitiveKind kind, string value) => value.Length == 0 || !Hides(kind) ? value : kind switch
    {
        SensitiveKind.Email => Masks.Email(value),
        SensitiveKind.Phone => Masks.Phone(value),
        _ => Masks.Hidden,
    };

    /// <summary>Whether the reader sees a text as it stands. An identifier that is not seen so names nobody: its being found would already say whose it is.</summary>
    public bool Shows(string text) => Text(text) == text;

    /// <summary>A text of any kind: addresses and numbers in it are masked.</summary>
    public string Text(string text)
    {
        if (IsNone || text.Length == 0) return text;
        // Line by line: only where there may be an address is one looked for, and a long answer needs no longer than its lines.
        return text.Contains('\n', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(Line)) : Line(text);
    }

    private string Line(string text)
    {
        if (Hides(SensitiveKind.Email) && (text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal) || text.Contains("64;", StringComparison.Ordinal) || text.Contains("x40;", StringComparison.OrdinalIgnoreCase)))
            text = Email().Replace(text, m => string.Equals(m.Value, Own, StringComparison.OrdinalIgnoreCase) || m.Value.Contains(Masks.Hidden, StringComparison.Ordinal) ? m.Value : m.Groups["first"].Value + Masks.Hidden + m.Groups["at"].Value + m.Groups["host"].Value);
        if (Hides(SensitiveKind.Phone)) text = Phone().Replace(text, m => m.Groups["plus"].Value + Masks.Phone("+" + m.Groups["number"].Value)[1..]);
        return text;
    }

    /// <summary>What stands under a name: by the name where that tells what it is, else by what it looks like.</summary>
    public JsonNode? Field(string name, JsonNode? value)
    {
        if (IsNone || value is null) return value?.DeepClone();
        if (SensitiveFields.KindOf(name) is not { } kind || !Hides(kind)) return Node(value);
        return value switch
        {
            JsonArray list => new JsonArray([.. list.Select(v => Field(name, v))]),
            JsonObject => JsonValue.Create(Masks.Hidden),
            // An address of a page is not a person's.
            _ when kind == SensitiveKind.Address && value.ToString().StartsWith('/') => JsonValue.Create(Text(value.ToString())),
            _ when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => JsonValue.Create(value.ToString() is { Length: > 0 } text ? Value(kind, text) : ""),
            _ => value.DeepClone(),
        };
    }

    /// <summary>A whole value; fields of objects by their names, and of <c>{"name":"birthDate","value":…}</c> by the name said.</summary>
    public JsonNode? Node(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                var said = fields.ContainsKey("name") && fields.ContainsKey("value") && fields["name"] is JsonValue named && named.GetValueKind() == JsonValueKind.String ? named.ToString() : null;
                return new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key,
                    said is not null && f.Key == "value" ? Field(said, f.Value)
                    : said is not null && f.Key == "others" && f.Value is JsonArray others ? new JsonArray([.. others.Select(o => Other(said, o))])
                    : Field(f.Key, f.Value))));
            case JsonArray list:
                return new JsonArray([.. list.Select(Node)]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return JsonValue.Create(Text(value.ToString()));
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>A JSON text, also one that was cut or is none.</summary>
    public string Json(string json)
    {
        if (IsNone) return json;
        try
        {
            return Node(JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 1000 }))?.ToJsonString(Written) ?? json;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // A field named twice, half a surrogate pair, or cut: pair by pair.
            return Text(Pair().Replace(json, m => HidesField(m.Groups["name"].Value) ? $"\"{m.Groups["name"].Value}\":\"{Masks.Hidden}\"" : m.Value));
        }
    }

    private JsonNode? Other(string name, JsonNode? other) =>
        other is JsonObject fields ? new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, f.Key == "value" ? Field(name, f.Value) : Field(f.Key, f.Value)))) : Node(other);

    // In a page an @ and the letters before it can be written as entities, in an address percent-encoded.
    [GeneratedRegex(@"(?<first>&\#x[0-9A-Fa-f]+;|[\p{L}\p{N}_])(?:&\#x[0-9A-Fa-f]+;|%[0-9A-F]{2}|[\p{L}\p{N}_.+'\-]){0,100}?(?<at>@|%40|&\#64;|&\#x40;)(?<host>[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+)", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<plus>\+|&\#x2B;|&\#43;|%2B)(?<number>[1-9][0-9](?:[ \u00A0()/.\-]{0,2}[0-9]){5,13})(?![0-9])", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Phone();

    [GeneratedRegex("\"(?<name>[^\"\\\\]{1,60})\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\"?|[0-9.eE+-]+)", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Pair();
}
