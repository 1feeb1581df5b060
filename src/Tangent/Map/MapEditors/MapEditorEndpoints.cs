using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>A part that is edited where it stands on the board.</summary>
/// <param name="MapId">The map.</param>
/// <param name="Part">What is edited.</param>
/// <param name="Id">Its id; <c>new</c> for one that is added.</param>
/// <param name="Form">What was entered.</param>
/// <param name="Theirs">What somebody else has written meanwhile.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record MapEditorModel(int MapId, MapPart Part, string Id, MapPartForm Form, string? Theirs = null, string? Error = null);

/// <summary>Where something was dropped.</summary>
public sealed class MapPlaceForm
{
    /// <summary>Id of what it comes to stand before; empty for the end.</summary>
    public string? Before { get; set; }

    public string? Stage { get; set; }

    public string? Step { get; set; }

    public string? Lane { get; set; }
}

/// <summary>Editing on the board itself. The forms of whole pages do the same where there is no script.</summary>
internal static class MapEditorEndpoints
{
    public static void MapMapEditors(this WebApplication app)
    {
        var pages = app.MapGroup("/map/journey-maps/{id:int}/{part}/{partId}").RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        pages.MapGet("/editor", EditAsync);
        pages.MapPost("/editor", SaveAsync);
        pages.MapPost("/place", PlaceAsync);
    }

    private static async Task<IResult> EditAsync(int id, string part, string partId, string? stage, string? step, string? lane, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        var form = partId == MapPartForm.New ? new MapPartForm { Stage = stage, Step = step, Lane = lane } : MapPartForm.Stored(MapContent.Read(map.Content), kind, partId);
        return form is null ? TypedResults.NotFound() : http.Show<MapEditor>(new MapEditorModel(id, kind, partId, form));
    }

    private static async Task<IResult> SaveAsync(int id, string part, string partId, [FromForm] MapPartForm form, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is null || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        if (partId == MapPartForm.New) form.Was = null;
        else if (form.FillFromWas(kind) is false) return Problems.Invalid("was", "The part as it was seen cannot be read.");
        var changes = form.Changes(kind, partId == MapPartForm.New ? $"{part}-{Guid.CreateVersion7():n}" : partId);
        if (changes.Count == 0 || await maps.ChangeAsync(id, changes, Actor.Of(http.User), ct) is not { Refusal: { } refusal } refused) return TypedResults.NoContent();
        if (!refusal.IsConflict || MapPartForm.Stored(MapContent.Read(refused.Map!.Content), kind, partId) is not { } now)
            return Again(http, new MapEditorModel(id, kind, partId, form, Error: refusal.IsConflict ? T("Map.Editor.Gone") : refusal.Detail));
        // Saving once more is said against what the other one wrote.
        form.Was = now.Was;
        return Again(http, new MapEditorModel(id, kind, partId, form, Theirs: now.Words()));
    }

    private static RazorComponentResult<PageHost> Again(HttpContext http, MapEditorModel model) => http.Show<MapEditor>(model, StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> PlaceAsync(int id, string part, string partId, [FromForm] MapPlaceForm place, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        if (MapMoves.To(MapContent.Read(map.Content), kind, partId, place) is not { Count: > 0 } changes) return TypedResults.NoContent();
        return await maps.ChangeAsync(id, changes, Actor.Of(http.User), ct) is { Refusal: { } refusal } ? Problems.Conflict(refusal.Detail) : TypedResults.NoContent();
    }
}
