using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Id">Its number.</param>
/// <param name="Url">What opens the map.</param>
/// <param name="Made">When it was made, UTC.</param>
/// <param name="MadeBy">By whom.</param>
/// <param name="Ends">When it ends, UTC.</param>
public sealed record MapShareModel(int Id, string Url, DateTime Made, string MadeBy, DateTime Ends);

public sealed record MapSharesAnswer(IReadOnlyList<MapShareModel> Items);

/// <param name="Days">Days until it ends, 1 to 365; 30 unless said.</param>
public sealed record NewMapShare(int Days = MapShare.UsualDays);

/// <summary>The page of a map's links.</summary>
public sealed record MapSharesModel(int Map, string Name, IReadOnlyList<MapShareModel> Shares, string? Error = null);

/// <summary>What a link shows.</summary>
public sealed record SharedMapModel(string Name, string Picture);

internal static class MapSharesEndpoints
{
    /// <summary>Page and picture together. A room full of people may open one link; drawing a large map takes a processor a good while.</summary>
    public const int SharedPerMinute = 300;

    public static void MapMapShares(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map/journey-maps/{id:int}/shares").WithTags("Map");
        api.MapGet("", ListAsync).RequireAuthorization(Rights.Edit).WithName("ListMapShares").WithSummary("The links by which people without an account see a journey map.");
        api.MapPost("", AddAsync).RequireAuthorization(Rights.Edit).WithName("ShareJourneyMap").WithSummary("Makes a link by which people without an account see a journey map until it ends; what customers said is not shown.");
        api.MapDelete("/{share:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("EndMapShare").WithSummary("Ends a link at once.");

        var pages = app.MapGroup("/map/journey-maps/{id:int}/shares").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapGet("", (int id, HttpContext http, JourneyMapQueries maps, MapShareQueries shares, MapShareLinks links, CancellationToken ct) => ShowAsync(id, null, http, maps, shares, links, ct));
        pages.MapPost("", AddOnPageAsync);
        pages.MapPost("/{share:int}/removal", RemoveOnPageAsync);

        var shared = app.MapGroup(MapShareLinks.Path + "{token}").AllowAnonymous().ExcludeFromDescription().AddEndpointFilter((context, next) => PublicLimit.LimitAsync(context, next, LinkOf(context.HttpContext), SharedPerMinute));
        shared.MapGet("", OpenAsync);
        shared.MapGet("/picture", PictureAsync);
    }

    private static async Task<Results<Ok<MapSharesAnswer>, ProblemHttpResult>> ListAsync(int id, HttpContext http, JourneyMapQueries maps, MapShareQueries shares, MapShareLinks links, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is null ? NoMap(id) : TypedResults.Ok(new MapSharesAnswer((await shares.ListAsync(id, ct)).ConvertAll(s => Model(s, links, http))));

    private static async Task<Results<Created<MapShareModel>, ProblemHttpResult>> AddAsync(int id, NewMapShare body, HttpContext http, JourneyMapQueries maps, MapShareQueries shares, MapShareLinks links, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is null) return NoMap(id);
        if (body.Days is < 1 or > MapShare.MostDays) return Problems.Invalid("days", $"A link ends after 1 to {MapShare.MostDays} days.");
        return TypedResults.Created($"/api/v1/map/journey-maps/{id}/shares", Model(await shares.AddAsync(id, body.Days, Actor.Of(http.User), ct), links, http));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, int share, MapShareQueries shares, CancellationToken ct) =>
        await shares.RemoveAsync(id, share, ct) ? TypedResults.NoContent() : Problems.NotFound($"The journey map {id} has no link {share}.");

    private static async Task<IResult> ShowAsync(int id, string? error, HttpContext http, JourneyMapQueries maps, MapShareQueries shares, MapShareLinks links, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map
            ? http.Show<MapSharesPage>(new MapSharesModel(id, map.Name, (await shares.ListAsync(id, ct)).ConvertAll(s => Model(s, links, http)), error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity)
            : TypedResults.NotFound();

    private static async Task<IResult> AddOnPageAsync(int id, [FromForm] int? days, HttpContext http, JourneyMapQueries maps, MapShareQueries shares, MapShareLinks links, CancellationToken ct)
    {
        if (days is not (>= 1 and <= MapShare.MostDays)) return await ShowAsync(id, T("Map.Share.DaysWrong", MapShare.MostDays), http, maps, shares, links, ct);
        if (await maps.FindAsync(id, ct) is null) return TypedResults.NotFound();
        await shares.AddAsync(id, days.Value, Actor.Of(http.User), ct);
        return TypedResults.LocalRedirect($"/map/journey-maps/{id}/shares");
    }

    private static async Task<IResult> RemoveOnPageAsync(int id, int share, MapShareQueries shares, CancellationToken ct)
    {
        await shares.RemoveAsync(id, share, ct);
        return TypedResults.LocalRedirect($"/map/journey-maps/{id}/shares");
    }

    private static async Task<IResult> OpenAsync(string token, HttpContext http, MapShareQueries shares, MapShareLinks links, CancellationToken ct) =>
        await SharedAsync(token, http, shares, links, ct) is { } map ? http.Show<SharedMapPage>(new SharedMapModel(map.Name, $"{MapShareLinks.Path}{token}/picture")) : http.Show<MapShareGonePage>(new object(), StatusCodes.Status404NotFound);

    private static async Task<IResult> PictureAsync(string token, HttpContext http, MapShareQueries shares, MapShareLinks links, MapPictures pictures, CancellationToken ct) =>
        await SharedAsync(token, http, shares, links, ct) is { } map ? TypedResults.Text(MapSvg.Write(pictures.Of(map, hidesHeard: true)), MapPictures.SvgType) : TypedResults.NotFound();

    /// <returns>Null where the link was not made here.</returns>
    private static string? LinkOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<MapShareLinks>().Read(http.GetRouteValue("token")?.ToString() ?? "") is { } share ? string.Create(CultureInfo.InvariantCulture, $"map {share}") : null;

    /// <summary>No search engine lists what a link shows, and the address goes to nobody else.</summary>
    private static async Task<JourneyMap?> SharedAsync(string token, HttpContext http, MapShareQueries shares, MapShareLinks links, CancellationToken ct)
    {
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return links.Read(token) is { } share ? await shares.MapAsync(share, ct) : null;
    }

    private static MapShareModel Model(MapShare share, MapShareLinks links, HttpContext http) =>
        new(share.Id, links.Of(share, http.Request), share.MadeUtc, share.MadeBy, share.EndsUtc);

    private static ProblemHttpResult NoMap(int id) => Problems.NotFound($"There is no journey map {id}.");
}
