using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Open">Answers are taken.</param>
/// <param name="Version">Its version; each change of what is asked makes a new one.</param>
/// <param name="By">Who changed it last.</param>
/// <param name="Changed">When, UTC.</param>
/// <param name="Link">Address under which everybody can answer; <c>?at=TOUCHPOINT</c> says where it is printed.</param>
/// <param name="Responses">Answers, complete or not.</param>
/// <param name="Complete">Answers that came to the end.</param>
/// <param name="Survey">What it asks.</param>
public sealed record SurveyView(int Id, string Name, bool Open, int Version, string By, DateTime Changed, string Link, int Responses, int Complete, SurveyDefinition Survey);

public sealed record SurveysAnswer(IReadOnlyList<SurveyView> Items);

/// <param name="Key">Its name, such as delivery.</param>
/// <param name="Survey">The survey to begin with.</param>
public sealed record SurveyTemplate(string Key, SurveyDefinition Survey);

public sealed record SurveyTemplatesAnswer(IReadOnlyList<SurveyTemplate> Items);

/// <param name="Open">Answers are taken.</param>
public sealed record SurveyOpening(bool? Open);

internal static class SurveysEndpoints
{
    public const string Path = "/api/v1/measure/surveys";

    public static void MapSurveys(this WebApplication app)
    {
        var api = app.MapGroup(Path).WithTags("Measure");
        api.MapGet("", ListAsync).WithName("ListSurveys").WithSummary("The surveys, by name, with what they ask and how many answered.");
        api.MapGet("/templates", () => TypedResults.Ok(new SurveyTemplatesAnswer([.. SurveyTemplates.All.Select(t => new SurveyTemplate(t.Key, t.Value))]))).WithName("ListSurveyTemplates").WithSummary("Surveys to begin with, in English, German and Polish.");
        api.MapGet("/{id:int}", FindAsync).WithName("FindSurvey").WithSummary("A survey and what it asks now.");
        api.MapPost("", AddAsync).RequireAuthorization(Rights.Edit).WithName("AddSurvey").WithSummary("Adds a survey; it can be answered at once.");
        api.MapPut("/{id:int}", ChangeAsync).RequireAuthorization(Rights.Edit).WithName("ChangeSurvey").WithSummary("Changes a survey. What is being answered stays as it was shown: answers belong to the version they were given to.");
        api.MapPut("/{id:int}/open", OpenAsync).RequireAuthorization(Rights.Edit).WithName("OpenSurvey").WithSummary("Opens or closes a survey; a closed one takes no answers and asks nobody.");
        api.MapDelete("/{id:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("RemoveSurvey").WithSummary("Removes a survey that was made by mistake: one that nobody was asked by and nobody has answered. Others can be closed.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, SurveyQueries surveys, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is null) return None(id);
        return await surveys.RemoveAsync(id, ct) ? TypedResults.NoContent() : Problems.Conflict(T("Measure.Surveys.HasAnswers"));
    }

    private static async Task<Ok<SurveysAnswer>> ListAsync(HttpContext http, SurveyQueries surveys, SurveyLinks links, CancellationToken ct) =>
        TypedResults.Ok(new SurveysAnswer(await ViewsAsync(http, surveys, links, ct)));

    private static async Task<Results<Ok<SurveyView>, ProblemHttpResult>> FindAsync(int id, HttpContext http, SurveyQueries surveys, SurveyLinks links, CancellationToken ct) =>
        await ViewAsync(http, id, surveys, links, ct) is { } view ? TypedResults.Ok(view) : None(id);

    private static async Task<Results<Created<SurveyView>, ProblemHttpResult>> AddAsync(HttpContext http, SurveyDefinition body, SurveyQueries surveys, SurveyCheck check, SurveyLinks links, CancellationToken ct)
    {
        var survey = new Survey();
        if (await KeepAsync(http, survey, body, surveys, check, ct) is { } refused) return Problems.Invalid(refused.Field, refused.Detail);
        return TypedResults.Created($"{Path}/{survey.Id}", await ViewAsync(http, survey.Id, surveys, links, ct));
    }

    private static async Task<Results<Ok<SurveyView>, ProblemHttpResult>> ChangeAsync(int id, HttpContext http, SurveyDefinition body, SurveyQueries surveys, SurveyCheck check, SurveyLinks links, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is not { } survey) return None(id);
        if (await KeepAsync(http, survey, body, surveys, check, ct) is { } refused) return Problems.Invalid(refused.Field, refused.Detail);
        return TypedResults.Ok(await ViewAsync(http, id, surveys, links, ct));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> OpenAsync(int id, HttpContext http, SurveyOpening body, SurveyQueries surveys, CancellationToken ct)
    {
        if (body.Open is not { } open) return Problems.Invalid("open", T("Measure.Surveys.OpenNeeded"));
        if (await surveys.FindAsync(id, ct) is not { } survey) return None(id);
        (survey.Open, survey.By, survey.ChangedUtc) = (open, http.Page().UserName ?? "", DateTime.UtcNow);
        await surveys.SaveAsync(survey, (await surveys.DefinitionAsync(id, survey.Version, ct))!, ct);
        return TypedResults.NoContent();
    }

    /// <summary>Checks and keeps a survey.</summary>
    /// <returns>Why it is not kept.</returns>
    public static async Task<Refusal?> KeepAsync(HttpContext http, Survey survey, SurveyDefinition definition, SurveyQueries surveys, SurveyCheck check, CancellationToken ct)
    {
        if (check.Find(definition) is { } fault) return fault;
        (survey.By, survey.ChangedUtc) = (http.Page().UserName ?? "", DateTime.UtcNow);
        return await surveys.SaveAsync(survey, definition, ct) ? null : new Refusal("name", T("Measure.Surveys.NameTaken", definition.Name!.Trim()));
    }

    public static async Task<IReadOnlyList<SurveyView>> ViewsAsync(HttpContext http, SurveyQueries surveys, SurveyLinks links, CancellationToken ct)
    {
        var (current, counts) = (await surveys.CurrentAsync(ct), await surveys.CountsAsync(ct));
        return [.. (await surveys.ListAsync(ct)).Select(s => ViewOf(s, current[s.Id], counts.GetValueOrDefault(s.Id), links.Address(http)))];
    }

    public static async Task<SurveyView?> ViewAsync(HttpContext http, int id, SurveyQueries surveys, SurveyLinks links, CancellationToken ct) =>
        await surveys.FindAsync(id, ct) is { } survey ? ViewOf(survey, (await surveys.DefinitionAsync(id, survey.Version, ct))!, await surveys.CountAsync(id, ct), links.Address(http)) : null;

    private static SurveyView ViewOf(Survey survey, SurveyDefinition definition, SurveyCount? count, string address) => new(
        survey.Id, survey.Name, survey.Open, survey.Version, survey.By, survey.ChangedUtc, $"{address}{SurveyLinks.Path}{survey.Code}", count?.Responses ?? 0, count?.Complete ?? 0, definition);

    public static ProblemHttpResult None(int id) => Problems.NotFound($"There is no survey {id}.");
}
