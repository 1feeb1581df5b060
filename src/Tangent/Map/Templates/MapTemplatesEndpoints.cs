using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>A template in the list.</summary>
/// <param name="Key">Its key, such as retail.</param>
/// <param name="Title">The kind of company, in the reader's language.</param>
/// <param name="Language">Language of its own texts.</param>
/// <param name="Name">Name of the map that it makes.</param>
/// <param name="Description">What the map is about.</param>
/// <param name="Steps">How many steps it has.</param>
/// <param name="Touchpoints">How many touchpoints it describes.</param>
/// <param name="Map">Number of the map that was made from it.</param>
public sealed record MapTemplateModel(string Key, string Title, string Language, string Name, string Description, int Steps, int Touchpoints, int? Map);

public sealed record MapTemplatesAnswer(IReadOnlyList<MapTemplateModel> Items);

/// <param name="Template">The template.</param>
/// <param name="Touchpoints">What it would put into the catalogue.</param>
/// <param name="Missing">Names of those that the catalogue does not have yet.</param>
public sealed record MapTemplateAnswer(MapTemplateModel Template, IReadOnlyList<TouchpointModel> Touchpoints, IReadOnlyList<string> Missing);

/// <param name="Template">The template.</param>
/// <param name="Error">Why it was not taken.</param>
public sealed record MapTemplatePageModel(MapTemplateAnswer Template, string? Error = null);

/// <param name="Language">en, de or pl; the reader's own where left out.</param>
/// <param name="TouchpointsOnly">Fill the catalogue and make no map.</param>
/// <param name="DryRun">Say only what would be done.</param>
public sealed record TemplateWish(string? Language = null, bool TouchpointsOnly = false, bool DryRun = false);

/// <summary>What templates are shown and taken with.</summary>
internal sealed record TemplateParts(MapTemplates Templates, JourneyMapQueries Maps, MapImport Import, MapPictures Pictures);

internal static class MapTemplatesEndpoints
{
    private const string Path = "/map/templates";

