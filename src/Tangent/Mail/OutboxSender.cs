using Microsoft.Extensions.Options;

namespace Tangent.Mail;

/// <summary>
/// Sends the letters of the outbox, one after the other; the data folder has one server and so one sender. Each attempt is counted in the
/// database before it begins: a letter that the program dies over is not tried again at once for ever. A letter taken by the server just
/// before the program was killed is sent again, with the same Message-ID.
/// </summary>
internal sealed class OutboxSender(IServiceScopeFactory scopes, IOptionsMonitor<MailOptions> options, TimeProvider time, ILogger<OutboxSender> logger) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>How long a letter waits after each attempt; when the one after the last wait fails too it is given up: a day and a half in all.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(15),
    ];

    private DateTime _tidied;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TidyAsync(stoppingToken);
                if (options.CurrentValue.IsConfigured) await SendDueAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was: the letters stay where they are, and one that could not be handled waits for its next attempt while the others go.
                logger.LogError(e, "The outbox could not be read or written, or a letter of it not be handled.");
            }
        }
    }

    /// <summary>Tries every letter that is due.</summary>
    public async Task SendDueAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<OutboxQueries>();
        foreach (var outgoing in await outbox.DueAsync(AtOnce, ct)) await TryAsync(outbox, outgoing, ct);
    }

    private async Task TryAsync(OutboxQueries outbox, OutgoingLetter outgoing, CancellationToken ct)
    {
        var wait = Waits[Math.Min(outgoing.Attempts, Waits.Count - 1)];
        outgoing.Attempts++;
        // Up to a fifth longer, so that letters refused together do not come back together.
        outgoing.NextAttemptUtc = time.GetUtcNow().UtcDateTime + wait * (1 + 0.2 * Random.Shared.NextDouble());
        await outbox.SaveAsync(ct);

        var mail = options.CurrentValue;
        // Once begun a letter is not broken off when the server stops; the transport's own limit holds.
        var refusal = outbox.Open(outgoing) is { } letter
            ? await SmtpTransport.SendAsync(mail, letter, SmtpTransport.MessageId(outgoing.Id, mail.From), CancellationToken.None)
            : new MailRefusal("The letter cannot be read: the keys of the data folder are not those it was written with.", IsFinal: true);
        (outgoing.Refusal, outgoing.AddressRefused) = (refusal?.Says, refusal is { IsOfAddress: true });
        if (refusal is null) (outgoing.State, outgoing.SentUtc, outgoing.Content) = (LetterState.Sent, time.GetUtcNow().UtcDateTime, "");
        else if (refusal.IsFinal || outgoing.Attempts > Waits.Count) outgoing.State = LetterState.Failed;
        await outbox.SaveAsync(CancellationToken.None);
        // Whom it was for is in the outbox, not in the log.
        if (refusal is not null) logger.LogWarning("Letter {Letter} was not taken at attempt {Attempt}; final: {Final}.", outgoing.Id, outgoing.Attempts, outgoing.State == LetterState.Failed);
    }

    /// <summary>Also while no mail server is set: addresses are kept no longer than they are of use.</summary>
    private async Task TidyAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (now - _tidied < TimeSpan.FromHours(1)) return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OutboxQueries>().AgeOutAsync(now - Kept, onlyCount: false, ct);
        _tidied = now;
    }
}
