using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Question">Key of the question.</param>
/// <param name="Value">The number, the key of an option, or the text.</param>
/// <param name="Values">Several options.</param>
/// <param name="Comment">Words beside a number.</param>
public sealed record AnswerSent(string? Question, string? Value = null, IReadOnlyList<string>? Values = null, string? Comment = null);

/// <param name="Answers">The answers; those that are left out can come later.</param>
/// <param name="UserId">Who answered.</param>
/// <param name="AnonymousId">Who answered, where only this is known.</param>
/// <param name="Response">Id of an earlier response that these answers complete or replace; a new one where it is left out.</param>
/// <param name="Touchpoint">What was asked about, where it is not the survey's.</param>
/// <param name="Language">en, de or pl.</param>
public sealed record ResponseSent(IReadOnlyList<AnswerSent>? Answers, string? UserId = null, string? AnonymousId = null, Guid? Response = null, string? Touchpoint = null, string? Language = null);

/// <param name="Question">Key of the question.</param>
/// <param name="Values">The answer.</param>
/// <param name="Comment">Words beside it, or what was written; hidden from who may not see comments.</param>
public sealed record AnswerView(string Question, IReadOnlyList<string> Values, string Comment);

/// <param name="Id">Its id, which the events name.</param>
/// <param name="Identifier">Who answered.</param>
/// <param name="Version">The version of the survey that was answered.</param>
/// <param name="Via">letter, link, widget or api.</param>
/// <param name="Complete">It came to the end.</param>
public sealed record ResponseView(Guid Id, string Identifier, int Version, string Touchpoint, string Language, string Via, bool Complete, DateTime Started, DateTime Changed, IReadOnlyList<AnswerView> Answers)
{
    internal static ResponseView Of(Response r, Masking masking) => new(
        r.Id, masking.Text(r.Key), r.Version, r.Touchpoint, r.Language, r.Via, r.Complete, r.StartedUtc, r.ChangedUtc,
        [.. r.AnswerList.Select(a => new AnswerView(a.Key, [.. a.Value.Values.Select(masking.Text)], masking.Value(SensitiveKind.Comments, masking.Text(a.Value.Comment))))]);
}

/// <param name="Items">The latest, at most 500.</param>
public sealed record ResponsesAnswer(IReadOnlyList<ResponseView> Items);

internal static class ResponsesEndpoints
{
    public const int Most = 500;
    private const int LongestId = 256;

    public static void MapResponses(this WebApplication app)
    {
        var api = app.MapGroup(SurveysEndpoints.Path + "/{id:int}/responses").WithTags("Measure");
        api.MapGet("", ListAsync).LooksAtCustomer().WithName("ListSurveyResponses").WithSummary("The latest answers to a survey, also those that are not finished.");
        api.MapPost("", TakeAsync).RequireAuthorization(Rights.Contribute).WithName("AnswerSurvey").WithSummary("Answers a survey for somebody: each answer becomes an event at once. Sent again under its id, a response is completed or replaced.");
    }

    private static async Task<Results<Ok<ResponsesAnswer>, ProblemHttpResult>> ListAsync(int id, SurveyQueries surveys, ResponseQueries responses, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is null) return SurveysEndpoints.None(id);
        var masking = sensitivity.Now;
        return TypedResults.Ok(new ResponsesAnswer([.. (await responses.LatestAsync(id, Most, ct)).Select(r => ResponseView.Of(r, masking))]));
    }

    private static async Task<Results<Ok<ResponseView>, ProblemHttpResult>> TakeAsync(
        HttpContext http, int id, ResponseSent body, SurveyQueries surveys, ResponseQueries responses, TouchpointCatalogue catalogue, Answering answering, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is not { } survey) return SurveysEndpoints.None(id);
        if (!survey.Open) return Problems.Conflict(T("Measure.Answer.Closed"));
        var response = body.Response ?? Guid.CreateVersion7();
        using var turn = await Answering.TurnAsync(response, ct);
        var before = body.Response is { } known ? await responses.FindAsync(known, ct) : null;
        if (before is not null && before.SurveyId != id) return Problems.Invalid("response", T("Measure.Answer.OtherSurvey"));
        if (Key(body) is not { } key) return Problems.Invalid("userId", T("Measure.Answer.WhoNeeded"));
        if (before is not null && before.Key != key) return Problems.Invalid("userId", T("Measure.Answer.OtherPerson"));
        var place = body.Touchpoint is { Length: > 0 } at ? catalogue.Named(at)?.Name : "";
        if (place is null) return Problems.Invalid("touchpoint", T("Measure.Surveys.UnknownTouchpoint", body.Touchpoint));
        if (body.Language is { } language && !SurveyDefinition.Languages.Contains(language)) return Problems.Invalid("language", T("Measure.Surveys.UnknownLanguage", language));
        var definition = (await surveys.DefinitionAsync(id, survey.Version, ct))!;
        var ticket = new SurveyTicket(id, response, key, before?.Touchpoint ?? (body.Touchpoint is null ? definition.Touchpoint : place) ?? "", before?.Via ?? "api");
        var session = await answering.OpenAsync(survey, ticket, null, ct) with { Origin = ConsentOrigin.Api, By = http.User.Identity?.Name ?? "" };
        if (before is null && body.Language is { } said) session.Response.Language = session.Survey.LanguageFor(said);
        if (Read(session, body, out var answers) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        session = await answering.TakeAsync(session, answers, Next(session with { Answers = AnswerEndpoints.Joined(session.Answers, answers) }), ct);
        return TypedResults.Ok(ResponseView.Of(session.Response, sensitivity.Now));
    }

    private static string? Key(ResponseSent body)
    {
        var (kind, id) = body.UserId is { Length: > 0 } user ? ("user:", user) : ("anonymous:", body.AnonymousId ?? "");
        return id.Length is > 0 and <= LongestId && !id.Any(char.IsControl) ? kind + id : null;
    }

    private static Refusal? Read(AnswerSession session, ResponseSent body, out Dictionary<string, GivenAnswer> answers)
    {
        answers = new Dictionary<string, GivenAnswer>(StringComparer.Ordinal);
        if (body.Answers is not { Count: > 0 and <= SurveyCheck.MostQuestions }) return new Refusal("answers", T("Measure.Answer.NoAnswers"));
        foreach (var (at, sent) in body.Answers.Index())
        {
            var field = $"answers[{at}]";
            if (session.Survey.Find(sent?.Question) is not { } question) return new Refusal(field + ".question", T("Measure.Answer.UnknownQuestion", sent?.Question, string.Join(", ", session.Survey.Questions.Select(q => q.Key))));
            if (question.Kind == QuestionKind.Consent && session.Point is null) return new Refusal(field, T("Measure.Answer.NoAddress"));
            var (answer, fault) = AnswerReading.Read(question, sent!.Values ?? [sent.Value ?? ""], sent.Comment ?? "");
            if (fault is not null || answer is null) return new Refusal(field + ".value", fault ?? T("Measure.Answer.Needed"));
            answers[question.Key!] = answer;
        }

        return null;
    }

    /// <summary>The first page on which something is left that must be answered.</summary>
    private static int Next(AnswerSession session)
    {
        var page = session.From(0);
        while (page < session.Survey.Pages!.Count && session.Asked(page).All(q => !q.Required || session.Answers.ContainsKey(q.Key!))) page = session.From(page + 1);
        return page;
    }
}
