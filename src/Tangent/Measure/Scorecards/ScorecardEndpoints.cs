using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Data;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Owner">Who answers for it; empty where nobody does.</param>
/// <param name="Scores">Its scores, with their trend by month.</param>
/// <param name="Comments">The latest.</param>
/// <param name="Pains">What the journey maps say hurts there.</param>
/// <param name="Today">Their evidence ages by this day.</param>
/// <param name="Limits">From when on it is old.</param>
/// <param name="Error">Why what was recorded by hand was not taken.</param>
public sealed record ScorecardModel(
    int Id, string Name, string Channel, string Owner, string Stage, IReadOnlyList<ScoreRow> Scores, CommentsAnswer Comments, string AllComments, FeedbackForm Form, string? Error, IReadOnlyList<ScorecardPain> Pains,
    DateOnly Today, MapOptions Limits, IReadOnlyList<TargetModel> Targets, string? TargetError = null)
{
    public required ScorecardContacts Contacts { get; init; }

    /// <summary>What the filter offers, and what it says.</summary>
    public required FilterChoices Choices { get; init; }

    /// <summary>Customers and days looked at.</summary>
    public required JourneyFilter Filter { get; init; }

    /// <summary>Why the filter could not be used; nothing is shown then.</summary>
    public Refusal? Refused { get; init; }
}

/// <summary>A pain point of a journey map at a step of the touchpoint.</summary>
public sealed record ScorecardPain(int MapId, string Map, string Step, MapCard Card);

/// <summary>Everything that is said of one touchpoint, on one sheet.</summary>
internal static class ScorecardEndpoints
{
    public static void MapScorecards(this WebApplication app)
    {
        app.MapGet("/api/v1/measure/touchpoints/{id:int}/scorecard", AskAsync).LooksAtCustomer().WithTags("Measure").WithName("Scorecard").WithParameters(ScorecardAddress.Parameters).RefusesUnknown(ScorecardAddress.Parameters)
            .WithSummary("Everything that is said of one touchpoint: scores, targets, conversion, first response, comments, pain points and owner.");
        var pages = app.MapGroup("/measure/touchpoints/{id:int}").ExcludeFromDescription();
        pages.MapGet("", ShowAsync).LooksAtCustomer().RefusesUnknown(ScorecardAddress.Parameters, UnknownParameters.OfPages);
        pages.MapPost("/feedback", RecordAsync).RequireAuthorization(Rights.Contribute);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, int id, Scorecards cards, CancellationToken ct) =>
        cards.Find(id) is { } touchpoint && touchpoint.Id != id ? TypedResults.LocalRedirect($"/measure/touchpoints/{touchpoint.Id}{http.Request.QueryString}")
            : await cards.OfAsync(id, new FeedbackForm(), null, http.Request.Query, ct) is { } card ? http.Show<ScorecardPage>(card, (card.Refused ?? card.Contacts.Refused).Status()) : TypedResults.NotFound();

    private static async Task<Results<Ok<ScorecardAnswer>, ProblemHttpResult>> AskAsync(HttpContext http, int id, Scorecards cards, CancellationToken ct)
    {
        if (await cards.OfAsync(id, new FeedbackForm(), null, http.Request.Query, ct) is not { } card) return Problems.NotFound($"There is no touchpoint {id}.");
        return (card.Refused ?? card.Contacts.Refused) is { } refusal ? Problems.Invalid(refusal.Field, refusal.Detail) : TypedResults.Ok(ScorecardAnswer.Of(card, cards.Find(id)!));
    }

    private static async Task<IResult> RecordAsync(HttpContext http, int id, [FromForm] FeedbackForm form, Scorecards cards, CancellationToken ct)
    {
        if (cards.Find(id) is not { } touchpoint) return TypedResults.NotFound();
        var error = await cards.RecordAsync(touchpoint, form, ct);
        if (error is null) return TypedResults.LocalRedirect($"/measure/touchpoints/{touchpoint.Id}");
        return http.Show<ScorecardPage>((await cards.OfAsync(id, form, error, http.Request.Query, ct))!, StatusCodes.Status422UnprocessableEntity, $"/measure/touchpoints/{touchpoint.Id}");
    }
}

