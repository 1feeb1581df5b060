using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Mail;
using Tangent.Web;

namespace Tangent.Operate;

public sealed record LetterLine(Guid Id, string Recipient, string Subject, LetterState State, int Attempts, DateTime Created, DateTime? NextAttempt, string? Refusal);

public sealed record OutboxModel(bool Configured, int Waiting, int Sent, int Failed, IReadOnlyList<LetterLine> Items);

/// <summary>The page of the outbox.</summary>
internal static class OutboxEndpoints
{
    public static void MapOutbox(this WebApplication app)
    {
        var pages = app.MapGroup("/operate/mail").RequireAuthorization(Rights.Own).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("/{id:guid}/attempts", TryAgainAsync);
    }

    private static async Task<RazorComponentResult<PageHost>> ShowAsync(HttpContext http, OutboxQueries outbox, IOptionsMonitor<MailOptions> options, CancellationToken ct)
    {
        var view = await MailEndpoints.ViewAsync(outbox, options.CurrentValue, ct);
        return http.Show<OutboxPage>(new OutboxModel(view.Configured, view.Waiting, view.Sent, view.Failed,
            [.. view.Items.Select(l => new LetterLine(l.Id, l.Recipient, l.Subject, l.State, l.Attempts, l.Created, l.NextAttempt, l.Refusal))]));
    }

    private static async Task<IResult> TryAgainAsync(Guid id, OutboxQueries outbox, CancellationToken ct) =>
        await outbox.TryAgainAsync(id, ct) ? TypedResults.LocalRedirect("/operate/mail") : TypedResults.NotFound();
}
