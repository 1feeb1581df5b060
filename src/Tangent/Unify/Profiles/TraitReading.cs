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

    /// <summary>A text, a number, or true or false, as text; empty for anything else.</summary>
    public static string Simple(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String or JsonValueKind.Number => value.ToString().Trim(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    private static string First(JsonObject traits, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (Text(traits, name) is { Length: > 0 } text) return text;
        return "";
    }
}
