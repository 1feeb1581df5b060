using Microsoft.Extensions.Options;

namespace Tangent.Data;

/// <summary>Makes backups by itself when the last one has become old enough, also across restarts, and keeps the latest.</summary>
internal sealed class BackupSchedule(Backups backups, IOptionsMonitor<BackupOptions> options, TimeProvider time, ILogger<BackupSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await MakeWhereDueAsync(stoppingToken);
    }

    /// <returns>True where one was due and made.</returns>
    public async Task<bool> MakeWhereDueAsync(CancellationToken ct)
    {
        var every = options.CurrentValue.EveryHours;
        if (every <= 0) return false;
        var last = backups.List().Select(b => (DateTime?)b.Created).Max();
        if (last is { } made && time.GetUtcNow().UtcDateTime - made < TimeSpan.FromHours(every)) return false;
        var (backup, refusal) = await backups.MakeAsync(null, ct);
        if (refusal is not null) logger.LogError("The scheduled backup was not made. {Refusal}", refusal);
        else backups.KeepLatest(options.CurrentValue.Keep);
        return backup is not null;
    }
}
