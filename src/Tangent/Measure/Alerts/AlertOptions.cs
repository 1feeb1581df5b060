using Tangent.Mail;

namespace Tangent.Measure;

/// <summary>Alerts: falls of scores, floods of bad answers, touchpoints from which nothing comes.</summary>
internal sealed class AlertOptions
{
    public const string Section = "Alerts", Key = Section + ":" + nameof(Recipients);
    private const int MostRecipients = 50;

    /// <summary>E-mail addresses, separated by commas, that get a letter about what is new; none unless said.</summary>
    public string Recipients { get; set; } = "";

    /// <returns>Null where one of them takes no letter.</returns>
    public static IReadOnlyList<string>? Read(string recipients)
    {
        string[] read = [.. recipients.Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
        return read.Length <= MostRecipients && read.All(Letter.CanGoTo) ? read : null;
    }
}
