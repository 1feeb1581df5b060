using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Mail;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Message">The whole message that came back, as the mail server hands it over.</param>
public sealed record ReturnedLetter(string? Message);

/// <summary>What became of a letter that came back.</summary>
public enum ReturnedOutcome
{
    /// <summary>Its address takes no letters: surveys write to it no more.</summary>
    AddressMarked,

    /// <summary>It did not arrive, but not because of the address.</summary>
    CameBack,

    /// <summary>The report tells of no failure, such as one of a delay; nothing was changed.</summary>
    NoFailure,
}

/// <param name="Outcome">What was made of it.</param>
/// <param name="Letter">Id of the letter in the outbox.</param>
/// <param name="Status">What the mail server said, such as 5.1.1.</param>
public sealed record ReturnedAnswer(ReturnedOutcome Outcome, Guid Letter, string Status);

internal static class ReturnedLettersEndpoints
{
    private const int MostCharacters = 2_000_000;

    public static void MapReturnedLetters(this WebApplication app) =>
        app.MapPost("/api/v1/measure/returned-letters", TakeAsync).RequireAuthorization(Rights.Edit).WithTags("Measure").WithName("ReturnLetter")
            .WithSummary("Takes a delivery report (RFC 3464) that a mail server sent back, and marks the address where it is the address that takes no letters.");

    private static async Task<Results<Ok<ReturnedAnswer>, ProblemHttpResult>> TakeAsync(ReturnedLetter body, OutboxQueries outbox, DecisionQueries decisions, ContactPoints points, TimeProvider time, CancellationToken ct)
    {
        if (body.Message is not { Length: > 0 and <= MostCharacters } message || DeliveryReport.Read(message) is not { } report) return Problems.Invalid("message", T("Measure.Returned.NoReport"));
        if (SmtpTransport.LetterOf(report.Letter) is not { } id || await outbox.FindAsync(id, ct) is not { State: LetterState.Sent } letter) return Problems.Invalid("message", T("Measure.Returned.NotOurs"));
        if (!report.IsFailure) return TypedResults.Ok(new ReturnedAnswer(ReturnedOutcome.NoFailure, id, report.Status));
        letter.Refusal = T("Measure.Returned.Refusal", report.Status);
        if (await decisions.OfLetterAsync(id, ct) is { } decision) decision.Outcome = AskOutcome.CameBack;
        var isMarked = report.IsOfAddress && report.IsAbout(letter.Recipient) && ContactPoints.Email(letter.Recipient) is not null;
        if (isMarked) await decisions.MarkAsync(points.IdOf(ContactPoints.Email(letter.Recipient)!), time.GetUtcNow().UtcDateTime, ct);
        await decisions.SaveAsync(ct);
        return TypedResults.Ok(new ReturnedAnswer(isMarked ? ReturnedOutcome.AddressMarked : ReturnedOutcome.CameBack, id, report.Status));
    }
}
