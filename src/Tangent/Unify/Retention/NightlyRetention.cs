using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>Lets go each night of what is older than its retention period, also where the server was off at that hour; and at the start of what a stop interrupted.</summary>
internal sealed class NightlyRetention(
    Retention retention, EventRetention events, IOptionsMonitor<RetentionOptions> options, IOptionsMonitor<CompanyOptions> company, Settings settings, TimeProvider time, ILogger<NightlyRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private static readonly Actor Itself = new(ActorKind.Nobody, "", "Tangent");

    private DateOnly _lastTried;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await TryAsync(() => events.FinishAllAsync(stoppingToken));
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(() => RunWhereDueAsync(stoppingToken));
    }

    /// <returns>The run; null where none was due.</returns>
    public async Task<RetentionRun?> RunWhereDueAsync(CancellationToken ct)
    {
        if (retention.Periods.Count == 0 || Night(time.GetUtcNow().UtcDateTime) is not { } night || night == _lastTried) return null;
        // Whoever sets a period has until the next hour to think it over.
        if ((await settings.ChangedUtcAsync(RetentionPeriods.Key, ct) is { } changed && Night(changed) == night)
            || (await retention.LastAsync(ct) is { } last && Night(last.At) == night && last.Gone.All(g => g.Pieces is not null)))
        {
            _lastTried = night;
            return null;
        }

        var run = await retention.RunAsync(Itself, ct);
        if (run is not null) _lastTried = night;
        return run;
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Thrown on, it would end all nights to come.
            logger.LogError(e, "What is older than its retention period could not be let go of; it is tried again.");
        }
    }

    /// <summary>The night a moment is in or after: that of the day, or of the day before while its hour is still to come.</summary>
    private DateOnly? Night(DateTime utc)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(utc, company.CurrentValue.Zone());
        var day = DateOnly.FromDateTime(local);
        return local.Hour >= options.CurrentValue.Hour ? day : day.AddDays(-1);
    }
}
