using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tangent.Data;

/// <summary>The data folder can be written and has room.</summary>
internal sealed class FolderHealth(DataFolder folder) : IHealthCheck
{
    private const long LittleRoom = 1L << 30;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var probe = Path.Combine(folder.Root, "doctor.tmp");
        try
        {
            await File.WriteAllTextAsync(probe, "Tangent", cancellationToken);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy($"{folder.Root} cannot be written: {e.Message} Check its owner, its rights and the disk.");
        }

        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        var room = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:F1} GB free in {folder.Root}.");
        return free < LittleRoom ? HealthCheckResult.Degraded(room + " Make room: without it no event can be accepted.") : HealthCheckResult.Healthy(room);
    }
}
