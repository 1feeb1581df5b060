using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Identifier">Whose event it was.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Happened">When the event happened, UTC.</param>
/// <param name="Due">When the letter is or was due, UTC.</param>
/// <param name="Decided">When it was decided, UTC; null while it waits.</param>
/// <param name="Position">Log position of the event; null on a page.</param>
/// <param name="Via">letter, or widget for a page that wanted to show it.</param>
/// <param name="Times">How often it came out so: of a page, only the last time is kept.</param>
/// <param name="Why">What decided it, where the outcome alone does not say it: the condition that does not hold, why consent is missing, or quiet where the end of the quiet hours is waited for.</param>
/// <param name="Customer">Number of the customer; null where nobody is known.</param>
public sealed record DecisionView(string Identifier, AskOutcome Outcome, string Words, DateTime Happened, DateTime Due, DateTime? Decided, long? Position, string Via = "letter", int Times = 1, string Why = "", int? Customer = null)
{
    internal static DecisionView Of(WebDecision d, Masking masking) => new(
        masking.Text(d.Key), d.Outcome, WordsOf(d.Outcome == AskOutcome.Asked ? "AskedOnPage" : d.Outcome.ToString(), d.Why), d.AtUtc, d.AtUtc, d.AtUtc, null, SurveyTicket.Widget, d.Times, Coded(d.Outcome, d.Why));

    internal static DecisionView Of(Decision d, DateTime now, Masking masking) => new(
        masking.Text(d.Key), d.Outcome, WordsOf(d.Outcome == AskOutcome.Waiting && d.DueUtc <= now ? "WaitingForMail" : d.Outcome.ToString(), d.Why), d.HappenedUtc, d.DueUtc, d.DecidedUtc, d.Position, Why: Coded(d.Outcome, d.Why));

    private static string Coded(AskOutcome outcome, string why) => outcome == AskOutcome.NoConsent ? JsonNamingPolicy.CamelCase.ConvertName(why) : why;

    private static string WordsOf(string outcome, string why) => (outcome, why) switch
    {
        (nameof(AskOutcome.ConditionFails), { Length: > 0 }) => T("Measure.Outcome.ConditionFailsOf", why),
        (nameof(AskOutcome.NoConsent), { Length: > 0 }) => T("Measure.Outcome.NoConsentOf", T("Unify.Consents.Reason." + why)),
        (nameof(AskOutcome.Waiting), Decision.Quiet) => T("Measure.Outcome.WaitingQuiet"),
        _ => T("Measure.Outcome." + outcome),
    };
}

/// <summary>The latest decisions, by letter and on pages, and who they are about.</summary>
internal sealed class LatestDecisions(DecisionQueries letters, WebDecisionQueries pages, JourneyStore journeys, Sensitivity sensitivity, TimeProvider time)
{
    /// <param name="survey">The survey.</param>
    /// <param name="keys">Only of these identifiers; null: of everybody.</param>
    /// <param name="most">Most of them.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<DecisionView>> OfAsync(int survey, IReadOnlyList<string>? keys, int most, CancellationToken ct)
    {
        var (masking, now) = (sensitivity.Now, time.GetUtcNow().UtcDateTime);
        List<(string Key, DecisionView View)> found =
        [
            .. (await letters.LatestAsync(survey, keys, most, ct)).Select(d => (d.Key, DecisionView.Of(d, now, masking))), .. (await pages.LatestAsync(survey, keys, most, ct)).Select(d => (d.Key, DecisionView.Of(d, masking))),
        ];
        found = [.. found.OrderByDescending(d => d.View.Happened).Take(most)];
        var customers = journeys.FindCustomers(found.ConvertAll(d => d.Key));
        return [.. found.Select((d, i) => d.View with { Customer = customers[i] < 0 ? null : customers[i] })];
    }
}

/// <param name="Items">The latest, at most 500.</param>
public sealed record DecisionsAnswer(IReadOnlyList<DecisionView> Items);

internal static class DecisionsEndpoints
{
    public static void MapDecisions(this WebApplication app)
    {
        app.MapPost("/api/v1/measure/deliverable-addresses", ReachAsync).RequireAuthorization(Rights.Edit).WithTags("Measure").WithName("MarkDeliverable")
            .WithSummary("Lets surveys write to an address again that a mail server had refused.");
        app.MapGet(SurveysEndpoints.Path + "/{id:int}/decisions", ListAsync).LooksAtCustomer().WithTags("Measure").WithName("ListSurveyDecisions")
            .WithSummary("Whom a survey asked, and why others were not asked; with customer only those of one customer.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReachAsync(ContactPointAsked body, ContactPoints points, DecisionQueries decisions, CancellationToken ct)
    {
        if (points.Read(body.ContactPoint) is not { } point) return ConsentsEndpoints.NoPoint();
        return await decisions.UnmarkAsync(points.IdOf(point), ct) ? TypedResults.NoContent() : Problems.NotFound("No mail server has refused this address.");
    }

    private static async Task<Results<Ok<DecisionsAnswer>, ProblemHttpResult>> ListAsync(HttpContext http, int id, string? customer, SurveyQueries surveys, LatestDecisions decisions, JourneyStore journeys, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is null) return SurveysEndpoints.None(id);
        var named = customer is { Length: > 0 } ? journeys.Named(customer) : null;
        if (customer is { Length: > 0 } && named is null) return Problems.NotFound($"There is no customer {customer}.");
        if (named is not null) http.Concerns(named.Customer);
        var keys = named is null ? null : journeys.Identity(named.Customer).Identifiers;
        return TypedResults.Ok(new DecisionsAnswer(await decisions.OfAsync(id, keys, ResponsesEndpoints.Most, ct)));
    }
}
