using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Cookieless">Nothing is stored of the visitor: the anonymous id is that of one page.</param>
internal sealed record WidgetAsked(string? WriteKey, string? AnonymousId, string? Language, bool Cookieless = false);

internal sealed record WidgetAnswer(IReadOnlyList<string>? Values, string? Comment);

internal sealed record WidgetAnswers(string? Token, int Page, int? Version, string? Language, Dictionary<string, WidgetAnswer?>? Answers);

internal sealed record WidgetOption(string Key, string Text);

internal sealed record WidgetQuestion(
    string Key, string Kind, string Text, bool Required, int? Lowest, int? Highest, string Low, string High, string Comment, IReadOnlyList<WidgetOption> Options, IReadOnlyList<string> Values, string Said);

internal sealed record WidgetWords(string Next, string Send, string Close, string Later);

/// <summary>A page of a survey as web pages show it.</summary>
internal sealed record WidgetPage(string Token, int Page, int Version, string Language, string Title, string Intro, string Thanks, bool Last, bool Done, IReadOnlyList<WidgetQuestion> Questions, WidgetWords Words);

internal sealed record WidgetFaults(IReadOnlyDictionary<string, string> Faults);

/// <summary>What survey.js on pages of other sites asks: which surveys there are, whether this visitor is asked, and what comes after an answer.</summary>
internal static class WidgetEndpoints
{
    private const int MostBytes = 1 << 20;
    private const int LongestId = 256;

    /// <summary>From one place, which may be a whole company's: every page that is opened there asks.</summary>
    public const int AsksPerMinute = 600;

    /// <summary>From one place; asking does not use them up.</summary>
    public const int AnswersPerMinute = 120;

    public static void MapWidgets(this WebApplication app)
    {
        app.MapGet("/survey.js", (HttpContext http, WidgetScript script) => script.Packed.Answer(http)).AllowAnonymous().ExcludeFromDescription();
        var calls = app.MapGroup("/v1/surveys").ExcludeFromDescription().DisableAntiforgery().AddEndpointFilter(CallsEndpoints.AllowAnyOriginAsync);
        calls.MapGet("", List).ByWriteKey();
        calls.MapPost("/{code}/asks", AskAsync).ByWriteKey().AddEndpointFilter((context, next) => LimitAsync(context, next, "asks", AsksPerMinute)).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        // The token that came with the survey is the right to answer it.
        calls.MapPost("/answers", TakeAsync).AllowAnonymous().AddEndpointFilter((context, next) => LimitAsync(context, next, "answers", AnswersPerMinute)).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
    }

