using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Collect;

/// <summary>The journeys have followed the event log.</summary>
internal sealed class JourneyHealth(JourneyFeed feed, EventLog log) : IHealthCheck
{
    // What a second of full load brings in may be under way.
    private const long Behind = 1_000_000;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = feed.Now;
        var state = $"{now.View.Events} events in journeys, {log.EndPosition - now.Position} log records not yet followed; on disk up to record {feed.Journeys.Table.Watermark}.";
        if (feed.Fault is { } fault) return Task.FromResult(HealthCheckResult.Unhealthy($"{state} Following the log failed: {fault} Restart the server; the journeys are rebuilt from the log where need be."));
        return Task.FromResult(log.EndPosition - now.Position > Behind
            ? HealthCheckResult.Degraded($"{state} They are being rebuilt; answers are not complete yet.")
            : HealthCheckResult.Healthy(state));
    }
}
