using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

internal enum ContactKind
{
    Email = 0,
    Phone = 1,
    Post = 2,

    /// <summary>Being followed: by one identifier of a customer.</summary>
    Tracking = 3,
}

/// <summary>Where somebody can be reached, normalised: the same e-mail address at two customers is one contact point.</summary>
/// <param name="Value">An address in small letters, a number as +49…, a folded postal address, or an identifier.</param>
internal sealed record ContactPoint(ContactKind Kind, string Value)
{
    /// <summary>As people and programs write it: <c>email:anna@example.org</c>.</summary>
    public string Name => $"{Word(Kind)}:{Value}";

    /// <summary>What may be shown to whoever holds a link to it.</summary>
    public string Masked => Kind switch
    {
        ContactKind.Email => Masks.Email(Value),
        ContactKind.Phone => Masks.Phone(Value),
        _ => Masks.Hidden,
    };

    public static string Word(ContactKind kind) => kind.ToString().ToLowerInvariant();
}

/// <summary>Reads contact points and gives each the name by which it is kept: a keyed hash, so that what is kept names nobody and yet survives an erasure.</summary>
internal sealed partial class ContactPoints(EventLog log, IOptionsMonitor<CompanyOptions> company)
{
    // No source has this number: a contact point's hash is never that of a message id.
    private const int OfContactPoints = -1;

    /// <summary>Traits that hold a telephone number.</summary>
    public static readonly IReadOnlyList<string> PhoneTraits = ["phone", "mobile"];

    private const int MostCharacters = 320;

    /// <summary>By what a contact point is kept: its kind and the hash, keyed with the log's secret.</summary>
    public string IdOf(ContactPoint point) =>
        $"{ContactPoint.Word(point.Kind)}:{log.KeyOf(OfContactPoints, Encoding.UTF8.GetBytes(point.Name)).ToString("x32", CultureInfo.InvariantCulture)}";

    /// <summary>Whether a text is what a contact point is kept by.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    public static ContactKind KindOf(string id) => Enum.Parse<ContactKind>(id[..id.IndexOf(':', StringComparison.Ordinal)], ignoreCase: true);

    /// <returns>Null where the text names no contact point.</returns>
    public ContactPoint? Read(string? text)
    {
        if (text is null || text.Length > MostCharacters || text.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon)) return null;
        var value = text[(colon + 1)..];
        return text[..colon].ToLowerInvariant() switch
        {
            "email" or "mailto" => Email(value),
            "phone" or "tel" => Phone(value),
            "post" => Post(value),
            // As events have it: an id has no control characters.
            "tracking" => Identifier().IsMatch(value) ? Tracking(value) : null,
            _ => null,
        };
    }

    /// <summary>The address in small letters; a tag after a plus sign stays, since it may be another mailbox.</summary>
    public static ContactPoint? Email(string text)
    {
        var address = text.Trim().ToLowerInvariant();
        return address.Length <= MostCharacters && !address.Contains('<') && EmailValue.Of(address).Length > 0 ? new ContactPoint(ContactKind.Email, address) : null;
    }

    public ContactPoint? Phone(string text) =>
        text.Length <= MostCharacters && PhoneValue.Of(text, company.CurrentValue.OwnCountry()) is { } number ? new ContactPoint(ContactKind.Phone, number) : null;

    public static ContactPoint? Post(string text) => AddressValue.Of(text) is { Length: > 0 } address ? new ContactPoint(ContactKind.Post, address) : null;

    public static ContactPoint Tracking(string identifier) => new(ContactKind.Tracking, identifier);

    /// <summary>The contact points of a customer: whatever a source says of e-mail, phone and address, and each identifier.</summary>
    public IReadOnlyList<ContactPoint> Of(IReadOnlyList<GoldenValue> values, IReadOnlyList<string> identifiers)
    {
        var found = values.SelectMany(v => v.Others.Select(o => o.Value).Prepend(v.Value).Select(said => Named(v.Name, said))).ToList();
        found.Add(Address(new JsonObject(values.Select(v => KeyValuePair.Create(v.Name, v.Value?.DeepClone())))));
        return [.. found.Concat(identifiers.Select(Tracking)).OfType<ContactPoint>().Distinct()];
    }

    /// <summary>The contact points that one source says of one identifier.</summary>
    public IReadOnlyList<ContactPoint> Of(Profile profile)
    {
        if (JsonNode.Parse(profile.Traits) is not JsonObject traits) return [];
        return [.. traits.Select(t => Named(t.Key, t.Value)).Append(Address(traits)).OfType<ContactPoint>().Distinct()];
    }

    [GeneratedRegex("^(email|phone|post|tracking):[0-9a-f]{32}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^(user|anonymous):[^\p{Cc}]+\z")]
    private static partial Regex Identifier();

    private ContactPoint? Named(string trait, JsonNode? value) => value is System.Text.Json.Nodes.JsonValue && TraitReading.Simple(value) is { Length: > 0 } text
        ? trait == "email" ? Email(text) : PhoneTraits.Contains(trait) ? Phone(text) : null : null;

    /// <summary>Of the trait <c>address</c> as the Segment specification has it, or of its parts by themselves.</summary>
    private static ContactPoint? Address(JsonObject traits)
    {
        var of = traits["address"] as JsonObject ?? traits;
        string Part(params string[] names) => names.Select(n => TraitReading.Simple(of[n])).FirstOrDefault(t => t.Length > 0) ?? "";
        return Part("street") is { Length: > 0 } street ? Post($"{street} {Part("postcode", "zip", "postalCode")} {Part("city", "town")}") : null;
    }
}
