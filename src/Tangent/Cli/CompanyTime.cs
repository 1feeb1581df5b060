using System.Text.Json;

namespace Tangent.Cli;

/// <summary>Moments as the company's clocks show them, so that a command names the same day as a page.</summary>
internal static class CompanyTime
{
    // Of one command: in tests several run beside each other, of different companies.
    private static readonly AsyncLocal<Lazy<TimeZoneInfo>?> Zone = new();

    /// <summary>Asks the server in which time zone the company is; UTC where it does not say.</summary>
    public static async Task<TimeZoneInfo> ZoneAsync(HttpClient http, CancellationToken ct)
    {
        using var response = await http.GetAsync("/api/v1/operate/calendar", ct);
        if (!response.IsSuccessStatusCode) return TimeZoneInfo.Utc;
        using var calendar = JsonDocument.Parse(await response.Content.ReadAsStringAsync(ct));
        return TimeZoneInfo.FindSystemTimeZoneById(calendar.RootElement.GetProperty("timeZone").GetString()!);
    }

    /// <summary>From here on in this command moments are of the company's zone. The server is asked for it at the first moment that is printed: most commands print none.</summary>
    public static void Use(HttpClient http, CancellationToken ct) => Zone.Value = new Lazy<TimeZoneInfo>(() => ZoneAsync(http, ct).GetAwaiter().GetResult());

    /// <summary>A moment of an answer, which is in UTC, in the company's time.</summary>
    public static DateTime GetLocal(this JsonElement moment) =>
        TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(moment.GetDateTime(), DateTimeKind.Utc), Zone.Value?.Value ?? TimeZoneInfo.Utc);
}
