using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tangent.Web;

namespace Tangent.Collect;

/// <summary>Answers are complete but for what came in just now.</summary>
internal sealed class JourneysReady(JourneyFeed feed, CatchingUp catchingUp) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(feed.Fault is null && catchingUp.Share is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The journeys have not caught up."));
}
