using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Data;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Mail;

/// <param name="Refusal">What the mail server said last.</param>
internal sealed record LetterView(Guid Id, string Recipient, string Subject, LetterState State, int Attempts, DateTime Created, DateTime? NextAttempt, DateTime? Sent, string? Refusal);

/// <param name="Configured">A mail server is set; without one letters wait.</param>
/// <param name="Items">At most 200: those given up first, then the latest.</param>
internal sealed record OutboxView(bool Configured, int Waiting, int Sent, int Failed, IReadOnlyList<LetterView> Items);

/// <param name="To">Address that gets the test letter.</param>
internal sealed record NewTestLetter(string? To);

/// <param name="Delivered">The mail server took the letter.</param>
/// <param name="Refusal">What it said where it did not.</param>
internal sealed record TestLetterResult(bool Delivered, string? Refusal);

internal static class MailEndpoints
{
    public static void MapMail(this WebApplication app)
    {
        var mail = app.MapGroup("/api/v1/operate/mail").RequireAuthorization(Rights.Own).WithTags("Operate");
        mail.MapGet("", ListAsync).WithSummary("The outbox: letters that wait, were sent or given up, with what the mail server said.");
        mail.MapPost("/{id:guid}/attempts", TryAgainAsync).WithSummary("Lets a letter that was given up be tried again.");
        mail.MapPost("/tests", TestAsync).WithSummary("Sends a test letter at once, past the outbox, and says what the mail server answered.");
    }

    public static async Task<OutboxView> ViewAsync(OutboxQueries outbox, MailOptions options, CancellationToken ct)
    {
        var counts = await outbox.CountsAsync(ct);
        var latest = await outbox.LatestAsync(ct);
        return new OutboxView(options.IsConfigured, counts.GetValueOrDefault(LetterState.Waiting), counts.GetValueOrDefault(LetterState.Sent), counts.GetValueOrDefault(LetterState.Failed),
            [.. latest.Select(l => new LetterView(l.Id, l.Recipient, l.Subject, l.State, l.Attempts, l.CreatedUtc, l.State == LetterState.Waiting ? l.NextAttemptUtc : null, l.SentUtc, l.Refusal))]);
    }

    /// <returns>Null where the mail server took the test letter; else what was wrong.</returns>
    public static async Task<string?> SendTestAsync(string to, MailOptions options, string company, CancellationToken ct)
    {
        if (!options.IsConfigured) return T("Mail.Test.NotConfigured");
        var letter = LetterLayout.Write(to, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, company, () => new LetterBody(T("Mail.Test.Subject"), [T("Mail.Test.Text")], Why: T("Mail.Test.Reason")));
        return (await SmtpTransport.SendAsync(options, letter, SmtpTransport.MessageId(Guid.CreateVersion7(), options.From), ct))?.Says;
    }

    private static async Task<Ok<OutboxView>> ListAsync(OutboxQueries outbox, IOptionsMonitor<MailOptions> options, CancellationToken ct) =>
        TypedResults.Ok(await ViewAsync(outbox, options.CurrentValue, ct));

    private static async Task<Results<NoContent, ProblemHttpResult>> TryAgainAsync(Guid id, OutboxQueries outbox, CancellationToken ct) =>
        await outbox.TryAgainAsync(id, ct) ? TypedResults.NoContent() : Problems.NotFound("No letter with this id was given up.");

    private static async Task<Results<Ok<TestLetterResult>, ProblemHttpResult>> TestAsync(
        NewTestLetter body, IOptionsMonitor<MailOptions> options, IOptionsMonitor<CompanyOptions> company, CancellationToken ct)
    {
        if (!Letter.CanGoTo(body.To)) return Problems.Invalid("to", T("Mail.Test.BadAddress"));
        var refusal = await SendTestAsync(body.To!, options.CurrentValue, company.CurrentValue.Name, ct);
        return TypedResults.Ok(new TestLetterResult(refusal is null, refusal));
    }
}
