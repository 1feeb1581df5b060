namespace Tangent.Access;

/// <summary>What a browser is called, from what it says of itself: "Firefox, Windows". Order matters: nearly all of them claim to be Safari, most also Chrome.</summary>
internal static class BrowserName
{
    private static readonly (string Mark, string Name)[] Browsers = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string Of(string says)
    {
        string? Find((string Mark, string Name)[] known) => known.FirstOrDefault(k => says.Contains(k.Mark, StringComparison.Ordinal)).Name;
        return (Find(Browsers), Find(Systems)) switch
        {
            (null, null) => says.Length > 0 ? says : "–",
            var (browser, system) => string.Join(", ", new[] { browser, system }.OfType<string>()),
        };
    }
}
