using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tangent.Unify;

/// <summary>Reads the traits that the Segment specification reserves; senders write them in several ways.</summary>
internal static class TraitReading
{
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int MostCharacters = 500;

    /// <summary>A trait's name as <see cref="Json"/> writes it before its value.</summary>
    public static string Written(string name) => JsonSerializer.Serialize(name, Json) + ":";

    /// <summary>The digits of a text alone.</summary>
    public static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    public static string Name(JsonObject traits)
    {
        var whole = Text(traits, "name");
        if (whole.Length > 0) return whole;
        return $"{First(traits, "firstName", "first_name")} {First(traits, "lastName", "last_name")}".Trim();
    }

    /// <summary>The trait <c>company</c>: a text, or an object with a name.</summary>
    public static string Company(JsonObject traits) =>
        traits["company"] is JsonObject company ? Text(company, "name") : Text(traits, "company");

    public static string Text(JsonObject traits, string name)
    {
        if (traits[name] is not JsonValue value || value.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number)) return "";
        var text = value.ToString().Trim();
        return text.Length <= MostCharacters ? text : text[..MostCharacters];
    }

    /// <summary>A trait named twice, or half a surrogate pair, shows itself only when it is looked at.</summary>
    public static bool AreReadable(JsonObject traits)
    {
        try
        {
            foreach (var (name, _) in traits) Text(traits, name);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>A text, a number, or true or false, as text; empty for anything else.</summary>
    public static string Simple(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String or JsonValueKind.Number => value.ToString().Trim(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    /// <summary>The same of one trait, read without making all of them; empty where there is none.</summary>
    /// <param name="traits">A JSON object.</param>
    /// <param name="name">Name of the trait.</param>
    public static string Simple(string traits, string name)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(traits.Length));
        try
        {
            var reader = new Utf8JsonReader(utf8.AsSpan(0, Encoding.UTF8.GetBytes(traits, utf8)));
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals(name);
                reader.Read();
                if (!found)
                {
                    reader.Skip();
                    continue;
                }

                return reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString()!.Trim(),
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    _ => "",
                };
            }

            return "";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    private static string First(JsonObject traits, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Text(traits, name) is { Length: > 0 } text) return text;
        return "";
    }
}
