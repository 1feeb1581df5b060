using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>A survey that is being edited. What was entered goes to the server and back; nothing is kept until it is saved.</summary>
/// <param name="Version">The version that the editing began with.</param>
/// <param name="Faults">What is wrong, by the place in the survey.</param>
/// <param name="Said">What was done last, in words.</param>
/// <param name="Focus">Id of the element to go on at.</param>
/// <param name="Language">Language of the preview.</param>
public sealed record EditorModel(
    int Id, string Name, int Version, SurveyDefinition Survey, IReadOnlyDictionary<string, string> Faults, IReadOnlyList<(string Key, string Name)> Purposes, string Language, string? Said = null, string? Focus = null)
{
    public string? FaultAt(string place) => Faults.GetValueOrDefault(place);
}

/// <summary>The form in which a survey's texts, pages and questions are edited.</summary>
internal static class EditorEndpoints
{
    private static readonly Dictionary<string, string> NoFaults = [];

    public static void MapEditor(this WebApplication app)
    {
        var pages = app.MapGroup("/measure/surveys/{id:int}/questions").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapGet("", ShowAsync);
        pages.MapPost("", ChangeAsync).WithFormOptions(valueCountLimit: DraftForm.MostFields);
        pages.MapPost("/preview", PreviewAsync).WithFormOptions(valueCountLimit: DraftForm.MostFields);
    }

    private static async Task<IResult> ShowAsync(int id, HttpContext http, SurveyQueries surveys, ConsentPurposes purposes, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is not { } survey || await surveys.DefinitionAsync(id, survey.Version, ct) is not { } definition) return TypedResults.NotFound();
        return http.Show<EditorPage>(Model(survey, survey.Version, definition, NoFaults, purposes, PreviewLanguage(definition, "")));
    }

    private static async Task<IResult> ChangeAsync(int id, HttpContext http, IFormCollection fields, SurveyQueries surveys, SurveyCheck check, ConsentPurposes purposes, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is not { } survey || await surveys.DefinitionAsync(id, survey.Version, ct) is not { } kept) return TypedResults.NotFound();
        var form = new DraftForm(fields);
        var draft = form.Read(kept);
        var language = PreviewLanguage(draft, fields["previewLanguage"].ToString());
        if (form.Action != "save")
        {
            var change = SurveyDraft.Change(draft, form.Action);
            return Answer(http, Model(survey, form.Version, change.Survey, NoFaults, purposes, language) with { Said = change.Said, Focus = change.Focus }, StatusCodes.Status200OK);
        }

        var faults = check.All(draft).GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.First().Detail, StringComparer.Ordinal);
        // Two who edit at once: the second sees it before the first one's work is gone.
        if (form.Version != survey.Version) faults["version"] = Texts.T("Measure.Editor.Changed", survey.By);
        if (faults.Count == 0 && await SurveysEndpoints.KeepAsync(http, survey, draft, surveys, check, ct) is { } refused) faults[refused.Field] = refused.Detail;
        return faults.Count == 0
            ? TypedResults.LocalRedirect($"/measure/surveys/{id}")
            : Answer(http, Model(survey, survey.Version, draft, faults, purposes, language), StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> PreviewAsync(int id, HttpContext http, IFormCollection fields, SurveyQueries surveys, ConsentPurposes purposes, CancellationToken ct)
    {
        if (await surveys.FindAsync(id, ct) is not { } survey || await surveys.DefinitionAsync(id, survey.Version, ct) is not { } kept) return TypedResults.NotFound();
        var draft = new DraftForm(fields).Read(kept);
        return http.Show<EditorPreview>(Model(survey, survey.Version, draft, NoFaults, purposes, PreviewLanguage(draft, fields["previewLanguage"].ToString())));
    }

    private static RazorComponentResult<PageHost> Answer(HttpContext http, EditorModel model, int status)
    {
        var at = $"/measure/surveys/{model.Id}/questions";
        return http.WantsFragment() ? http.Show<EditorAnswer>(model, status, at) : http.Show<EditorPage>(model, status, at);
    }

    private static EditorModel Model(Survey survey, int version, SurveyDefinition draft, IReadOnlyDictionary<string, string> faults, ConsentPurposes purposes, string language) =>
        new(survey.Id, survey.Name, version, draft, faults, [.. purposes.All.Select(p => (p.Key, p.Name))], language);

    private static string PreviewLanguage(SurveyDefinition survey, string wanted) =>
        SurveyDefinition.Languages.Contains(wanted) ? wanted
        : survey.Title?.ContainsKey(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) == true ? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName : survey.DefaultLanguage ?? "en";
}

/// <summary>The languages of surveys, each by its own name.</summary>
internal static class LanguageName
{
    public static string Of(string language) => language switch { "de" => "Deutsch", "pl" => "Polski", _ => "English" };
}
