using Microsoft.EntityFrameworkCore;

namespace Tangent.Web;

/// <summary>Deletes kept answers when their time is over, also where nobody sends another key.</summary>
internal sealed class OldKeptAnswers(IServiceScopeFactory scopes, TimeProvider time, ILogger<OldKeptAnswers> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<KeptAnswerQueries>().ForgetOldAsync(time.GetUtcNow().UtcDateTime, stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or DbUpdateException)
            {
                logger.LogWarning(e, "Old answers could not be deleted; it is tried again in an hour.");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