    private static ValueTask<object?> LimitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, string what, int perMinute) =>
        PublicLimit.LimitAsync(context, next, what + " " + SignInThrottle.From(context.HttpContext), perMinute);

    private static IResult List(HttpContext http, string? key, SourceKeys keys, PublishedSurveys surveys)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        return keys.TryFind(key, out var source) && source.Kind == SourceKind.Web && !source.Paused
            ? TypedResults.Ok(new { items = surveys.All }) : TypedResults.Ok(new { items = Array.Empty<PublishedSurvey>() });
    }

    private static async Task<IResult> AskAsync(HttpContext http, string code, SurveyQueries surveys, SourceKeys keys, WebDecider decider, Answering answering, SurveyLinks links, CancellationToken ct)
    {
        if (await ReadAsync<WidgetAsked>(http, ct) is not { } body) return Problems.Of(StatusCodes.Status400BadRequest, "The body is not what survey.js sends.");
        if (!keys.TryFind(body.WriteKey, out var source) || source.Kind != SourceKind.Web || source.Paused) return CallsEndpoints.WrongKey(body.WriteKey);
        if (body.AnonymousId is not { Length: > 0 and <= LongestId } visitor || visitor.Any(char.IsControl)) return Problems.Invalid("anonymousId", T("Measure.Answer.WhoNeeded"));
        if (await surveys.FindAsync(code, ct) is not { Open: true } survey || await surveys.DefinitionAsync(survey.Id, survey.Version, ct) is not { } definition) return TypedResults.NoContent();
        // Why not is for the company to know; a page is told nothing.
        if (await decider.DecideAsync(survey, definition, new WebVisitor(visitor, body.Cookieless), ct) != AskOutcome.Asked) return TypedResults.NoContent();
        var ticket = new SurveyTicket(survey.Id, Guid.CreateVersion7(), "anonymous:" + visitor, definition.Touchpoint ?? "", SurveyTicket.Widget);
        var session = In(await answering.OpenAsync(survey, ticket, null, ct), body.Language);
        return TypedResults.Ok(PageOf(session, links.Token(ticket), session.From(0)));
    }

    private static async Task<IResult> TakeAsync(HttpContext http, [AsParameters] AnswerParts parts, Answering answering, CancellationToken ct)
    {
        if (await ReadAsync<WidgetAnswers>(http, ct) is not { } body) return Problems.Of(StatusCodes.Status400BadRequest, "The body is not what survey.js sends.");
        if (parts.Links.Read(body.Token ?? "") is not { Via: SurveyTicket.Widget }) return Problems.NotFound(T("Measure.Answer.Gone"));
        var (survey, ticket) = await parts.FindAsync(body.Token!, null, ct);
        if (survey is null || ticket is null) return Problems.NotFound(T("Measure.Answer.Gone"));
        if (!survey.Open) return Problems.Of(StatusCodes.Status410Gone, T("Measure.Answer.Closed"));
        using var turn = await Answering.TurnAsync(ticket.Response, ct);
        var session = In(await answering.OpenAsync(survey, ticket, body.Version, ct), body.Language);
        var page = session.From(body.Page);
        var (answers, faults) = Read(session, page, body.Answers ?? []);
        if (faults.Count > 0) return TypedResults.UnprocessableEntity(new WidgetFaults(faults));
        var next = (session with { Answers = AnswerEndpoints.Joined(session.Answers, answers) }).Reaches(page + 1);
        session = await answering.TakeAsync(session, answers, next, ct);
        return TypedResults.Ok(PageOf(session, body.Token!, next));
    }

    private static (Dictionary<string, GivenAnswer> Answers, Dictionary<string, string> Faults) Read(AnswerSession session, int page, Dictionary<string, WidgetAnswer?> sent)
    {
        var (answers, faults) = (new Dictionary<string, GivenAnswer>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var question in session.Asked(page))
        {
            var said = sent.GetValueOrDefault(question.Key!);
            var (answer, fault) = AnswerReading.Read(question, said?.Values ?? [], said?.Comment ?? "");
            if (answer is not null) answers[question.Key!] = answer;
            if (fault is not null) faults[question.Key!] = fault;
        }

        return (answers, faults);
    }

    /// <summary>The page's language, where nothing was answered yet.</summary>
    private static AnswerSession In(AnswerSession session, string? language)
    {
        if (session.Answers.Count == 0) session.Response.Language = session.Survey.LanguageFor(language ?? "");
        return session;
    }

    private static WidgetPage PageOf(AnswerSession session, string token, int page)
    {
        var (survey, language) = (session.Survey, session.Response.Language);
        string Say(IReadOnlyDictionary<string, string>? text) => Variables.Fill(survey.In(text, language), session.Traits);
        var done = page >= survey.Pages!.Count;
        return new WidgetPage(
            token, page, session.Response.Version, language, Say(survey.Title), page == 0 ? Say(survey.Intro) : "", Say(survey.Thanks) is { Length: > 0 } thanks ? thanks : T("Measure.Answer.Thanks"),
            session.From(page + 1) >= survey.Pages.Count, done, [.. session.Asked(page).Select(q => QuestionOf(q, session.Answers.GetValueOrDefault(q.Key!), Say))],
            new WidgetWords(T("Measure.Answer.Next"), T("Measure.Answer.Send"), T("Measure.Answer.Close"), T("Measure.Answer.Later")));
    }

    private static WidgetQuestion QuestionOf(SurveyQuestion question, GivenAnswer? answer, Func<IReadOnlyDictionary<string, string>?, string> say) => new(
        question.Key!, question.Metric, say(question.Text), question.Required, question.Scale?.Lowest, question.Scale?.Highest, say(question.Low), say(question.High), say(question.Comment),
        [.. (question.Options ?? []).Select(o => new WidgetOption(o.Key!, say(o.Text)))], answer?.Values ?? [], answer?.Comment ?? "");

    /// <summary>Pages send text, which needs no preflight.</summary>
    /// <returns>Null where it is no JSON of this form.</returns>
    private static async Task<TBody?> ReadAsync<TBody>(HttpContext http, CancellationToken ct) where TBody : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<TBody>(http.Request.Body, JsonSerializerOptions.Web, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What shows surveys on web pages.</summary>
internal sealed class WidgetScript
{
    public PackedScript Packed { get; } = new(PackedScript.Read("survey.js"));
}
