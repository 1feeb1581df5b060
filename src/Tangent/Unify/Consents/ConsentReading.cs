using System.Globalization;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>A word about consent as somebody said it.</summary>
/// <param name="AsksIn">Language of the letter that asks for a confirmation, or empty where the person's is not known; null: none is asked for.</param>
internal sealed record ConsentStatement(ContactPoint Point, string Purpose, string Topic, ConsentState State, DateTime AtUtc, string Version, string Wording, string? AsksIn = null);

/// <summary>By whom and when consents are said.</summary>
/// <param name="Key">Identifier of the event.</param>
/// <param name="AtUtc">When it happened.</param>
/// <param name="IsTrusted">Whether it came from a source whose key is not public.</param>
/// <param name="ReceivedUtc">When it was received; null of an import, of which nothing is to be confirmed: those are consents of before.</param>
internal sealed record ConsentSpeaker(string Key, DateTime AtUtc, bool IsTrusted, DateTime? ReceivedUtc);

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

    public IReadOnlyList<ConsentStatement> Of(ReadOnlyMemory<byte> json, ConsentSpeaker by)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var said = new List<ConsentStatement>();
            var root = document.RootElement;
            foreach (var part in new[] { root, Inner(root, "properties"), Inner(root, "traits") }) Read(Inner(part, "consent"), root, by, said);
            Preferences(Inner(Inner(Inner(root, "context"), "consent"), "categoryPreferences"), by, said);
            // Anybody can send what a public key lets through: it decides over the visitor's own tracking alone, and can ask for a confirmation.
            return by.IsTrusted ? said : [.. said.Select(s => Untrusted(s, by.Key)).OfType<ConsentStatement>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair shows itself only when the text is taken.
            return [];
        }
    }

    private ConsentStatement? Untrusted(ConsentStatement said, string key) =>
        said.Point.Kind == ContactKind.Tracking ? said.Point.Value == key && key.StartsWith("anonymous:", StringComparison.Ordinal) ? said : null
        : said.State == ConsentState.Withdrawn || !IsSetUp(said.Purpose, said.Topic) ? null : said with { State = ConsentState.Pending };

    /// <summary>Limits are of a purpose and topic: whoever makes up topics would have none, and a letter would say her own words.</summary>
    private bool IsSetUp(string purpose, string topic) => purposes.Find(purpose) is { } known && (topic.Length == 0 || known.TopicList.Any(t => t.Key == topic));

    private void Read(JsonElement consent, JsonElement root, ConsentSpeaker by, List<ConsentStatement> said)
    {
        if (consent.ValueKind == JsonValueKind.Object) Add(consent, root, by, said);
        if (consent.ValueKind != JsonValueKind.Array) return;
        foreach (var one in consent.EnumerateArray().Take(MostInAnEvent)) Add(one, root, by, said);
    }

    private void Add(JsonElement consent, JsonElement root, ConsentSpeaker by, List<ConsentStatement> said)
    {
        var purpose = ConsentNames.KeyOf(Text(consent, "purpose"));
        var topic = Text(consent, "topic") is { Length: > 0 } named ? ConsentNames.KeyOf(named) : "";
        if (purpose is null || topic is null || StateOf(Text(consent, "state")) is not { } state) return;
        var point = Text(consent, "contactPoint") is { Length: > 0 } contact ? points.Read(contact) : OwnPoint(purpose, root, by.Key);
        if (point is null) return;
        var at = DateTimeOffset.TryParse(Text(consent, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when) && when.UtcDateTime < by.AtUtc ? when.UtcDateTime : by.AtUtc;
        var asks = state != ConsentState.Withdrawn && by.ReceivedUtc is { } received && MustConfirm(point, purpose, Text(consent, "state"), received);
        said.Add(new ConsentStatement(
            point, purpose, topic, asks ? ConsentState.Pending : state, at, Text(consent, "wordingVersion"), Text(consent, "wording"), asks ? Language(consent, root) : null));
    }

    /// <summary>Whether it holds only once the person confirms it by a letter: somebody else may have typed the address. Who says "confirmed" has had that done.</summary>
    public bool MustConfirm(ContactPoint point, string purpose, string state, DateTime receivedUtc) =>
        point.Kind == ContactKind.Email && purposes.Find(purpose)?.ConfirmSinceUtc <= receivedUtc && !state.Trim().Equals("confirmed", StringComparison.OrdinalIgnoreCase);

    /// <summary>As the consent, the traits or the browser say it: <c>de</c> of <c>de-AT</c>; empty where it is none that letters are written in.</summary>
    private static string Language(JsonElement consent, JsonElement root) =>
        new[] { Text(consent, "language"), Text(Inner(root, "traits"), "language"), Text(Inner(Inner(root, "context"), "traits"), "language"), Text(Inner(root, "context"), "locale") }
            .Select(LetterLanguage).FirstOrDefault(l => l.Length > 0) ?? "";

    public static string LetterLanguage(string? text) => text?.Split('-', '_')[0].ToLowerInvariant() is { } language && ConsentPurpose.Languages.Contains(language) ? language : "";

    /// <summary>Where no contact point is named, tracking is of the event's customer, anything else of the e-mail address in its traits.</summary>
    private static ContactPoint? OwnPoint(string purpose, JsonElement root, string key) => purpose == ConsentPurpose.Tracking
        ? ContactPoints.Tracking(key)
        : ContactPoints.Email(Text(Inner(root, "traits"), "email") is { Length: > 0 } email ? email : Text(Inner(Inner(root, "context"), "traits"), "email"));

    /// <summary>What a banner asked: all of it is about following this visitor.</summary>
    private void Preferences(JsonElement preferences, ConsentSpeaker by, List<ConsentStatement> said)
    {
        if (preferences.ValueKind != JsonValueKind.Object || by.Key.Length == 0) return;
        foreach (var category in preferences.EnumerateObject().Take(MostInAnEvent))
            if (category.Value.ValueKind is JsonValueKind.True or JsonValueKind.False && purposes.OfCategory(category.Name) is { } purpose)
                said.Add(new ConsentStatement(
                    ContactPoints.Tracking(by.Key), purpose.Key, "", category.Value.GetBoolean() ? ConsentState.Given : ConsentState.Withdrawn, by.AtUtc, "", ""));
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
