using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Data;

/// <param name="Status">live, ready or notReady.</param>
/// <param name="Failing">Names of the checks that keep it from being ready.</param>
public sealed record ReadyModel(string Status, IReadOnlyList<string> Failing);

/// <summary>Health for machines that watch over the server. They say little, since anybody may ask; what is wrong in detail says <c>tangent doctor</c>.</summary>
internal static class ReadyEndpoints
{
    /// <summary>Mark of the checks that are cheap enough to be asked every second and decide whether requests should come here.</summary>
    public const string Tag = "ready";

    public static void MapReady(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new ReadyModel("live", []))).AllowAnonymous().WithTags("Operate").WithSummary("The process answers.");
        app.MapGet("/health/ready", CheckAsync).AllowAnonymous().WithTags("Operate").WithSummary("200 where requests can be served completely: databases open, schema current, journeys caught up, room on the disk; else 503.");
    }

    private static async Task<JsonHttpResult<ReadyModel>> CheckAsync(HealthCheckService health, CancellationToken ct)
    {
        var report = await health.CheckHealthAsync(check => check.Tags.Contains(Tag), ct);
        var failing = report.Entries.Where(e => e.Value.Status == HealthStatus.Unhealthy).Select(e => e.Key).ToList();
        return TypedResults.Json(new ReadyModel(failing.Count == 0 ? "ready" : "notReady", failing), statusCode: failing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The operational database answers and has the schema of this program.</summary>
internal sealed class DatabaseReady(TangentDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await Migrator.IsCurrentAsync(db, cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Migrations are missing.");
}

/// <summary>There is room for what comes in.</summary>
internal sealed class RoomReady(DataFolder folder) : IHealthCheck
{
    private const long Least = 256 << 20;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(new DriveInfo(folder.Root).AvailableFreeSpace >= Least ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Less than 256 MB are free."));
}
