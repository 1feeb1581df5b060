using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Data;

/// <param name="Status">healthy, degraded or unhealthy: the worst of the checks.</param>
public sealed record HealthModel(string Status, IReadOnlyList<HealthCheckModel> Checks);

/// <param name="Detail">What was found, and where something is wrong what to do.</param>
public sealed record HealthCheckModel(string Name, string Status, string Detail);

/// <summary>What <c>tangent doctor</c> shows: every part registers its own check.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app) =>
        app.MapGet("/api/v1/health", CheckAsync).WithTags("Data").WithSummary("Checks the data folder, the databases, the event log and the journeys; says what is wrong and what to do.");

    private static async Task<Ok<HealthModel>> CheckAsync(HealthCheckService health, CancellationToken ct)
    {
        var report = await health.CheckHealthAsync(check => !check.Tags.Contains(ReadyEndpoints.Tag), ct);
        return TypedResults.Ok(new HealthModel(Text(report.Status), [.. report.Entries.Select(e =>
            new HealthCheckModel(e.Key, Text(e.Value.Status), e.Value.Description ?? e.Value.Exception?.Message ?? ""))]));
    }

    private static string Text(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
