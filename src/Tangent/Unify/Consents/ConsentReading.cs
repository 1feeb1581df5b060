using System.Globalization;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>A word about consent as somebody said it.</summary>
/// <param name="Key">Identifier of which it was said.</param>
internal sealed record ConsentStatement(ContactPoint Point, string Purpose, string Topic, ConsentState State, DateTime AtUtc, string Version, string Wording, string Key);

/// <summary>
/// Finds what an event says of consent: <c>consent</c> beside the event's other fields, in its properties or in its traits, an object or several:
/// <code>{"contactPoint":"email:anna@example.org","purpose":"commercial","topic":"newsletter","state":"given","at":"2026-03-01T09:00:00Z","wording":"…","wordingVersion":"3"}</code>
/// and <c>context.consent.categoryPreferences</c> of Segment's SDKs.
/// </summary>
internal sealed class ConsentReading(ContactPoints points, ConsentPurposes purposes)
{
    private const int MostInAnEvent = 100;
    private const int MostCharacters = 4000;

    private static readonly string[] GivenWords = ["given", "granted", "true", "yes", "1", "optedin", "optin", "subscribed", "confirmed", "active"];
    private static readonly string[] WithdrawnWords = ["withdrawn", "denied", "false", "no", "0", "optedout", "optout", "unsubscribed", "revoked", "declined"];

    /// <summary>Most events say nothing of it; looking for the word is much cheaper than reading them.</summary>
    public static bool SaysSomething(ReadOnlySpan<byte> json) => json.IndexOf("\"consent\""u8) >= 0;

    /// <param name="json">The event.</param>
    /// <param name="key">Its identifier.</param>
    /// <param name="atUtc">When it happened.</param>
    /// <param name="trusted">Whether it came from a source whose key is not public.</param>
    public IReadOnlyList<ConsentStatement> Of(ReadOnlyMemory<byte> json, string key, DateTime atUtc, bool trusted)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var said = new List<ConsentStatement>();
            var root = document.RootElement;
            foreach (var part in new[] { root, Inner(root, "properties"), Inner(root, "traits") }) Read(Inner(part, "consent"), root, key, atUtc, said);
            Preferences(Inner(Inner(Inner(root, "context"), "consent"), "categoryPreferences"), key, atUtc, said);
            // Anybody can send what a public key lets through: it decides over the visitor's own tracking alone, and can ask for a confirmation.
            return trusted ? said : [.. said.Select(s => Untrusted(s, key)).OfType<ConsentStatement>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair shows itself only when the text is taken.
            return [];
        }
    }

    private static ConsentStatement? Untrusted(ConsentStatement said, string key) =>
        said.Point.Kind == ContactKind.Tracking ? said.Point.Value == key && key.StartsWith("anonymous:", StringComparison.Ordinal) ? said : null
        : said.State == ConsentState.Withdrawn ? null : said with { State = ConsentState.Pending };

    private void Read(JsonElement consent, JsonElement root, string key, DateTime atUtc, List<ConsentStatement> said)
    {
        if (consent.ValueKind == JsonValueKind.Object) Add(consent, root, key, atUtc, said);
        if (consent.ValueKind != JsonValueKind.Array) return;
        foreach (var one in consent.EnumerateArray().Take(MostInAnEvent)) Add(one, root, key, atUtc, said);
    }

    private void Add(JsonElement consent, JsonElement root, string key, DateTime atUtc, List<ConsentStatement> said)
    {
        var purpose = ConsentPurpose.KeyOf(Text(consent, "purpose"));
        var topic = Text(consent, "topic") is { Length: > 0 } named ? ConsentPurpose.KeyOf(named) : "";
        if (purpose is null || topic is null || StateOf(Text(consent, "state")) is not { } state) return;
        var point = Text(consent, "contactPoint") is { Length: > 0 } contact ? points.Read(contact) : OwnPoint(purpose, root, key);
        if (point is null) return;
        var at = DateTimeOffset.TryParse(Text(consent, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when) && when.UtcDateTime < atUtc ? when.UtcDateTime : atUtc;
        said.Add(new ConsentStatement(point, purpose, topic, state, at, Text(consent, "wordingVersion"), Text(consent, "wording"), key));
    }

    /// <summary>Where no contact point is named, tracking is of the event's customer, anything else of the e-mail address in its traits.</summary>
    private static ContactPoint? OwnPoint(string purpose, JsonElement root, string key) => purpose == ConsentPurpose.Tracking
        ? ContactPoints.Tracking(key)
        : ContactPoints.Email(Text(Inner(root, "traits"), "email") is { Length: > 0 } email ? email : Text(Inner(Inner(root, "context"), "traits"), "email"));

    /// <summary>What a banner asked: all of it is about following this visitor.</summary>
    private void Preferences(JsonElement preferences, string key, DateTime atUtc, List<ConsentStatement> said)
    {
        if (preferences.ValueKind != JsonValueKind.Object) return;
        foreach (var category in preferences.EnumerateObject().Take(MostInAnEvent))
            if (category.Value.ValueKind is JsonValueKind.True or JsonValueKind.False && purposes.OfCategory(category.Name) is { } purpose)
                said.Add(new ConsentStatement(
                    ContactPoints.Tracking(key), purpose.Key, "", category.Value.GetBoolean() ? ConsentState.Given : ConsentState.Withdrawn, atUtc, "", "", key));
    }

    public static ConsentState? StateOf(string text)
    {
        var word = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return GivenWords.Contains(word) ? ConsentState.Given : WithdrawnWords.Contains(word) ? ConsentState.Withdrawn : word is "pending" or "unconfirmed" ? ConsentState.Pending : null;
    }

    private static JsonElement Inner(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var inner) ? inner : default;

    private static string Text(JsonElement of, string name)
    {
        var value = Inner(of, name);
        var text = value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.True => "true", JsonValueKind.False => "false", JsonValueKind.Number => value.GetRawText(), _ => "" };
        return text.Length <= MostCharacters ? text : text[..MostCharacters];
    }
}
