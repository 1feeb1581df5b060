using Microsoft.AspNetCore.Http.HttpResults;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Id">Its number; the picture itself is at <c>/api/v1/map/photos/{id}</c>.</param>
/// <param name="Map">The map of its card.</param>
/// <param name="Card">Id of the card.</param>
/// <param name="Observation">The observation it is at.</param>
/// <param name="Alt">What can be seen.</param>
/// <param name="Width">In pixels, as it is shown.</param>
/// <param name="Height">In pixels, as it is shown.</param>
/// <param name="At">When it was added.</param>
/// <param name="By">Who added it.</param>
public sealed record PhotoModel(int Id, int? Map, string? Card, int? Observation, string Alt, int Width, int Height, DateTime At, string By)
{
    internal static PhotoModel Of(PhotoHead p) => new(p.Id, p.MapId, p.CardId, p.ObservationId, p.Alt, p.Width, p.Height, p.AtUtc, p.By);

    internal string Address => $"/api/v1/map/photos/{Id}";
}

public sealed record PhotosAnswer(IReadOnlyList<PhotoModel> Items);

internal static class PhotosEndpoints
{
    public static void MapPhotos(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map").WithTags("Map");
        api.MapGet("/journey-maps/{id:int}/photos", OfMapAsync).WithName("ListMapPhotos").WithSummary("The pictures on the cards of a journey map.");
        api.MapPost("/journey-maps/{id:int}/cards/{card}/photos", AddToCardAsync).RequireAuthorization(Rights.Edit).WithName("AddMapPhoto")
            .WithSummary("Puts a picture on a card: the body is a PNG or JPEG of at most 4 MB, alt says what can be seen. What cameras write into the file is left out.");
        api.MapGet("/observations/{id:int}/photos", OfObservationAsync).WithName("ListObservationPhotos").WithSummary("The pictures of an observation that was not taken over yet.");
        api.MapPost("/observations/{id:int}/photos", AddToObservationAsync).RequireAuthorization(Rights.Contribute).WithName("AddObservationPhoto")
            .WithSummary("Adds a picture to an open observation of yours; editors may add to any. The body is a PNG or JPEG of at most 4 MB.");
        api.MapGet("/photos/{id:int}", ShowAsync).WithName("ShowPhoto").Produces<string>(200, PhotoFile.Jpeg).ProducesProblem(404).WithSummary("A picture, as PNG or JPEG.");
        api.MapDelete("/photos/{id:int}", RemoveAsync).RequireAuthorization(Rights.Contribute).WithName("RemovePhoto").WithSummary("Removes a picture of an observation of yours; editors may remove any.");
        var pages = app.MapGroup("/map").ExcludeFromDescription();
        pages.MapPost("/journey-maps/{id:int}/card/{partId}/photos", AddOnPageAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/journey-maps/{id:int}/card/{partId}/photos/{photo:int}/removal", RemoveOnPageAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<Results<Ok<PhotosAnswer>, ProblemHttpResult>> OfMapAsync(int id, JourneyMapQueries maps, PhotoQueries photos, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is null ? Problems.NotFound($"There is no journey map {id}.") : TypedResults.Ok(new PhotosAnswer((await photos.OfMapAsync(id, ct)).ConvertAll(PhotoModel.Of)));

    private static async Task<Results<Ok<PhotosAnswer>, ProblemHttpResult>> OfObservationAsync(int id, ObservationQueries observations, PhotoQueries photos, CancellationToken ct) =>
        await observations.FindAsync(id, ct) is null ? Problems.NotFound($"There is no observation {id}.") : TypedResults.Ok(new PhotosAnswer((await photos.OfObservationsAsync([id], ct)).ConvertAll(PhotoModel.Of)));

    private static async Task<Results<Created<PhotoModel>, ProblemHttpResult>> AddToCardAsync(int id, string card, string? alt, HttpContext http, JourneyMapQueries maps, PhotoQueries photos, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return Problems.NotFound($"There is no journey map {id}.");
        if (MapContent.Read(map.Content).Cards.All(c => c.Id != card)) return Problems.NotFound($"The journey map {id} has no card '{card}'.");
        return await AddAsync(http, alt, photo => (photo.MapId, photo.CardId) = (id, card), photos, ct);
    }

    private static async Task<Results<Created<PhotoModel>, ProblemHttpResult>> AddToObservationAsync(int id, string? alt, HttpContext http, ObservationQueries observations, PhotoQueries photos, CancellationToken ct)
    {
        if (await observations.FindAsync(id, ct) is not { } observation) return Problems.NotFound($"There is no observation {id}.");
        if (!IsTheirs(http, observation.ByKind, observation.ById)) return Problems.Invalid("id", "It is somebody else's: only editors may add to it.");
        if (observation.State != ObservationState.Open) return Problems.Conflict("Somebody has taken it over or merged it already.");
        return await AddAsync(http, alt, photo => photo.ObservationId = id, photos, ct);
    }

    private static async Task<Results<Created<PhotoModel>, ProblemHttpResult>> AddAsync(HttpContext http, string? alt, Action<Photo> place, PhotoQueries photos, CancellationToken ct)
    {
        var (photo, fault) = await ReadAsync(http.Request.Body, alt, http, ct);
        if (photo is null) return Problems.Invalid(fault!.Value.Field, fault.Value.Detail);
        place(photo);
        return await photos.AddAsync(photo, ct)
            ? TypedResults.Created($"/api/v1/map/photos/{photo.Id}", PhotoModel.Of((await photos.HeadAsync(photo.Id, ct))!))
            : Problems.Conflict($"There are {Photo.MostOfACard} pictures already.");
    }

    private static async Task<IResult> ShowAsync(int id, HttpContext http, PhotoQueries photos, CancellationToken ct)
    {
        if (await photos.FindAsync(id, ct) is not { } photo) return Problems.NotFound($"There is no picture {id}.");
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        // It never changes, but may be erased: nobody between keeps it.
        http.Response.Headers.CacheControl = "private, max-age=600";
        return TypedResults.Bytes(photo.Picture, photo.MediaType);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, HttpContext http, PhotoQueries photos, CancellationToken ct)
    {
        if (await photos.FindAsync(id, ct) is not { } photo) return Problems.NotFound($"There is no picture {id}.");
        if (photo.MapId is not null ? !http.Page().CanEdit : !IsTheirs(http, photo.ByKind, photo.ById)) return Problems.Invalid("id", "Only editors may remove it.");
        await photos.RemoveAsync((await photos.HeadAsync(id, ct))!, ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> AddOnPageAsync(int id, string partId, IFormCollection form, HttpContext http, [AsParameters] MapCommentsEndpoints.Parts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map || MapContent.Read(map.Content).Cards.All(c => c.Id != partId)) return TypedResults.NotFound();
        await using var body = form.Files["photo"]?.OpenReadStream() ?? Stream.Null;
        var (photo, fault) = await ReadAsync(body, form["alt"], http, ct);
        if (photo is not null) (photo.MapId, photo.CardId) = (id, partId);
        var error = fault?.Detail ?? (await parts.Photos.AddAsync(photo!, ct) ? null : T("Map.Photo.TooMany", Photo.MostOfACard));
        return error is null ? TypedResults.LocalRedirect($"/map/journey-maps/{id}/card/{Uri.EscapeDataString(partId)}/comments#pictures")
            : await MapCommentsEndpoints.ShowAsync(id, "card", partId, "", error, null, http, parts, ct);
    }

    private static async Task<IResult> RemoveOnPageAsync(int id, string partId, int photo, PhotoQueries photos, CancellationToken ct)
    {
        if (await photos.HeadAsync(photo, ct) is { } found && found.MapId == id) await photos.RemoveAsync(found, ct);
        return TypedResults.LocalRedirect($"/map/journey-maps/{id}/card/{Uri.EscapeDataString(partId)}/comments#pictures");
    }

    /// <summary>A picture with its description, or what is wrong with it.</summary>
    internal static async Task<(Photo? Photo, (string Field, string Detail)? Fault)> ReadAsync(Stream body, string? alt, HttpContext http, CancellationToken ct)
    {
        if (Photo.ReadAlt(alt) is not { } said) return (null, ("alt", T("Map.Photo.AltNeeded", Photo.AltLength)));
        var bytes = new byte[PhotoFile.MostBytes + 1];
        var read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        if (read > PhotoFile.MostBytes) return (null, ("body", T("Map.Photo.TooLarge", PhotoFile.MostBytes >> 20)));
        return PhotoFile.Read(bytes[..read]) is { } file ? (Photo.Of(file, said, Actor.Of(http.User)), null) : (null, ("body", T("Map.Photo.Wrong")));
    }

    private static bool IsTheirs(HttpContext http, ActorKind kind, string id) => http.Page().CanEdit || Actor.Of(http.User) is var by && (by.Kind, by.Id) == (kind, id);
}
