using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Tangent.Unify;

/// <summary>What was asked of one person by one letter.</summary>
/// <param name="Point">Kind and keyed hash of the e-mail address.</param>
/// <param name="Masked">What a page shows of it.</param>
/// <param name="Key">Identifier of whom it belongs to, or empty.</param>
/// <param name="Letter">Number of the letter, for the history.</param>
/// <param name="Items">Purposes, and topics as purpose/topic.</param>
internal sealed record ConfirmationTicket(string Point, string Masked, string Key, string Letter, IReadOnlyList<string> Items);

/// <summary>Makes and reads the links in the letters: encrypted, signed, and over after a week. The address itself is not in them.</summary>
internal sealed class ConfirmationLinks(IDataProtectionProvider protection)
{
    public const int Days = 7;
    public const string Path = "/preferences/confirm/";

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Unify.ConfirmationLinks").ToTimeLimitedDataProtector();

    public string Make(string address, ConfirmationTicket ticket) => address.TrimEnd('/') + Path + _protector.Protect(JsonSerializer.Serialize(ticket), TimeSpan.FromDays(Days));

    /// <returns>Null where the link was forged, cut, or its time is over.</returns>
    public ConfirmationTicket? Read(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<ConfirmationTicket>(_protector.Unprotect(token));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
