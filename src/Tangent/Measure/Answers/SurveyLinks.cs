using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Tangent.Mail;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>What a link to a survey opens.</summary>
/// <param name="Survey">Number of the survey.</param>
/// <param name="Response">Whose answers these are: who comes again goes on where she left off.</param>
/// <param name="Key">Identifier of who answers.</param>
/// <param name="Touchpoint">What is asked about; empty for the company as a whole.</param>
/// <param name="Via">letter, link or widget.</param>
/// <param name="Address">E-mail address that the letter went to: whoever opens the link reads what comes there.</param>
public sealed record SurveyTicket(int Survey, Guid Response, string Key, string Touchpoint, string Via, string? Address = null)
{
    internal const string Widget = "widget";
    internal const string Api = "api";
    private const string Nobody = "anonymous:survey-";

    /// <summary>Answers of somebody who is not known: by a public link.</summary>
    internal static SurveyTicket OfSomebody(int survey, string touchpoint, string via)
    {
        var response = Guid.CreateVersion7();
        return new SurveyTicket(survey, response, $"{Nobody}{response:N}", touchpoint, via);
    }

    /// <summary>The same where the person is not known any more, as after an erasure.</summary>
    internal SurveyTicket OfNobody() => this with { Key = $"{Nobody}{Response:N}", Address = null };

    public bool IsPersonal => !Key.StartsWith(Nobody, StringComparison.Ordinal);
}

/// <summary>Makes and reads the links of surveys: encrypted and signed (AES and HMAC-SHA256, the framework's data protection) with the keys of the data folder.</summary>
internal sealed class SurveyLinks(IDataProtectionProvider protection, IOptionsMonitor<MailOptions> mail, TimeProvider time)
{
    public const int ValidDays = 60;
    public const string Path = "/s/";

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Measure.SurveyLinks").ToTimeLimitedDataProtector();

    public string Token(SurveyTicket ticket) => _protector.Protect(JsonSerializer.Serialize(ticket), time.GetUtcNow().AddDays(ValidDays));

    /// <returns>Null where the link was forged, cut, or its time is over.</returns>
    public SurveyTicket? Read(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<SurveyTicket>(_protector.Unprotect(token));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The address under which people reach this server.</summary>
    public string Address(HttpContext http) => PublicAddress ?? http.ReachedAt();

    /// <summary>Null where nobody has set it: then letters cannot lead here.</summary>
    public string? PublicAddress => mail.CurrentValue.PublicAddress is { Length: > 0 } known ? known.TrimEnd('/') : null;
}