    public static void MapMapTemplates(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1" + Path).WithTags("Map");
        api.MapGet("", ListAsync).WithName("ListMapTemplates").WithSummary("Templates of journey maps and touchpoints for common kinds of companies, in English, German and Polish.");
        api.MapGet("/{template}", FindAsync).WithName("ShowMapTemplate").WithSummary("One template, with the touchpoints it describes and those that the catalogue does not have.");
        api.MapGet("/{template}/file", FileAsync).WithName("ExportMapTemplate").Produces<string>(200, "text/plain").ProducesProblem(404).WithSummary("The map of a template as a file: yaml, mermaid, csv, svg or pdf.");
        api.MapPost("/{template}", TakeAsync).RequireAuthorization(Rights.Edit).WithName("TakeMapTemplate")
            .WithSummary("Makes a journey map from a template, and the touchpoints that the catalogue does not have; or the touchpoints alone. A map that was made from it before is left as it is.");
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", ShowAllAsync);
        pages.MapGet("/{template}", (string template, string? language, HttpContext http, [AsParameters] TemplateParts parts, CancellationToken ct) => ShowAsync(template, language, null, http, parts, ct));
        pages.MapPost("/{template}", TakeOnPageAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<Results<Ok<MapTemplatesAnswer>, ProblemHttpResult>> ListAsync(string? language, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (LanguageOf(language, http) is not { } known) return WrongLanguage();
        var all = await maps.ListAsync(ct);
        return TypedResults.Ok(new MapTemplatesAnswer([.. MapTemplate.All.Select(t => Model(t, known, t.Read(known), all))]));
    }

    private static async Task<Results<Ok<MapTemplateAnswer>, ProblemHttpResult>> FindAsync(string template, string? language, HttpContext http, [AsParameters] TemplateParts parts, CancellationToken ct)
    {
        if (MapTemplate.Find(template) is not { } found) return Missing(template);
        return LanguageOf(language, http) is { } known ? TypedResults.Ok(await AnswerAsync(found, known, parts, ct)) : WrongLanguage();
    }

    private static IResult FileAsync(string template, string? language, [FromQuery(Name = "as")] string? format, HttpContext http, [AsParameters] TemplateParts parts)
    {
        if (MapTemplate.Find(template) is not { } found) return Missing(template);
        if (LanguageOf(language, http) is not { } known) return WrongLanguage();
        var file = found.Read(known);
        string Touchpoint(MapStep step) => file.Touchpoints.GetValueOrDefault(step.Id, "");
        var map = new JourneyMap { Name = file.Name, State = file.State, Content = file.Content.Write() };
        return MapWords.Read<MapFormat>(format ?? "yaml") is { } wanted
            ? MapFilesEndpoints.Written(map, file.Content, wanted, () => found.Text(known), Touchpoint, () => parts.Pictures.Of(map, Touchpoint))
            : Problems.Invalid("as", $"A map is written as {MapWords.List<MapFormat>()}.");
    }

    private static async Task<Results<Ok<TemplateTaken>, ProblemHttpResult>> TakeAsync(string template, TemplateWish body, HttpContext http, MapTemplates templates, CancellationToken ct)
    {
        if (MapTemplate.Find(template) is not { } found) return Missing(template);
        if (LanguageOf(body.Language, http) is not { } known) return WrongLanguage();
        var (taken, refusal) = await templates.TakeAsync(found, known, body.TouchpointsOnly, body.DryRun, Actor.Of(http.User), ct);
        return taken is null ? Problems.Conflict(refusal!.Detail) : TypedResults.Ok(taken);
    }

    private static async Task<IResult> ShowAllAsync(string? language, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        var (known, all) = (LanguageOf(language, http) ?? http.Page().Language, await maps.ListAsync(ct));
        return http.Show<MapTemplatesPage>(new MapTemplatesAnswer([.. MapTemplate.All.Select(t => Model(t, known, t.Read(known), all))]));
    }

    private static async Task<IResult> ShowAsync(string template, string? language, string? error, HttpContext http, TemplateParts parts, CancellationToken ct)
    {
        if (MapTemplate.Find(template) is not { } found) return TypedResults.NotFound();
        var answer = await AnswerAsync(found, LanguageOf(language, http) ?? http.Page().Language, parts, ct);
        return http.Show<MapTemplatePage>(new MapTemplatePageModel(answer, error), error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> TakeOnPageAsync(string template, [FromForm] string? language, [FromForm] bool? touchpointsOnly, HttpContext http, [AsParameters] TemplateParts parts, CancellationToken ct)
    {
        if (MapTemplate.Find(template) is not { } found) return TypedResults.NotFound();
        var (taken, refusal) = await parts.Templates.TakeAsync(found, LanguageOf(language, http) ?? http.Page().Language, touchpointsOnly == true, false, Actor.Of(http.User), ct);
        if (taken is null) return await ShowAsync(template, language, T("Map.Journey.FileWrong", refusal!.Detail), http, parts, ct);
        return TypedResults.LocalRedirect(taken.Map is { } map ? $"/map/journey-maps/{map}" : "/map/touchpoints");
    }

    private static async Task<MapTemplateAnswer> AnswerAsync(MapTemplate template, string language, TemplateParts parts, CancellationToken ct)
    {
        var file = parts.Templates.FileOf(template, language);
        return new MapTemplateAnswer(Model(template, language, file, await parts.Maps.ListAsync(ct)), [.. file.Described.Select(TouchpointModel.Of)], parts.Import.Missing(file));
    }

    private static MapTemplateModel Model(MapTemplate template, string language, MapFile file, IReadOnlyList<JourneyMap> all) => new(
        template.Key, T("Map.Template." + template.Key), language, file.Name, file.Content.Description, file.Content.Steps.Count, file.Described.Count, MapTemplates.MadeFrom(template, all)?.Id);

    /// <returns>Null where the language that was asked for is none of those that there are.</returns>
    private static string? LanguageOf(string? asked, HttpContext http) =>
        string.IsNullOrEmpty(asked) ? http.Page().Language : MapTemplate.Languages.FirstOrDefault(l => string.Equals(l, asked, StringComparison.OrdinalIgnoreCase));

    private static ProblemHttpResult WrongLanguage() => Problems.Invalid("language", $"A template is written in {string.Join(", ", MapTemplate.Languages)}.");

    private static ProblemHttpResult Missing(string template) => Problems.NotFound($"There is no template '{template}'; there are {string.Join(", ", MapTemplate.All.Select(t => t.Key))}.");
}
