using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Collect;

/// <summary>The event log is whole and without gaps.</summary>
internal sealed class EventLogHealth(EventLog log) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.Run(() =>
    {
        var fault = log.FindFault();
        return fault is null
            ? HealthCheckResult.Healthy($"The event log is whole: {log.EndPosition} records.")
            : HealthCheckResult.Unhealthy($"The event log is damaged ({fault}). Stop the server and restore events.db from a backup.");
    }, cancellationToken);
}
