using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>A page of a survey as whoever answers sees it.</summary>
/// <param name="Action">Where the answers go.</param>
/// <param name="Faults">What is wrong with an answer, by question.</param>
/// <param name="IsPreview">Nothing is kept.</param>
public sealed record AnswerModel(string Action, AnswerSession Session, int Page, IReadOnlyDictionary<string, GivenAnswer> Answers, IReadOnlyDictionary<string, string> Faults, bool IsPreview = false)
{
    public string Language => Session.Response.Language;

    public IReadOnlyList<SurveyQuestion> Questions => Session.Asked(Page);

    public bool IsDone => Page >= Session.Survey.Pages!.Count;

    public string Say(IReadOnlyDictionary<string, string>? text) => Variables.Fill(Session.Survey.In(text, Language), Session.Traits);
}

/// <summary>Why nothing can be answered; both are keys of texts.</summary>
public sealed record AnswerGoneModel(string Title, string Hint);

/// <summary>What an address of a survey is looked up in.</summary>
internal sealed record AnswerParts(SurveyLinks Links, SurveyQueries Surveys, TouchpointCatalogue Catalogue, JourneyStore Journeys, EventLog Log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="JourneysBehindException">It cannot be known yet who it is.</exception>
    public async Task<(Survey? Survey, SurveyTicket? Ticket)> FindAsync(string token, string? at, CancellationToken ct)
    {
        if (Links.Read(token) is { } ticket) return (await Surveys.FindAsync(ticket.Survey, ct), ticket.IsPersonal && !await IsKnownAsync(ticket.Key, ct) ? ticket.OfNobody() : ticket);
        if (await Surveys.FindAsync(token, ct) is not { } survey) return (null, null);
        // A code printed at a place says by name or number which one it is; only places that are known count.
        var touchpoint = (at is null ? null : Catalogue.Find(at)?.Name) ?? (await Surveys.DefinitionAsync(survey.Id, survey.Version, ct))?.Touchpoint ?? "";
        return (survey, SurveyTicket.OfSomebody(survey.Id, touchpoint, "link"));
    }

    /// <summary>Nobody is taken for unknown before the journeys have been read: answers given for nobody stay so.</summary>
    private async Task<bool> IsKnownAsync(string key, CancellationToken ct)
    {
        if (Journeys.CustomerOf(key) is not null) return true;
        try
        {
            await Journeys.WaitUntilVisibleAsync(Log.EndPosition, ct).WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            throw new JourneysBehindException(e);
        }

        return Journeys.CustomerOf(key) is not null;
    }
}

/// <summary>The journeys are made anew of the event log, and it is not known yet who somebody is.</summary>
internal sealed class JourneysBehindException(Exception inner) : NotNowException("The journeys are behind the event log; try again in a minute.", inner);

