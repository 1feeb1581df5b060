namespace Tangent.Web;

internal static class LocalAddress
{
    /// <summary>Only addresses of this server: a link from elsewhere must not send people away.</summary>
    public static string Of(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.StartsWith("/\\", StringComparison.Ordinal) && !url.Any(char.IsControl)
            ? string.Concat(url.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())))
            : "/";
}
