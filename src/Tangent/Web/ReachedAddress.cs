using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Tangent.Web;

/// <summary>Scheme, host and port by which people reach this server.</summary>
internal static class ReachedAddress
{
    /// <summary>The name under which the command line asks, by the data folder's socket: nobody else can open it.</summary>
    public const string SocketHost = "tangent.local";

    /// <summary>Where a server listens unless said.</summary>
    public const string Usual = "http://localhost:5080";

    private static readonly string[] Anywhere = ["://[::]", "://0.0.0.0", "://+", "://*"];

    /// <summary>The address by which the request came; for who asks by the socket, the one on which the server listens, or would.</summary>
    public static string ReachedAt(this HttpContext http) => http.Request.Host.Host == SocketHost
        ? Opened(http.RequestServices.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        : $"{http.Request.Scheme}://{http.Request.Host}";

    internal static string Opened(IEnumerable<string> addresses)
    {
        var first = addresses.FirstOrDefault(a => a.StartsWith("http", StringComparison.Ordinal) && !a.Contains("unix:", StringComparison.Ordinal)) ?? Usual;
        return Anywhere.Aggregate(first, (address, anywhere) => address.Replace(anywhere, "://localhost", StringComparison.Ordinal)).TrimEnd('/');
    }
}