/// <summary>The pages on which people answer; they work without a script. A GET shows and prefills, so that programs which look at the links of a letter answer nothing.</summary>
internal static class AnswerEndpoints
{
    public static void MapAnswers(this WebApplication app)
    {
        // The link is the right to answer; a cookie is neither needed nor asked.
        var pages = app.MapGroup("/s/{token}").AllowAnonymous().ExcludeFromDescription().DisableAntiforgery()
            .AddEndpointFilter((context, next) => PublicLimit.LimitAsync(context, next, context.HttpContext.RequestServices.GetRequiredService<SurveyLinks>().Read(PreferenceCentreEndpoints.Token(context.HttpContext))?.Response.ToString()));
        pages.MapGet("", ShowAsync);
        pages.MapPost("", TakeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string token, int? page, string? q, string? a, string? at, [AsParameters] AnswerParts parts, Answering answering, CancellationToken ct)
    {
        PreferenceCentreEndpoints.Seal(http);
        var (survey, ticket) = await parts.FindAsync(token, at, ct);
        if (survey is null || ticket is null) return Gone(http, StatusCodes.Status404NotFound, "Measure.Answer.Gone", "Measure.Answer.GoneHint");
        if (!survey.Open) return Gone(http, StatusCodes.Status410Gone, "Measure.Answer.Closed", "Measure.Answer.ClosedHint");
        var session = await answering.OpenAsync(survey, ticket, null, ct);
        var answers = new Dictionary<string, GivenAnswer>(session.Answers, StringComparer.Ordinal);
        // What was clicked in the letter stands there chosen; it is sent by the person.
        if (session.Survey.Find(q) is { } clicked && AnswerReading.Read(clicked, [a ?? ""], "") is ({ } prefilled, null)) answers[clicked.Key!] = prefilled with { Comment = answers.GetValueOrDefault(clicked.Key!)?.Comment ?? "" };
        var wanted = q is { Length: > 0 } ? 0 : page ?? (session.Response.Complete ? session.Survey.Pages!.Count : session.Response.NextPage);
        return http.Show<AnswerPage>(new AnswerModel(Action(parts.Links.Token(ticket), session), session, session.Reaches(wanted), answers, NoFaults), at: SurveyLinks.Path + token);
    }

    private static async Task<IResult> TakeAsync(HttpContext http, string token, [AsParameters] AnswerParts parts, Answering answering, CancellationToken ct)
    {
        PreferenceCentreEndpoints.Seal(http);
        var (survey, ticket) = await parts.FindAsync(token, null, ct);
        if (survey is null || ticket is null) return Gone(http, StatusCodes.Status404NotFound, "Measure.Answer.Gone", "Measure.Answer.GoneHint");
        if (!survey.Open) return Gone(http, StatusCodes.Status410Gone, "Measure.Answer.Closed", "Measure.Answer.ClosedHint");
        var form = await PreferenceCentreEndpoints.FormAsync(http, ct);
        using var turn = await Answering.TurnAsync(ticket.Response, ct);
        var session = await answering.OpenAsync(survey, ticket, Number(form["version"]), ct);
        var page = session.From(Number(form["page"]) ?? session.Response.NextPage);
        var (answers, faults) = Read(session, page, name => form[name]);
        var action = Action(parts.Links.Token(ticket), session);
        if (faults.Count > 0) return http.Show<AnswerPage>(new AnswerModel(action, session, page, answers, faults), StatusCodes.Status422UnprocessableEntity, SurveyLinks.Path + token);
        var next = (session with { Answers = Joined(session.Answers, answers) }).Reaches(page + 1);
        await answering.TakeAsync(session, answers, next, ct);
        return TypedResults.LocalRedirect(action + (next < session.Survey.Pages!.Count ? string.Create(CultureInfo.InvariantCulture, $"&page={next}") : ""));
    }

    /// <summary>Shows a survey as it will be; what is entered goes from page to page in the address and is not kept.</summary>
    public static IResult Preview(HttpContext http, int id, SurveyDefinition survey)
    {
        var query = http.Request.Query;
        var language = survey.LanguageFor(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);
        var ticket = SurveyTicket.OfSomebody(id, survey.Touchpoint ?? "", "preview");
        var response = new Response { Id = ticket.Response, Key = ticket.Key, Language = language };
        var session = new AnswerSession(ticket, survey, response, []);
        var answers = new Dictionary<string, GivenAnswer>(StringComparer.Ordinal);
        foreach (var question in survey.Questions)
            if (AnswerReading.Read(question, [.. query["q." + question.Key].OfType<string>()], query["c." + question.Key].ToString()) is ({ } answer, null)) answers[question.Key!] = answer;
        session = session with { Answers = answers };
        var page = session.From(Number(query["page"]) is { } shown ? shown + 1 : 0);
        return http.Show<AnswerPage>(new AnswerModel(string.Create(CultureInfo.InvariantCulture, $"/measure/surveys/{id}/preview"), session, page, answers, NoFaults, IsPreview: true));
    }

    private static readonly IReadOnlyDictionary<string, string> NoFaults = new Dictionary<string, string>();

    /// <summary>The answers on a page; who left a question out that was answered before keeps that answer.</summary>
    private static (Dictionary<string, GivenAnswer> Answers, Dictionary<string, string> Faults) Read(AnswerSession session, int page, Func<string, StringValues> field)
    {
        var (answers, faults) = (new Dictionary<string, GivenAnswer>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var question in session.Asked(page))
        {
            var (answer, fault) = AnswerReading.Read(question, [.. field("q." + question.Key).OfType<string>()], field("c." + question.Key).ToString());
            if (answer is not null) answers[question.Key!] = answer;
            if (fault is not null) faults[question.Key!] = fault;
        }

        return (answers, faults);
    }

    public static Dictionary<string, GivenAnswer> Joined(IReadOnlyDictionary<string, GivenAnswer> before, IReadOnlyDictionary<string, GivenAnswer> now)
    {
        var joined = new Dictionary<string, GivenAnswer>(before, StringComparer.Ordinal);
        foreach (var (key, answer) in now) joined[key] = answer;
        return joined;
    }

    private static string Action(string token, AnswerSession session) => $"{SurveyLinks.Path}{token}?lang={session.Response.Language}";

    private static RazorComponentResult<PageHost> Gone(HttpContext http, int status, string title, string hint) => http.Show<AnswerGonePage>(new AnswerGoneModel(title, hint), status, "/");

    private static int? Number(StringValues text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
