using System.Threading.RateLimiting;

namespace Tangent.Access;

/// <summary>Limits pages that need no account: nobody tries links by the thousand, fills a history by one link, or has a server draw pictures without end.</summary>
internal sealed class PublicLimit : IDisposable
{
    public const int PerMinute = 60;

    private readonly PartitionedRateLimiter<(string Of, int PerMinute)> _limiter = PartitionedRateLimiter.Create<(string Of, int PerMinute), (string Of, int PerMinute)>(who =>
        RateLimitPartition.GetFixedWindowLimiter(who, key => new FixedWindowRateLimiterOptions { PermitLimit = key.PerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <param name="of">What is counted: a place, a contact point, a link.</param>
    /// <param name="perMinute">How often it may; each number counts by itself.</param>
    public RateLimitLease Take(string of, int perMinute = PerMinute) => _limiter.AttemptAcquire((of, perMinute));

    public void Dispose() => _limiter.Dispose();

    /// <summary>Guessing is limited by the place it comes from. A mail program's provider fetches the links of many people: a valid one is limited by itself.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it.</param>
    /// <param name="validFor">What the link was made for; null where it is not valid.</param>
    /// <param name="perMinute">How often a valid link may be asked for.</param>
    public static async ValueTask<object?> LimitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, string? validFor, int perMinute = PerMinute)
    {
        var http = context.HttpContext;
        var limit = http.RequestServices.GetRequiredService<PublicLimit>();
        using var lease = validFor is null ? limit.Take(SignInThrottle.From(http)) : limit.Take(validFor, perMinute);
        if (lease.IsAcquired) return await next(context);
        http.Response.Headers.RetryAfter = "60";
        // A page for people, problem details for programs.
        return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
    }
}
