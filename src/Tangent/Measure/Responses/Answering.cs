using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tangent.Collect;
using Tangent.Unify;

namespace Tangent.Measure;

/// <summary>Somebody answers a survey.</summary>
/// <param name="Survey">The version that is answered.</param>
public sealed record AnswerSession(SurveyTicket Ticket, SurveyDefinition Survey, Response Response, JsonObject Traits)
{
    /// <summary>All that was answered, also where it is not asked any more: who changes back what hides a question finds the answer again.</summary>
    public IReadOnlyDictionary<string, GivenAnswer> Answers { get; init; } = Response.AllAnswers;

    /// <summary>The answers to what is still asked, as conditions see them: one whose own conditions hold no more decides nothing.</summary>
    internal ConditionFacts Facts
    {
        get
        {
            // Conditions name questions of earlier pages only.
            var standing = new Dictionary<string, GivenAnswer>(StringComparer.Ordinal);
            var facts = new ConditionFacts(standing, Traits, Ticket.Touchpoint);
            foreach (var question in Survey.Questions)
                if (Answers.TryGetValue(question.Key ?? "", out var answer) && SurveyCondition.FirstFailing(question.ShowIf, facts) is null) standing[question.Key!] = answer;
            return facts;
        }
    }

    /// <summary>The address a consent is of; null where it is not known, and then no consent is asked.</summary>
    internal ContactPoint? Point { get; init; }

    /// <summary>By whom a consent comes: the person herself, or a program that answers for her.</summary>
    internal ConsentOrigin Origin { get; init; } = ConsentOrigin.Survey;

    /// <summary>In which language the answers are, as a program said; empty where it did not: words say it by themselves. Null: in that of the pages.</summary>
    internal string? Language { get; init; }

    /// <summary>Who answers for the person; empty where she does herself.</summary>
    internal string By { get; init; } = "";

    /// <summary>What of a page is asked, as the answers stand.</summary>
    public IReadOnlyList<SurveyQuestion> Asked(int page)
    {
        if (page < 0 || page >= Survey.Pages!.Count) return [];
        var facts = Facts;
        return [.. Survey.Pages[page].Questions!.Where(q => (q.Kind != QuestionKind.Consent || Point is not null) && SurveyCondition.FirstFailing(q.ShowIf, facts) is null)];
    }

    /// <summary>Whether the conditions of a question hold, as the answers stand.</summary>
    public bool Shows(SurveyQuestion question) => SurveyCondition.FirstFailing(question.ShowIf, Facts) is null;

    /// <summary>The first page from one on that asks something; the number of pages where none does.</summary>
    public int From(int page)
    {
        page = Math.Max(0, page);
        while (page < Survey.Pages!.Count && Asked(page).Count == 0) page++;
        return Math.Min(page, Survey.Pages.Count);
    }

    /// <summary>The first page from one on that asks something, but none behind the first that lacks an answer which must be given: no number of a page leads past it, nor to the end.</summary>
    public int Reaches(int page)
    {
        var lacking = 0;
        while (lacking < Survey.Pages!.Count && Asked(lacking).All(q => !q.Required || Answers.ContainsKey(q.Key!))) lacking++;
        return Math.Min(From(page), lacking);
    }
}

