using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tangent.Data;

namespace Tangent.Web;

internal static class WebHost
{
    public static WebApplicationBuilder CreateBuilder(ServerOptions options)
    {
        // The program's own files (wwwroot, appsettings.json) lie beside the assembly, whatever the working directory is.
        var home = AppContext.BaseDirectory;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = home,
        });
        builder.Configuration.AddEnvironmentVariables("TANGENT_");
        builder.Configuration.AddCommandLine([.. options.Arguments]);
        // From a build (not a publish) the assets lie where their manifest says.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IHostLifetime, CommandLifetime>();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            // A question is its address: 64 rules about long names are more than the usual 8 KB.
            kestrel.Limits.MaxRequestLineSize = 64 << 10;
            kestrel.ListenUnixSocket(new DataFolder(options.DataFolder).Socket);
            var https = context.Configuration.GetSection(HttpsOptions.Section).Get<HttpsOptions>() ?? new HttpsOptions();
            var certificate = https.CertificateFile.Length > 0 ? new ServerCertificate(https) : null;
            foreach (var url in options.Urls) Listen(kestrel, BindingAddress.Parse(url), certificate);
        });
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress address, ServerCertificate? certificate)
    {
        void Configure(ListenOptions listen)
        {
            if (!string.Equals(address.Scheme, "https", StringComparison.OrdinalIgnoreCase)) return;
            if (certificate is null) listen.UseHttps();
            else listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current() }) });
        }

        var isAny = address.Host is "*" or "+";
        if (address.Scheme is not ("http" or "https") || address.Port is < 0 or > 65535 || !(isAny || address.Host == "localhost" || IPAddress.TryParse(address.Host, out _)))
            throw new FormatException($"'{address}' is not an address to listen on. Use for example http://localhost:5080, http://192.168.1.5:5080 or http://*:5080 for every interface.");
        if (address.Host == "localhost" && address.Port != 0) kestrel.ListenLocalhost(address.Port, Configure);
        else if (address.Host == "localhost") kestrel.Listen(IPAddress.Loopback, 0, Configure);
        else if (IPAddress.TryParse(address.Host, out var ip)) kestrel.Listen(ip, address.Port, Configure);
        else kestrel.ListenAnyIP(address.Port, Configure);
    }

    /// <summary>The command that begins a server ends it, and alone hears the signals.</summary>
    private sealed class CommandLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
