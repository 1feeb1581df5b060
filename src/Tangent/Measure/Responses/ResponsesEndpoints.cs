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
/// <param name="Response">Id of an earlier response that these answers complete or replace, or a new id for another one. Left out, they complete or replace what was answered for the same person, of the same touchpoint, within the survey's wait period (waitDays, 30 unless said).</param>
/// <param name="Touchpoint">What was asked about, where it is not the survey's.</param>
/// <param name="Language">en, de or pl; left out, that of comments is detected.</param>
/// <param name="Complete">No more answers come, though later pages were not answered.</param>
public sealed record ResponseSent(IReadOnlyList<AnswerSent>? Answers, string? UserId = null, string? AnonymousId = null, Guid? Response = null, string? Touchpoint = null, string? Language = null, bool Complete = false);

/// <param name="Question">Key of the question.</param>
/// <param name="Values">The answer.</param>
/// <param name="Comment">Words beside it, or what was written; hidden from who may not see comments.</param>
public sealed record AnswerView(string Question, IReadOnlyList<string> Values, string Comment);

/// <param name="Id">Its id, which the events name.</param>
/// <param name="Identifier">Who answered.</param>
/// <param name="Version">The version of the survey that was answered.</param>
/// <param name="Via">letter, link, widget or api.</param>
/// <param name="Complete">It came to the end.</param>
/// <param name="Customer">Number of the customer; null where nobody is known.</param>
public sealed record ResponseView(Guid Id, string Identifier, int Version, string Touchpoint, string Language, string Via, bool Complete, DateTime Started, DateTime Changed, IReadOnlyList<AnswerView> Answers, int? Customer)
{
    internal static IReadOnlyList<ResponseView> Of(List<Response> responses, JourneyStore journeys, Masking masking)
    {
        var customers = journeys.FindCustomers(responses.ConvertAll(r => r.Key));
        return [.. responses.Select((r, i) => Of(r, customers[i] < 0 ? null : customers[i], masking))];
    }

    private static ResponseView Of(Response r, int? customer, Masking masking) => new(
        r.Id, masking.Text(r.Key), r.Version, r.Touchpoint, r.Language, r.Via, r.Complete, r.StartedUtc, r.ChangedUtc,
        [.. r.AnswerList.Select(a => new AnswerView(a.Key, [.. a.Value.Values.Select(masking.Text)], masking.Value(SensitiveKind.Comments, masking.Text(a.Value.Comment))))], customer);
}

/// <param name="Items">The latest, at most 500.</param>
public sealed record ResponsesAnswer(IReadOnlyList<ResponseView> Items);

/// <param name="Option">Key of the option.</param>
/// <param name="Text">Its text.</param>
/// <param name="Count">How many chose it.</param>
public sealed record OptionCount(string Option, string Text, int Count);

/// <param name="Question">Key of the question.</param>
/// <param name="Text">Its text.</param>
/// <param name="Answered">How many answered it; of several options each may have been chosen.</param>
/// <param name="Options">The options that there are now.</param>
public sealed record QuestionChoices(string Question, string Text, int Answered, IReadOnlyList<OptionCount> Options);

public sealed record ChoicesAnswer(IReadOnlyList<QuestionChoices> Items);

internal static class ResponsesEndpoints
{
    public const int Most = 500;
    private const int LongestId = 256;

    public static void MapResponses(this WebApplication app)
    {
        var api = app.MapGroup(SurveysEndpoints.Path + "/{id:int}/responses").WithTags("Measure");
        api.MapGet("", ListAsync).LooksAtCustomer().WithName("ListSurveyResponses").WithSummary("The latest answers to a survey, also those that are not finished.");
        app.MapGet(SurveysEndpoints.Path + "/{id:int}/choices", ChoicesAsync).WithTags("Measure").WithName("SurveyChoices").WithSummary("How often each option of a survey's questions was chosen.");
        api.MapPost("", TakeAsync).RequireAuthorization(Rights.Contribute).WithName("AnswerSurvey").WithSummary("Answers a survey for somebody: each answer becomes an event at once. What was answered for the same person before, within the wait period or under its id, is completed or replaced.");
    }

    private static async Task<Results<Ok<ChoicesAnswer>, ProblemHttpResult>> ChoicesAsync(int id, SurveyQueries surveys, ResponseQueries responses, CancellationToken ct) =>
        await surveys.FindAsync(id, ct) is not { } survey ? SurveysEndpoints.None(id)
            : TypedResults.Ok(new ChoicesAnswer(await responses.ChoicesAsync(id, (await surveys.DefinitionAsync(id, survey.Version, ct))!, ct)));

