using System.Data.Common;
using Microsoft.Extensions.Options;

namespace Tangent.Data;

/// <summary>Makes backups by itself when the last of these has become old enough, also across restarts, and keeps the latest. What goes wrong once keeps no later one from being made.</summary>
internal sealed class BackupSchedule(Backups backups, IOptionsMonitor<BackupOptions> options, TimeProvider time, ILogger<BackupSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    // A refusal costs the server a copy of everything, so that it is not tried again every minute.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(20);
    private DateTime _notBefore;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await MakeWhereDueAsync(stoppingToken);
    }

    /// <returns>True where one was due and made.</returns>
    public async Task<bool> MakeWhereDueAsync(CancellationToken ct)
    {
        try
        {
            if (!IsDue(time.GetUtcNow().UtcDateTime)) return false;
            var (backup, refusal) = await backups.MakeScheduledAsync(ct);
            if (backup is null)
            {
                Later(refusal!, null);
                return false;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException or InvalidOperationException)
        {
            Later(e.Message, e);
            return false;
        }

        try
        {
            backups.KeepLatest(options.CurrentValue.Keep);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogError(e, "Older backups could not be deleted. {Why}", e.Message);
        }

        return true;
    }

    private bool IsDue(DateTime now)
    {
        var every = options.CurrentValue.EveryHours;
        return every > 0 && now >= _notBefore && (backups.LastScheduled() is not { } last || now - last >= TimeSpan.FromHours(every));
    }

    private void Later(string why, Exception? fault)
    {
        _notBefore = time.GetUtcNow().UtcDateTime + Rest;
        logger.LogError(fault, "The scheduled backup was not made; it is tried again in {Minutes} minutes. {Why}", Rest.TotalMinutes, why);
    }
}
