using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Mail;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Looks for what somebody should look at, once an hour and when asked.</summary>
internal sealed class AlertWatch(IServiceScopeFactory scopes, Navigation navigation, ILogger<AlertWatch> logger) : BackgroundService
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1), Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await CountAsync(stoppingToken);
        await Task.Delay(First, stoppingToken);
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<AlertCheck>().RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(e, "Alerts could not be looked for; it is tried again in an hour.");
            }

            await Task.Delay(Every, stoppingToken);
        }
    }

    private async Task CountAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        navigation.Mark(AlertsEndpoints.Page, await scope.ServiceProvider.GetRequiredService<AlertQueries>().UnseenAsync(ct));
    }
}

/// <summary>One look: what is found begins, goes on or ends; what begins is told by letter, all of it in one write.</summary>
internal sealed class AlertCheck(AlertQueries alerts, AlertFinder finder, AlertLetters letters, EventLog log, JourneyStore journeys, FeedbackFeed feedback, Navigation navigation, TimeProvider time)
{
    // Two looks at once would both begin the same.
    private static readonly SemaphoreSlim One = new(1);

    /// <returns>How many began.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        // Of a part of what is known one could only say that the rest is missing.
        var end = log.EndPosition;
        await journeys.WaitUntilVisibleAsync(end, ct);
        await feedback.WaitUntilKeptAsync(end, ct);
        await One.WaitAsync(ct);
        try
        {
            var (now, open) = (time.GetUtcNow().UtcDateTime, await alerts.OpenAsync(ct));
            var (found, isSilentStill) = finder.Find();
            var began = Decide(found, open, now, isSilentStill);
            began.ForEach(alerts.Add);
            if (began.Count > 0) await letters.PutAsync(began, ct);
            await alerts.SaveAsync(ct);
            navigation.Mark(AlertsEndpoints.Page, await alerts.UnseenAsync(ct));
            return began.Count;
        }
        finally
        {
            One.Release();
        }
    }

    /// <summary>Takes over what is found.</summary>
    /// <param name="found">What is found.</param>
    /// <param name="open">The alerts that last; those that are over are ended.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isSilentStill">Whether nothing has come since an alert of a silence began: then it lasts, however long it is.</param>
    /// <returns>Those that begin.</returns>
    internal static List<Alert> Decide(IReadOnlyCollection<Finding> found, IReadOnlyCollection<Alert> open, DateTime now, Func<Alert, bool> isSilentStill)
    {
        foreach (var alert in open)
        {
            if (found.FirstOrDefault(f => f.Cause == alert.Cause) is { } lasting) Note(alert, lasting, now);
            else if (!isSilentStill(alert)) alert.EndedUtc = now;
        }

        // A fall and a flood of the same answers are one thing: what is told already stays, else the fall is told.
        bool IsTold(Finding f) => open.Any(a => a.EndedUtc is null && a.Touchpoint == f.Cause.Touchpoint && (a.Kind == AlertKind.Stopped) == (f.Cause.Kind == AlertKind.Stopped) && a.Metric == f.Cause.Metric);
        return [.. found.Where(f => f.IsNew && !IsTold(f)).GroupBy(f => (f.Cause.Touchpoint, f.Cause.Metric)).Select(g =>
        {
            var first = g.MinBy(f => f.Cause.Kind)!;
            var alert = new Alert { Kind = first.Cause.Kind, Touchpoint = first.Cause.Touchpoint, Metric = first.Cause.Metric, FoundUtc = now };
            Note(alert, first, now);
            return alert;
        })];
    }

    private static void Note(Alert alert, Finding found, DateTime now) =>
        (alert.FromDay, alert.ToDay, alert.UsualFromDay, alert.Now, alert.Usual, alert.N, alert.Chance, alert.SeenUtc) = (found.From, found.To, found.UsualFrom, found.Now, found.Usual, found.N, found.Chance, now);
}

/// <summary>Writes the letter about what began, to everybody who is to know.</summary>
internal sealed class AlertLetters(OutboxQueries outbox, UserManager<User> users, IOptionsMonitor<AlertOptions> options, IOptionsMonitor<MailOptions> mail, IOptionsMonitor<CompanyOptions> company)
{
    public async Task PutAsync(IReadOnlyList<Alert> began, CancellationToken ct)
    {
        // Without a mail server they would wait, and all go out on the day there is one.
        if (!mail.CurrentValue.IsConfigured) return;
        foreach (var to in AlertOptions.Read(options.CurrentValue.Recipients) ?? [])
        {
            ct.ThrowIfCancellationRequested();
            var address = mail.CurrentValue.PublicAddress.TrimEnd('/');
            outbox.Put(LetterLayout.Write(to, (await users.FindByEmailAsync(to))?.Language ?? "en", company.CurrentValue.Name, () => new LetterBody(
                T("Measure.Alerts.LetterSubject", began.Count), [.. began.Select(AlertWords.Sentence), T("Measure.Alerts.LetterOnce")],
                address.Length > 0 ? T("Measure.Alerts.LetterButton") : null, address.Length > 0 ? address + AlertsEndpoints.Page : null, Why: T("Measure.Alerts.LetterWhy"))));
        }
    }
}