    private static async Task<Results<Ok<ResponsesAnswer>, ProblemHttpResult>> ListAsync(int id, SurveyQueries surveys, ResponseQueries responses, JourneyStore journeys, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is null) return SurveysEndpoints.None(id);
        return TypedResults.Ok(new ResponsesAnswer(ResponseView.Of(await responses.LatestAsync(id, Most, ct), journeys, sensitivity.Now)));
    }

    private static async Task<Results<Ok<ResponseView>, ProblemHttpResult>> TakeAsync(
        HttpContext http, int id, ResponseSent body, SurveyQueries surveys, ResponseQueries responses, TouchpointCatalogue catalogue, Answering answering, JourneyStore journeys, Sensitivity sensitivity, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is not { } survey) return SurveysEndpoints.None(id);
        if (!survey.Open) return Problems.Conflict(T("Measure.Answer.Closed"));
        if (Key(body) is not { } key) return Problems.Invalid("userId", T("Measure.Answer.WhoNeeded"));
        var place = body.Touchpoint is { Length: > 0 } at ? catalogue.Named(at)?.Name : "";
        if (place is null) return Problems.Invalid("touchpoint", T("Measure.Surveys.UnknownTouchpoint", body.Touchpoint));
        if (body.Language is { } language && !SurveyDefinition.Languages.Contains(language)) return Problems.Invalid("language", T("Measure.Surveys.UnknownLanguage", language));
        var definition = (await surveys.DefinitionAsync(id, survey.Version, ct))!;
        var about = (body.Touchpoint is null ? definition.Touchpoint : place) ?? "";
        using var turn = await Answering.TurnAsync(id, key, ct);
        var response = body.Response ?? await responses.LastAsync(survey, key, about, WaitSince(definition), ct) ?? Guid.CreateVersion7();
        // The person herself may be answering it, too.
        using var alone = await Answering.TurnAsync(response, ct);
        var before = await responses.FindAsync(response, ct);
        if (before is not null && before.SurveyId != id) return Problems.Invalid("response", T("Measure.Answer.OtherSurvey"));
        if (before is not null && before.Key != key) return Problems.Invalid("userId", T("Measure.Answer.OtherPerson"));
        var ticket = new SurveyTicket(id, response, key, before?.Touchpoint ?? about, before?.Via ?? SurveyTicket.Api);
        var session = await answering.OpenAsync(survey, ticket, null, ct) with { Origin = ConsentOrigin.Api, By = http.User.Identity?.Name ?? "", Language = body.Language ?? "" };
        if (ticket.Via == SurveyTicket.Api && body.Language is { } said) session.Response.Language = session.Survey.LanguageFor(said);
        if (Read(session, body, out var answers) is { } wrong) return Problems.Invalid(wrong.Field, wrong.Detail);
        session = await answering.TakeAsync(session, answers, Next(session with { Answers = AnswerEndpoints.Joined(session.Answers, answers) }, body.Complete), ct);
        return TypedResults.Ok(ResponseView.Of([session.Response], journeys, sensitivity.Now)[0]);
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
            if (!answers.TryAdd(question.Key!, answer)) return new Refusal(field + ".question", T("Measure.Answer.Twice", question.Key));
        }

        var after = session with { Answers = AnswerEndpoints.Joined(session.Answers, answers) };
        foreach (var (at, sent) in body.Answers.Index())
            if (after.Survey.Find(sent.Question) is { } question && !after.Shows(question)) return new Refusal($"answers[{at}].question", T("Measure.Answer.NotAsked", question.Key, string.Join("; ", question.ShowIf!)));
        return null;
    }

    /// <summary>The page on which the survey goes on: after the last one that has an answer, or before it where something is left that must be answered.</summary>
    private static int Next(AnswerSession session, bool isAll)
    {
        var pages = session.Survey.Pages!;
        var answered = session.Facts.Answers;
        return session.Reaches(isAll ? pages.Count : pages.Index().Last(p => p.Item.Questions!.Any(q => answered.ContainsKey(q.Key!))).Index + 1);
    }

    private static DateTime WaitSince(SurveyDefinition survey) => DateTime.UtcNow.AddDays(-(survey.Ask ?? new AskRule(null)).WaitDays);
}
