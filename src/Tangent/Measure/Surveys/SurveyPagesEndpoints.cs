using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using Tangent.Unify;
using Tangent.Web;

namespace Tangent.Measure;

public sealed record SurveysModel(IReadOnlyList<SurveyView> Rows, IReadOnlyList<string> Touchpoints, string? Error);

/// <param name="Link">What customers open; of a touchpoint where one was chosen.</param>
/// <param name="At">Number of that touchpoint; null for none.</param>
/// <param name="Places">The touchpoints to choose from.</param>
public sealed record SurveyModel(
    SurveyView View, SurveyForm Form, string? Error, string Link, int? At, IReadOnlyList<(int Id, string Name)> Places, IReadOnlyList<string> Touchpoints, IReadOnlyList<(string Key, string Name)> Purposes, IReadOnlyList<ResponseView> Responses, IReadOnlyList<DecisionView> Decisions,
    IReadOnlyList<QuestionChoices> Choices);

/// <summary>A survey that is made from a template.</summary>
public sealed class SurveyFromTemplate
{
    public string? Template { get; set; }

    public string? Name { get; set; }

    public string? Touchpoint { get; set; }
}

internal static class SurveyPagesEndpoints
{
    private const string Path = "/measure/surveys";
    private const int Shown = 100;

    public static void MapSurveyPages(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", (HttpContext http, SurveyQueries surveys, SurveyLinks links, TouchpointCatalogue catalogue, CancellationToken ct) => ListAsync(http, null, surveys, links, catalogue, ct));
        pages.MapPost("", AddAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}", (int id, HttpContext http, [AsParameters] SurveyParts parts, CancellationToken ct) => ShowAsync(http, id, null, null, parts, ct)).LooksAtCustomer();
        pages.MapPost("/{id:int}", ChangeAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/removal", RemoveAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}/preview", PreviewAsync);
    }

    /// <summary>What a survey's page is put together from.</summary>
    internal sealed record SurveyParts(SurveyQueries Surveys, SurveyLinks Links, TouchpointCatalogue Catalogue, ConsentPurposes Purposes, ResponseQueries Responses, LatestDecisions Decisions, JourneyStore Journeys, Sensitivity Sensitivity, int? At = null);

    private static async Task<IResult> ListAsync(HttpContext http, string? error, SurveyQueries surveys, SurveyLinks links, TouchpointCatalogue catalogue, CancellationToken ct) =>
        http.Show<SurveysPage>(new SurveysModel(await SurveysEndpoints.ViewsAsync(http, surveys, links, ct), Names(catalogue), error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Path);

    private static async Task<IResult> AddAsync(HttpContext http, [FromForm] SurveyFromTemplate form, SurveyQueries surveys, SurveyCheck check, SurveyLinks links, TouchpointCatalogue catalogue, CancellationToken ct)
    {
        if (SurveyTemplates.All.GetValueOrDefault(form.Template ?? "") is not { } template) return await ListAsync(http, Texts.T("Measure.Surveys.TemplateNeeded"), surveys, links, catalogue, ct);
        var language = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        var definition = template with { Name = form.Name is { Length: > 0 } name ? name : template.In(template.Title, language), Touchpoint = form.Touchpoint is { Length: > 0 } at ? at : null, DefaultLanguage = template.LanguageFor(language) };
        var survey = new Survey();
        return await SurveysEndpoints.KeepAsync(http, survey, definition, surveys, check, ct) is { } refused
            ? await ListAsync(http, refused.Detail, surveys, links, catalogue, ct) : TypedResults.LocalRedirect($"{Path}/{survey.Id}");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, int id, SurveyForm? form, string? error, SurveyParts parts, CancellationToken ct)
    {
        if (await SurveysEndpoints.ViewAsync(http, id, parts.Surveys, parts.Links, ct) is not { } view) return TypedResults.NotFound();
        var at = parts.At is { } number ? parts.Catalogue.Find(number)?.Id : null;
        var model = new SurveyModel(
            view, form ?? SurveyForm.Of(view), error, at is { } place ? TouchpointSurveysEndpoints.At(view.Link, place) : view.Link, at, Places(parts.Catalogue), Names(parts.Catalogue), [.. parts.Purposes.All.Select(p => (p.Key, p.Name))],
            ResponseView.Of(await parts.Responses.LatestAsync(id, Shown, ct), parts.Journeys, parts.Sensitivity.Now), await parts.Decisions.OfAsync(id, null, Shown, ct),
            await parts.Responses.ChoicesAsync(id, view.Survey, ct));
        return http.Show<SurveyPage>(model, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, $"{Path}/{id}");
    }

    private static async Task<IResult> ChangeAsync(int id, HttpContext http, [FromForm] SurveyForm form, [AsParameters] SurveyParts parts, SurveyCheck check, CancellationToken ct)
    {
        if (await parts.Surveys.FindAsync(id, ct) is not { } survey) return TypedResults.NotFound();
        var shown = int.TryParse(form.Version, out var version) ? await parts.Surveys.DefinitionAsync(id, version, ct) : null;
        var read = form.Read(form.LeavesQuestions(shown) ? await parts.Surveys.DefinitionAsync(id, survey.Version, ct) : null);
        survey.Open = form.Open;
        var refusal = read.Refusal ?? await SurveysEndpoints.KeepAsync(http, survey, read.Answer!, parts.Surveys, check, ct);
        return refusal is null ? TypedResults.LocalRedirect($"{Path}/{id}") : await ShowAsync(http, id, form, $"{refusal.Field}: {refusal.Detail}", parts, ct);
    }

    private static async Task<IResult> RemoveAsync(int id, HttpContext http, [AsParameters] SurveyParts parts, CancellationToken ct)
    {
        if (await parts.Surveys.FindAsync(id, ct) is null) return TypedResults.NotFound();
        return await parts.Surveys.RemoveAsync(id, ct) ? TypedResults.LocalRedirect(Path) : await ShowAsync(http, id, null, Texts.T("Measure.Surveys.HasAnswers"), parts, ct);
    }

    private static async Task<IResult> PreviewAsync(int id, HttpContext http, SurveyQueries surveys, CancellationToken ct) =>
        await surveys.FindAsync(id, ct) is { } survey ? AnswerEndpoints.Preview(http, id, (await surveys.DefinitionAsync(id, survey.Version, ct))!) : TypedResults.NotFound();

    private static IReadOnlyList<string> Names(TouchpointCatalogue catalogue) => [.. Places(catalogue).Select(t => t.Name)];

    private static IReadOnlyList<(int Id, string Name)> Places(TouchpointCatalogue catalogue) =>
        [.. catalogue.Touchpoints.Where(t => t.RetiredUtc is null).OrderBy(t => t.Name, StringComparer.CurrentCulture).Select(t => (t.Id, t.Name))];
}
