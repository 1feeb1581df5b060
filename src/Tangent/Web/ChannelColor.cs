namespace Tangent.Web;

/// <summary>Every channel keeps one colour on all pages: the CSS variables <c>--ch-0</c> … <c>--ch-11</c>, class <c>ch-N</c>.</summary>
public static class ChannelColor
{
    public const int Count = 12;

    private static readonly Dictionary<string, int> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["web"] = 0,
        ["website"] = 0,
        ["web shop"] = 0,
        ["online shop"] = 0,
        ["app"] = 9,
        ["mobile"] = 9,
        ["chat"] = 9,
        ["email"] = 1,
        ["e-mail"] = 1,
        ["newsletter"] = 5,
        ["phone"] = 2,
        ["hotline"] = 2,
        ["call"] = 2,
        ["store"] = 4,
        ["shop"] = 4,
        ["workshop"] = 11,
        ["social"] = 3,
        ["social media"] = 3,
        ["review"] = 6,
        ["reviews"] = 6,
        ["review portals"] = 6,
        ["mail"] = 7,
        ["letter"] = 7,
        ["invoice"] = 7,
        ["parcel"] = 10,
        ["delivery"] = 10,
        ["complaint"] = 8,
        ["field sales"] = 8,
        ["fleet"] = 8,
    };

    public static int Of(string? channel)
    {
        if (string.IsNullOrEmpty(channel)) return 7;
        if (Known.TryGetValue(channel, out var known)) return known;
        // FNV-1a, because string.GetHashCode differs from run to run and a colour must not.
        var hash = 2166136261u;
        foreach (var c in channel.ToLowerInvariant()) hash = (hash ^ c) * 16777619u;
        return (int)(hash % Count);
    }
}
