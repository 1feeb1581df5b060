using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Tangent.Web;

/// <summary>
/// Counts the requests of each caller and refuses those above the limit. Every answer says how much is left in the headers of the
/// IETF's draft-ietf-httpapi-ratelimit-headers-10, <c>RateLimit-Policy</c> and <c>RateLimit</c>, and for clients of its version 06 in
/// <c>RateLimit-Limit</c>, <c>-Remaining</c>, <c>-Reset</c> (seconds until the bucket is full).
/// </summary>
internal sealed class ApiLimits : IDisposable
{
    /// <summary>Claim that holds the number of the API key a request was made with.</summary>
    public const string KeyClaim = "tangent:key";

    private readonly PartitionedRateLimiter<Caller> _limiter = PartitionedRateLimiter.Create<Caller, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller.Name, _ => Bucket(caller.PerMinute)));
    private readonly ApiOptions _options;

    public ApiLimits(IOptions<ApiOptions> options) => _options = options.Value;

    private readonly record struct Caller(string Name, int PerMinute);

    /// <summary>Who asks: the API key where one is used, else the user, else the address.</summary>
    public static string CallerOf(HttpContext http) =>
        http.User.FindFirstValue(KeyClaim) is { } key ? "key:" + key
        : http.User.Identity?.IsAuthenticated == true ? "user:" + (http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? http.User.Identity.Name)
        : "address:" + http.Connection.RemoteIpAddress;

    public Task LimitAsync(HttpContext http, RequestDelegate next)
    {
        // Without an address it came by the socket in the data folder: whoever may open that owns the data.
        if (!http.Request.Path.StartsWithSegments("/api/v1") || http.Connection.RemoteIpAddress is null) return next(http);
        var perMinute = http.User.Identity?.IsAuthenticated == true ? _options.RequestsPerMinute : _options.AnonymousRequestsPerMinute;
        return Take(http, CallerOf(http), perMinute) is { } refused ? refused.ExecuteAsync(http) : next(http);
    }

    /// <summary>Takes a call of a source; the refusal where it had too many.</summary>
    public ProblemHttpResult? TakeCall(HttpContext http, int source) => Take(http, "source:" + source.ToString(CultureInfo.InvariantCulture), _options.CallsPerMinute);

    public void Dispose() => _limiter.Dispose();

    private ProblemHttpResult? Take(HttpContext http, string name, int perMinute)
    {
        if (perMinute == 0) return null;
        var caller = new Caller(name, perMinute);
        using var lease = _limiter.AttemptAcquire(caller);
        var left = _limiter.GetStatistics(caller)?.CurrentAvailablePermits ?? 0;
        var reset = (long)Math.Ceiling((perMinute - left) * 60.0 / perMinute);
        // An answer that is begun anew after a fault keeps them so.
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"requests\";q={perMinute};w=60");
            headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"requests\";r={left};t={reset}");
            headers["RateLimit-Limit"] = perMinute.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Remaining"] = left.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        if (lease.IsAcquired) return null;
        var wait = Math.Max(1, (int)Math.Ceiling(lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after.TotalSeconds : 60.0 / perMinute));
        http.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(StatusCodes.Status429TooManyRequests, $"{perMinute} requests a minute are answered. Send this one again in {wait} s; an administrator can raise the limit (docs/api.md).");
    }

    /// <summary>One token at a time where a second would give less than one.</summary>
    private static TokenBucketRateLimiterOptions Bucket(int perMinute) => new()
    {
        TokenLimit = perMinute,
        TokensPerPeriod = Math.Max(1, perMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, perMinute / 60) * 60.0 / perMinute),
        QueueLimit = 0,
        AutoReplenishment = true,
    };
}
