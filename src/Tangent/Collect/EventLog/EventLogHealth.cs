using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Collect;

/// <summary>The event log is whole and without gaps.</summary>
internal sealed class EventLogHealth(EventLog log, SourceKeys sources) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.Run(() =>
    {
        var fault = log.FindFault();
        // What people here and the program itself record is of no source.
        if (fault is null && log.Totals.FirstOrDefault(t => t.Events > 0 && t.SourceId != 0 && !sources.TryFind(t.SourceId, out _)) is { } lost)
            return HealthCheckResult.Degraded($"The event log is whole, but {lost.Events} events are of a source that the database does not know ({lost.SourceId}): tangent.db was lost or is an older one. Put the right one back.");
        return fault is null
            ? HealthCheckResult.Healthy($"The event log is whole: {log.EndPosition} records.")
            : HealthCheckResult.Unhealthy($"The event log is damaged ({fault}). Stop the server and restore events.db from a backup.");
    }, cancellationToken);
}