/// <summary>Takes answers: each becomes an event of who gave it, at once, also where the survey is not finished.</summary>
internal sealed class Answering(
    ResponseQueries responses, SurveyQueries surveys, SourceQueries sources, EventLog log, Respondents respondents, Consents consents, ContactPoints points, TimeProvider time)
{
    public const string Source = "Surveys";
    public const string Event = "Survey answered";

    // Few hold up each other by chance; one for each response would have to be let go of again.
    private static readonly SemaphoreSlim[] Turns = Some(64), TurnsOfPersons = Some(64);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whoever takes answers opens the survey in a turn and keeps them before it ends: a second click on <em>Send</em> waits for the first.</summary>
    /// <param name="response">The response.</param>
    /// <param name="ct">Ends the waiting.</param>
    public static Task<IDisposable> TurnAsync(Guid response, CancellationToken ct) => TurnAsync(Turns, response.GetHashCode(), ct);

    /// <summary>Whoever has to find out which response of a person it is waits for this first, never after <see cref="TurnAsync(Guid, CancellationToken)"/>: else two could wait for each other.</summary>
    public static Task<IDisposable> TurnAsync(int survey, string key, CancellationToken ct) => TurnAsync(TurnsOfPersons, HashCode.Combine(survey, key), ct);

    private static async Task<IDisposable> TurnAsync(SemaphoreSlim[] turns, int of, CancellationToken ct)
    {
        var turn = turns[(uint)of % turns.Length];
        await turn.WaitAsync(ct);
        return new Turn(turn);
    }

    private static SemaphoreSlim[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Opens a survey for who holds a ticket; where answers were given already, in the version they were given to.</summary>
    /// <param name="survey">The survey.</param>
    /// <param name="ticket">Who answers.</param>
    /// <param name="shown">The version that was shown; null for the one that holds now.</param>
    public async Task<AnswerSession> OpenAsync(Survey survey, SurveyTicket ticket, int? shown, CancellationToken ct)
    {
        var response = await responses.FindAsync(ticket.Response, ct);
        var version = response?.Version ?? shown ?? survey.Version;
        var definition = await surveys.DefinitionAsync(survey.Id, version, ct);
        if (definition is null) (version, definition) = (survey.Version, (await surveys.DefinitionAsync(survey.Id, survey.Version, ct))!);
        var now = time.GetUtcNow().UtcDateTime;
        response ??= new Response
        {
            Id = ticket.Response,
            SurveyId = survey.Id,
            Version = version,
            Key = ticket.Key,
            Touchpoint = ticket.Touchpoint,
            Via = ticket.Via,
            StartedUtc = now,
            Language = definition.LanguageFor(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName),
        };
        // Whoever sits before a page is told no name, and agrees for no address: it may be somebody else than yesterday.
        if (!ticket.IsPersonal || ticket.Via == SurveyTicket.Widget || await respondents.FindAsync(ticket.Key, ct) is not { } person) return new AnswerSession(ticket, definition, response, []);
        return new AnswerSession(ticket, definition, response, person.Traits) { Point = ticket.Address is { } address ? ContactPoints.Email(address) : person.Point };
    }

    /// <summary>Keeps answers. The log comes first: an answer that was acknowledged is an event, whatever happens then; sent again it is the same event.</summary>
    /// <exception cref="EventLogUnavailableException">Nothing was taken.</exception>
    public async Task<AnswerSession> TakeAsync(AnswerSession session, IReadOnlyDictionary<string, GivenAnswer> given, int nextPage, CancellationToken ct)
    {
        var (response, now) = (session.Response, time.GetUtcNow());
        var source = await sources.GetOrCreateAsync(Source, SourceKind.Server, ct);
        var answers = new Dictionary<string, GivenAnswer>(session.Answers, StringComparer.Ordinal);
        var (events, agreed) = (new List<AcceptedEvent>(), new List<SurveyQuestion>());
        foreach (var (key, answer) in given)
        {
            var before = answers.GetValueOrDefault(key);
            if (before is not null && before.IsSameAs(answer)) continue;
            var question = session.Survey.Find(key)!;
            answers[key] = answer with { Revision = (before?.Revision ?? -1) + 1 };
            events.Add(EventOf(session, question, answers[key], source.Id, now));
            if (question.Kind == QuestionKind.Consent) agreed.Add(question);
        }

        if (events.Count > 0) await log.AppendAsync(new LogAppend(source.Id, LogKind.Events, true, now.ToUnixTimeMilliseconds(), null, events), ct);
        await consents.RecordAsync([.. agreed.Select(q => Consent(session, q))], ct);
        var asked = (session with { Answers = answers }).Facts.Answers;
        response.Answers = JsonSerializer.Serialize(answers.ToDictionary(a => a.Key, a => a.Value with { Hidden = !asked.ContainsKey(a.Key) }), JsonSerializerOptions.Web);
        (response.NextPage, response.ChangedUtc) = (nextPage, now.UtcDateTime);
        response.Complete |= nextPage >= session.Survey.Pages!.Count;
        await responses.SaveAsync(response, CancellationToken.None);
        return session with { Answers = answers };
    }

    private ConsentChange Consent(AnswerSession session, SurveyQuestion question) => new(
        points.IdOf(session.Point!), question.Purpose!, "", ConsentState.Given, session.Origin, session.By,
        string.Create(CultureInfo.InvariantCulture, $"survey-{session.Response.SurveyId}-{session.Response.Version}-{session.Response.Language}"),
        session.Survey.In(question.Text, session.Response.Language), session.Ticket.Key);

    private AcceptedEvent EventOf(AnswerSession session, SurveyQuestion question, GivenAnswer answer, int source, DateTimeOffset now)
    {
        var (response, key) = (session.Response, session.Ticket.Key);
        var said = JsonSerializer.Serialize(new { answer.Values, answer.Comment }, Plain);
        var id = string.Create(CultureInfo.InvariantCulture, $"{response.Id:N}:{question.Key}:{answer.Revision}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..16]}");
        var properties = new JsonObject { ["metric"] = question.Metric, ["survey"] = session.Survey.Name, ["question"] = question.Key, ["response"] = response.Id.ToString("N"), ["via"] = "answer", ["channel"] = response.Via == "letter" ? "E-mail" : response.Via == "api" ? "API" : "Web" };
        if ((session.Language ?? response.Language) is { Length: > 0 } language) properties["language"] = language;
        if (question.Scale is not null) properties["score"] = int.Parse(answer.Values[0], CultureInfo.InvariantCulture);
        else if (answer.Values.Count > 0) properties["answer"] = string.Join(", ", answer.Values);
        if (answer.Comment.Length > 0) properties["comment"] = answer.Comment;
        if (response.Touchpoint.Length > 0) properties["touchpoint"] = response.Touchpoint;
        var (kind, name) = key.StartsWith("user:", StringComparison.Ordinal) ? ("userId", key[5..]) : ("anonymousId", key[10..]);
        var json = new JsonObject { ["type"] = "track", ["event"] = Event, [kind] = name, ["messageId"] = id, ["timestamp"] = now.ToString("O", CultureInfo.InvariantCulture), ["properties"] = properties };
        return new AcceptedEvent(log.KeyOf(source, Encoding.UTF8.GetBytes(id)), Encoding.UTF8.GetBytes(json.ToJsonString(Plain)));
    }

    private sealed class Turn(SemaphoreSlim of) : IDisposable
    {
        public void Dispose() => of.Release();
    }
}
