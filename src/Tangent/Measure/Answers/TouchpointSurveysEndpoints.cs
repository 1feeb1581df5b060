using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Map;
using Tangent.Web;

namespace Tangent.Measure;

/// <summary>A survey that can be answered about a touchpoint.</summary>
/// <param name="Survey">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="AsksAboutIt">It asks about this touchpoint by itself.</param>
/// <param name="Link">What a customer opens there, for print or as a QR code.</param>
public sealed record TouchpointSurvey(int Survey, string Name, bool AsksAboutIt, string Link);

/// <param name="Items">Those that ask about it first.</param>
public sealed record TouchpointSurveysAnswer(IReadOnlyList<TouchpointSurvey> Items);

/// <summary>What a customer scans at a touchpoint: the number of the touchpoint is in the link, so that it may be renamed, or merged into another one.</summary>
internal static class TouchpointSurveysEndpoints
{
    private const string Path = "/measure/touchpoints/{id:int}/survey-links";

    public static void MapTouchpointSurveys(this WebApplication app)
    {
        app.MapGet("/api/v1" + Path, ListAsync).WithTags("Measure").WithName("ListSurveysOfTouchpoint")
            .WithSummary("The links by which customers answer the open surveys about a touchpoint; surveys that ask about it by themselves come first.");
        app.MapGet(Path, ShowAsync).ExcludeFromDescription();
    }

    /// <summary>The link of a survey where it is printed at a touchpoint.</summary>
    public static string At(string link, int touchpoint) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{link}?at={touchpoint}");

    private static async Task<Results<Ok<TouchpointSurveysAnswer>, ProblemHttpResult>> ListAsync(int id, HttpContext http, TouchpointCatalogue catalogue, SurveyQueries surveys, SurveyLinks links, CancellationToken ct) =>
        catalogue.Find(id) is { } touchpoint ? TypedResults.Ok(await OfAsync(touchpoint, http, surveys, links, ct)) : Problems.NotFound($"There is no touchpoint {id}.");

    private static async Task<IResult> ShowAsync(int id, HttpContext http, TouchpointCatalogue catalogue, SurveyQueries surveys, SurveyLinks links, CancellationToken ct) =>
        catalogue.Find(id) is { } touchpoint ? http.Show<TouchpointSurveysView>(await OfAsync(touchpoint, http, surveys, links, ct)) : TypedResults.NotFound();

    private static async Task<TouchpointSurveysAnswer> OfAsync(Touchpoint touchpoint, HttpContext http, SurveyQueries surveys, SurveyLinks links, CancellationToken ct) =>
        new([.. (await SurveysEndpoints.ViewsAsync(http, surveys, links, ct)).Where(s => s.Open)
            .Select(s => new TouchpointSurvey(s.Id, s.Name, s.Survey.TouchpointId == touchpoint.Id, At(s.Link, touchpoint.Id))).OrderByDescending(s => s.AsksAboutIt)]);
}
