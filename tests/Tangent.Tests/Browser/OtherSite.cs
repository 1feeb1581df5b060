using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tangent.Tests.Collect;

namespace Tangent.Tests.Browser;

/// <summary>The web site of a company: another origin than Tangent's, with the same script on every page.</summary>
internal sealed class OtherSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherSite(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <param name="script">What stands in the head of every page.</param>
    public static async Task<OtherSite> StartAsync(string script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var sdk = Path.Combine(SdkTests.Npm, "node_modules", "@segment", "analytics-next", "dist", "umd");
        app.MapGet("/sdk/{file}", (string file) => Results.File(Path.Combine(sdk, Path.GetFileName(file)), "text/javascript"));
        app.MapGet("/favicon.ico", () => Results.NoContent());
        app.MapGet("/{**page}", (string? page) => Results.Text($"<!DOCTYPE html><html lang=\"en\"><head><title>Page {page}</title>{script}</head><body><h1>{page}</h1></body></html>", "text/html; charset=utf-8"));
        await app.StartAsync();
        return new OtherSite(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
