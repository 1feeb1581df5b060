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
/// <param name="Position">Log position of the event.</param>
public sealed record DecisionView(string Identifier, AskOutcome Outcome, string Words, DateTime Happened, DateTime Due, DateTime? Decided, long Position)
{
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

    private static async Task<Results<Ok<DecisionsAnswer>, ProblemHttpResult>> ListAsync(int id, string? customer, SurveyQueries surveys, DecisionQueries decisions, JourneyStore journeys, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is null) return SurveysEndpoints.None(id);
        var named = customer is { Length: > 0 } ? journeys.Named(customer) : null;
        if (customer is { Length: > 0 } && named is null) return Problems.NotFound($"There is no customer {customer}.");
        var masking = sensitivity.Now;
        var keys = named is null ? null : journeys.Identity(named.Customer).Identifiers;
        return TypedResults.Ok(new DecisionsAnswer([.. (await decisions.LatestAsync(id, keys, ResponsesEndpoints.Most, ct)).Select(d => DecisionView.Of(d, masking))]));
    }
}
