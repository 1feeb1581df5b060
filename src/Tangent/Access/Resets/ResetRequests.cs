using System.Threading.Channels;

namespace Tangent.Access;

/// <summary>
/// Addresses for which a link was asked, until the letter is written: apart from the requests, since how long that takes must not tell
/// whether anybody has the address, not even by a connection that stays open.
/// </summary>
internal sealed class ResetRequests(IServiceScopeFactory scopes, ILogger<ResetRequests> logger) : BackgroundService
{
    private const int MostWaiting = 1000;
    private readonly Channel<(string Email, string Language)> _asked = Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Beyond a thousand that wait it is dropped: the page says the same either way.</summary>
    public void Put(string email, string language) => _asked.Writer.TryWrite((email, language));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (email, language) in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ResetLetter>().WriteAsync(email, language, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whom it was for is not in the log; who asked may ask again.
                logger.LogError(e, "A letter with a link for a new password could not be written.");
            }
        }
    }
}
