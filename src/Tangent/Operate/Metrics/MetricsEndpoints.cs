using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Tangent.Access;

namespace Tangent.Operate;

/// <summary><c>/metrics</c> for Prometheus, and how long each question takes.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this WebApplication app) => app.MapGet("/metrics", Print).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Measures questions by the last word of their address; they are the same for page, API and command.</summary>
    public static void MeasureQuestions(this WebApplication app)
    {
        var seconds = app.Services.GetRequiredService<IMeterFactory>().Create("Tangent").CreateHistogram<double>("tangent.question.duration", "s", "Time from a question to its answer.");
        app.Use(async (http, next) =>
        {
            if (QuestionOf(http.Request.Path) is null)
            {
                await next(http);
                return;
            }

            var started = Stopwatch.GetTimestamp();
            await next(http);
            // Only addresses that there are become labels.
            if (http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && QuestionOf("/" + route.TrimStart('/')) is { } question)
                seconds.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("question", question));
        });
    }

    private static string? QuestionOf(PathString path)
    {
        if (!path.StartsWithSegments("/analyse", out var rest) && !path.StartsWithSegments("/api/v1/analyse", out rest)) return null;
        return rest.Value is { Length: > 1 } words ? words.Split('/')[1] : null;
    }

    /// <summary>For programs on this machine, and for owners. Numbers only, but they tell how much business there is.</summary>
    private static IResult Print(HttpContext http, MeasuredValues values)
    {
        if (!IsOfThisMachine(http) && !http.User.IsInRole(nameof(Role.Owner))) return TypedResults.StatusCode(http.User.Identity?.IsAuthenticated == true ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized);
        return TypedResults.Text(values.Print(), PrometheusText.MediaType);
    }

    /// <summary>A proxy on this machine is not the one who asks.</summary>
    private static bool IsOfThisMachine(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded") || headers.ContainsKey("Via")) return false;
        return LocalAuthentication.IsSocket(http) || (http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address));
    }
}
