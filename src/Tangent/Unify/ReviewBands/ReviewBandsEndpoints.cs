using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <param name="Least">As of the band; as it is where nothing is given.</param>
/// <param name="Sure">As of the band; as it is where nothing is given.</param>
public sealed record ReviewBandRequest(double? Least, double? Sure);

internal static class ReviewBandsEndpoints
{
    public static void MapReviewBands(this WebApplication app)
    {
        app.MapPost("/unify/duplicates/band", SaveAsync).RequireAuthorization(Rights.Own).ExcludeFromDescription();
        var api = app.MapGroup("/api/v1/unify/duplicates/band").WithTags("Unify");
        api.MapGet("", (ReviewBandQueries queries, CancellationToken ct) => queries.ReadAsync(ct)).WithName("GetReviewBand").WithSummary("Between which probabilities people are asked whether two customers are one person.");
        api.MapPut("", PutAsync).RequireAuthorization(Rights.Own).WithName("SetReviewBand").WithSummary("Changes between which probabilities people are asked; the customers are searched again.");
    }

    private static async Task<Results<Ok<ReviewBand>, ProblemHttpResult>> PutAsync(HttpContext http, ReviewBandRequest body, ReviewBandQueries queries, DuplicateSearch search, TimeProvider time, CancellationToken ct)
    {
        var now = await queries.ReadAsync(ct);
        var band = new ReviewBand(body.Least ?? now.Least, body.Sure ?? now.Sure);
        if (band.Wrong() is { } field) return Problems.Invalid(field, Refused(field));
        await KeepAsync(http, band, queries, search, time, ct);
        return TypedResults.Ok(band);
    }

    private static async Task<IResult> SaveAsync(HttpContext http, IFormCollection form, ReviewBandQueries queries, Reviews reviews, DuplicateSearch search, TimeProvider time, CancellationToken ct)
    {
        var band = new ReviewBand(Share(form["least"]), Share(form["sure"]));
        if (band.Wrong() is { } field)
            return http.Show<DuplicatesPage>(new DuplicatesPageModel(await reviews.ListAsync(new Paging(0, 50), ct), 0, Refused(field)), StatusCodes.Status422UnprocessableEntity, "/unify/duplicates");
        await KeepAsync(http, band, queries, search, time, ct);
        return TypedResults.LocalRedirect("/unify/duplicates");
    }

    /// <summary>What the band now takes in was not kept by the last search.</summary>
    private static async Task KeepAsync(HttpContext http, ReviewBand band, ReviewBandQueries queries, DuplicateSearch search, TimeProvider time, CancellationToken ct)
    {
        await queries.KeepAsync(band, http.User.Identity?.Name ?? "", time.GetUtcNow().UtcDateTime, ct);
        search.Begin(again: true);
    }

    private static string Refused(string field) => field == "least"
        ? T("Unify.Duplicates.LeastWrong", Figures.Percent(ReviewBand.LeastOfAll, 0), Figures.Percent(0.99, 0))
        : T("Unify.Duplicates.SureWrong", Figures.Percent(ReviewBand.MostOfAll, 2));

    /// <summary>Percent, as the form has them.</summary>
    private static double Share(string? text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? Math.Round(percent / 100, 6) : double.NaN;
}
