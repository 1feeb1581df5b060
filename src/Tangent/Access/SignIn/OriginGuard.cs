using System.Net;
using Tangent.Web;

namespace Tangent.Access;

/// <summary>Refuses what another web site makes a browser send: a cookie, or in a demo the mere address, must not be enough to change something.</summary>
internal static class OriginGuard
{
    public static Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var detail = Refusal(http);
        return detail is null ? next(http) : TypedResults.Problem(detail, title: "Refused.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
    }

    private static string? Refusal(HttpContext http)
    {
        // Collecting is for other sites and has keys of its own.
        if (http.Request.Path.StartsWithSegments("/v1")) return null;
        var request = http.Request;
        if (http.RequestServices.GetRequiredService<ServerOptions>().Demo && !IsLoopback(request.Host.Host) && !LocalAuthentication.IsSocket(http))
            return "A demo answers under localhost only. Use 'tangent serve' for a server that others reach.";
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (isSafe) return null;
        // Older browsers do not say where a request comes from, but name the page's origin. Where they do say it, the origin is
        // not compared: behind a proxy the host may have another name here.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isForeign = site.Length > 0
            ? site is "cross-site" or "same-site"
            : request.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == request.Host.Value);
        return isForeign ? "Changes are taken from Tangent's own pages only, or from programs." : null;
    }

    private static bool IsLoopback(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
