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
public sealed record DecisionView(string Identifier, AskOutcome Outcome, string Words, DateTime Happened, DateTime Due, DateTime? Decided, long? Position, string Via = "letter", int Times = 1)
{
    internal static DecisionView Of(WebDecision d, Masking masking) => new(
        masking.Text(d.Key), d.Outcome, T(d.Outcome == AskOutcome.Asked ? "Measure.Outcome.AskedOnPage" : "Measure.Outcome." + d.Outcome), d.AtUtc, d.AtUtc, d.AtUtc, null, SurveyTicket.Widget, d.Times);

    /// <summary>The latest decisions, by letter and on pages.</summary>
    internal static async Task<IReadOnlyList<DecisionView>> LatestAsync(int survey, IReadOnlyList<string>? keys, int most, DecisionQueries letters, WebDecisionQueries pages, Masking masking, CancellationToken ct) =>
        [.. (await letters.LatestAsync(survey, keys, most, ct)).Select(d => Of(d, masking)).Concat((await pages.LatestAsync(survey, keys, most, ct)).Select(d => Of(d, masking))).OrderByDescending(d => d.Happened).Take(most)];

    internal static DecisionView Of(Decision d, Masking masking) => new(masking.Text(d.Key), d.Outcome, T("Measure.Outcome." + d.Outcome), d.HappenedUtc, d.DueUtc, d.DecidedUtc, d.Position);
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

    private static async Task<Results<Ok<DecisionsAnswer>, ProblemHttpResult>> ListAsync(HttpContext http, int id, string? customer, SurveyQueries surveys, DecisionQueries decisions, WebDecisionQueries onPages, JourneyStore journeys, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is null) return SurveysEndpoints.None(id);
        var named = customer is { Length: > 0 } ? journeys.Named(customer) : null;
        if (customer is { Length: > 0 } && named is null) return Problems.NotFound($"There is no customer {customer}.");
        if (named is not null) http.Concerns(named.Customer);
        var masking = sensitivity.Now;
        var keys = named is null ? null : journeys.Identity(named.Customer).Identifiers;
        return TypedResults.Ok(new DecisionsAnswer(await DecisionView.LatestAsync(id, keys, ResponsesEndpoints.Most, decisions, onPages, masking, ct)));
    }
}
