using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>What pages of other sites fetch before they send events: the tracker, and the settings of Segment's browser SDK.</summary>
internal static class IntegrationEndpoints
{
    public static void MapIntegration(this WebApplication app)
    {
        app.MapGet("/collect.js", Script).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/v1/projects/{key}/settings", Settings).AllowAnonymous().WithTags("Calls").Produces<Dictionary<string, object>>()
            .WithSummary("Settings for @segment/analytics-next of the source that has this write key: where to send events.");
    }

    private static IResult Script(HttpContext http, string? key, CollectScript script, SourceKeys keys) =>
        script.Answer(http, keys.TryFind(key, out var source) ? source.BeforeConsent : BeforeConsent.Nothing);

    private static IResult Settings(HttpContext http, string key, SourceKeys keys)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        if (!keys.TryFind(key, out _)) return Problems.NotFound("The write key belongs to no source, or its time has run out.");
        http.Response.Headers.CacheControl = "public, max-age=300";
        // The form that the SDK expects of Segment's own service.
        return TypedResults.Ok(new Dictionary<string, object>
        {
            ["integrations"] = new Dictionary<string, object>
            {
                ["Segment.io"] = new { apiKey = key, apiHost = $"{http.Request.Host}{http.Request.PathBase}/v1", protocol = http.Request.Scheme, unbundledIntegrations = Array.Empty<string>(), addBundledMetadata = false },
            },
            ["plan"] = new { track = new { __default = new { enabled = true, integrations = new { } } } },
            ["edgeFunction"] = new { },
            ["analyticsNextEnabled"] = true,
            ["enabledMiddleware"] = new { },
            ["metrics"] = new { sampleRate = 0 },
            ["legacyVideoPluginsEnabled"] = false,
            ["remotePlugins"] = Array.Empty<object>(),
        });
    }
}