/// <summary>Puts the sheet of a touchpoint together, and records what a customer said there.</summary>
internal sealed class Scorecards(
    Scores scores, Contacts contacts, Comments comments, FeedbackIntake intake, JourneyStore journeys, TouchpointCatalogue catalogue, JourneyMapQueries maps, TargetBook targets, IOptionsMonitor<MapOptions> limits, IOptionsMonitor<CompanyOptions> company, TimeProvider time)
{
    private const int LatestComments = 10;

    public Touchpoint? Find(int id) => catalogue.Find(id);

    public async Task<ScorecardModel?> OfAsync(int id, FeedbackForm form, string? error, IQueryCollection query, CancellationToken ct)
    {
        if (Find(id) is not { } touchpoint) return null;
        var read = ScorecardAddress.Filter(query);
        var filter = (read.Answer ?? JourneyFilter.None) with { Touchpoints = [touchpoint.Name], Properties = [], Unit = JourneyUnit.Person };
        var question = new ScoresQuestion(null, null, "month", null, null, filter);
        var asked = read.Then(_ => scores.Ask(question));
        var marks = new Marks(catalogue);
        List<ScoreRow> rows = [.. asked.Answer?.Items.Select(s => ScoresEndpoints.Row(question, s, marks)) ?? []];
        var said = asked.Answer is null ? new CommentsAnswer(0, []) : await comments.ListAsync(new CommentsQuestion(question.Filter, null, null, null, null, new Paging(0, LatestComments)), ct);
        return new ScorecardModel(
            touchpoint.Id, touchpoint.Name, touchpoint.Channel, touchpoint.Owner, T("Map.Stage." + touchpoint.Stage), rows, said, new Address("/measure/comments").With(filter).ToString(), form, error,
            await PainsAsync(touchpoint.Id, ct), company.CurrentValue.Zone().DayOf(time.GetUtcNow().UtcDateTime), limits.CurrentValue,
            [.. Metrics.Scored.Select(m => targets.Find(touchpoint.Id, m)).OfType<ScoreTarget>().Select(t => TargetsEndpoints.Model(t, touchpoint.Name))])
        {
            Contacts = ScorecardContacts.Of(touchpoint, query, contacts, journeys, catalogue),
            Choices = new FilterChoices(journeys.Channels(), [], Accounts: false),
            Filter = filter with { Touchpoints = [] },
            Refused = asked.Refusal,
        };
    }

    /// <summary>Of the maps of the journey as it is: what is wished for hurts nobody.</summary>
    private async Task<IReadOnlyList<ScorecardPain>> PainsAsync(int touchpoint, CancellationToken ct)
    {
        var pains = new List<ScorecardPain>();
        foreach (var map in (await maps.ListAsync(ct)).Where(m => m.State == MapState.AsIs))
        {
            var content = MapContent.Read(map.Content);
            foreach (var step in content.StepsInOrder().Where(s => s.Touchpoint == touchpoint))
                foreach (var lane in content.Lanes.Where(l => l.Kind == LaneKind.PainPoints))
                    pains.AddRange(content.CardsAt(step, lane).Select(c => new ScorecardPain(map.Id, map.Name, step.Name, c)));
        }

        return pains;
    }

    /// <returns>Why it was not taken; null where it was.</returns>
    public async Task<string?> RecordAsync(Touchpoint touchpoint, FeedbackForm form, CancellationToken ct)
    {
        var read = form.Read(touchpoint.Name, journeys, company.CurrentValue.Zone(), time.GetUtcNow().UtcDateTime);
        if (read.Refusal is { } refusal) return refusal.Detail;
        try
        {
            return (await intake.TakeAsync([read.Answer!], null, ct)).Rejected is [var wrong, ..] ? wrong.Detail : null;
        }
        catch (EventLogUnavailableException)
        {
            return T("Measure.Refused.NotNow");
        }
    }
}
