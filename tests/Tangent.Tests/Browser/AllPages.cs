using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Tangent.Tests.Browser;

/// <summary>Finds every page: the addresses without parameters from the program's own list, all others by following the links, so that a new page is looked at without being named here.</summary>
internal static partial class AllPages
{
    // What no link leads to, or what is worth looking at beside the usual.
    private static readonly string[] Chosen =
    [
        "/map/touchpoints/5", "/map/touchpoints/5/edit", "/there/is/no/such/page", "/search?q=shop", "/search?q=nothing%20at%20all",
        "/analyse/funnels?step=Product+page&step=Checkout&window=30d&breakdown=channel", "/analyse/funnels/customers?step=Product+page&step=Checkout&at=1&dropped=true",
        "/analyse/funnels?from=never", "/analyse/funnels?from=1999-01-01&to=1999-01-02", "/analyse/variants?variants.sort=-duration&variants.find=order",
        "/unify/customers/0", "/unify/customers/0/merge", "/unify/customers?search=nobody%20at%20all", "/collect/sources/1",
    ];

    public static async Task<List<string>> FindAsync(TestServer server)
    {
        var routes = Routes(server).ToList();
        var waiting = new Queue<string>(routes.Where(r => !r.Contains('{', StringComparison.Ordinal)).Concat(Chosen));
        var (pages, kinds) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        while (waiting.TryDequeue(out var address))
        {
            if (await ReadAsync(server, address) is not { } html) continue;
            pages.Add(address);
            kinds.Add(Kind(address));
            foreach (var href in Links().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).Where(h => !h.Contains("export=", StringComparison.Ordinal) && !h.Contains("edit=", StringComparison.Ordinal)))
                if (kinds.Add(Kind(href))) waiting.Enqueue(href);
        }

        return [.. pages.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Addresses with parameters that answer GET and that none of the pages belongs to.</summary>
    public static IEnumerable<string> Unseen(TestServer server, IReadOnlyList<string> pages) =>
        Routes(server).Where(r => r.Contains('{', StringComparison.Ordinal))
            .Where(r => new Regex("^" + Parameter().Replace(Regex.Escape(r).Replace("\\{", "{", StringComparison.Ordinal), "[^/?]+") + "(\\?.*)?$") is var pattern && !pages.Any(p => pattern.IsMatch(p)));

    private static IEnumerable<string> Routes(TestServer server) =>
        server.Get<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
            .Where(r => !r.StartsWith("/api/", StringComparison.Ordinal) && !r.StartsWith("/v1/", StringComparison.Ordinal) && !r.StartsWith("/openapi", StringComparison.Ordinal) && !Path.HasExtension(r.Split('{')[0]))
            .Distinct().Order(StringComparer.Ordinal);

    /// <summary>Pages of one kind differ in numbers and in what is chosen on them.</summary>
    private static string Kind(string address) => Number().Replace(address.Split('?', '#')[0], "/{n}");

    /// <returns>Null where the address does not answer with a whole page.</returns>
    private static async Task<string?> ReadAsync(TestServer server, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        ((int)answer.StatusCode).ShouldBeLessThan(500, address);
        if (answer.Content.Headers.ContentType?.MediaType != "text/html") return null;
        // Lists of customers without the number they stand behind are refused: with one they are found as a link.
        if (!answer.IsSuccessStatusCode && !Chosen.Contains(address)) return null;
        var text = await answer.Content.ReadAsStringAsync();
        return text.StartsWith("<!DOCTYPE html>", StringComparison.OrdinalIgnoreCase) ? text : null;
    }

    [GeneratedRegex("<a [^>]*href=\"(/[^\"/][^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("/(?:[a-z]+-)?[0-9]+(?=/|$)")]
    private static partial Regex Number();

    [GeneratedRegex(@"\{[^}]*}")]
    private static partial Regex Parameter();
}
