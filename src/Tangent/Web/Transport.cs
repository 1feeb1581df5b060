using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Tangent.Web;

/// <summary>What lies between browser and server: proxies that are believed, and HTTPS that browsers are told to keep to.</summary>
internal static class Transport
{
    public static void UseTransport(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        if (proxies.Trusted.Length > 0) app.UseForwardedHeaders(Believe(proxies.Trusted));
        if (app.Services.GetRequiredService<IOptions<HttpsOptions>>().Value.HstsDays > 0) app.UseHsts();
    }

    /// <returns>Null where something in the list is neither an address nor a network.</returns>
    public static IReadOnlyList<IPNetwork>? Networks(string trusted)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in trusted.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(part, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else return null;
        }

        return networks;
    }

    private static ForwardedHeadersOptions Believe(string trusted)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All & ~ForwardedHeaders.XForwardedPrefix, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in Networks(trusted)!) options.KnownIPNetworks.Add(network);
        return options;
    }
}
