using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Tangent.Mail;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>What a link to the preference centre opens.</summary>
/// <param name="Point">Kind and keyed hash of the contact point.</param>
/// <param name="Masked">What the page shows of it.</param>
/// <param name="Key">Identifier of whom it belongs to, or empty.</param>
/// <param name="Purpose">What one click withdraws; commercial, where nothing is said.</param>
internal sealed record PreferenceTicket(string Point, string Masked, string Key, string Purpose, string Topic);

/// <summary>A link to the preference centre.</summary>
/// <param name="Url">Opens the preference centre.</param>
/// <param name="OneClickUrl">For the List-Unsubscribe header: a POST withdraws at once (RFC 8058).</param>
/// <param name="ValidUntil">When both end, UTC.</param>
public sealed record MadeLink(string Url, string OneClickUrl, DateTime ValidUntil);

/// <summary>Makes and reads the links: encrypted and signed (AES and HMAC-SHA256, the framework's data protection) with the keys of the data folder; the contact point itself is not in them.</summary>
internal sealed class PreferenceLinks(IDataProtectionProvider protection, IOptionsMonitor<MailOptions> mail, ContactPoints points, TimeProvider time)
{
    public const int UsualDays = 60;
    public const int MostDays = 730;
    public const string Path = "/preferences/";

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Unify.PreferenceLinks").ToTimeLimitedDataProtector();

    /// <summary>Where people reach this server: as it is set, else as who asks reached it, or, for a command that came by no address, where the server listens.</summary>
    public string AddressOf(HttpContext http) => mail.CurrentValue.PublicAddress is { Length: > 0 } known ? known : http.ReachedAt();

    /// <param name="address">Where people reach this server.</param>
    /// <param name="point">Whose consents the link opens.</param>
    /// <param name="key">Identifier of the customer.</param>
    /// <param name="days">How long it does.</param>
    /// <param name="purpose">What one click withdraws.</param>
    /// <param name="topic">A topic of it; empty for all.</param>
    public MadeLink Make(string address, ContactPoint point, string key, int days, string purpose, string topic = "") =>
        Make(address, new PreferenceTicket(points.IdOf(point), point.Masked, key, purpose, topic), days);

    /// <param name="address">Where people reach this server.</param>
    /// <param name="ticket">What the link opens.</param>
    /// <param name="days">How long it does.</param>
    public MadeLink Make(string address, PreferenceTicket ticket, int days)
    {
        var until = time.GetUtcNow().AddDays(days);
        var url = address.TrimEnd('/') + Path + _protector.Protect(JsonSerializer.Serialize(ticket), until);
        return new MadeLink(url, url + "/one-click", until.UtcDateTime);
    }

    /// <returns>Null where the link was forged, cut, or its time is over.</returns>
    public PreferenceTicket? Read(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<PreferenceTicket>(_protector.Unprotect(token));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
