using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

public sealed record PainPointsAnswer(IReadOnlyList<PainPoint> Items);

/// <param name="Map">Number of the map on which the other card stands.</param>
/// <param name="Card">Id of that card.</param>
public sealed record CardSharing(int Map, string? Card);

internal static class PainPointsEndpoints
{
    private const string Card = "/map/journey-maps/{id:int}/card/{partId}/sharing";

    public static void MapPainPoints(this WebApplication app)
    {
        app.MapGet("/api/v1/map/pain-points", async (PainPoints points, CancellationToken ct) => TypedResults.Ok(new PainPointsAnswer(await points.ListAsync(ct)))).WithTags("Map").WithName("ListPainPoints")
            .WithSummary("The pain points of all journey maps, those on most maps first; one that stands on several maps is listed once.");
        var api = app.MapGroup("/api/v1/map/journey-maps/{id:int}/cards/{card}/sharing").RequireAuthorization(Rights.Edit).WithTags("Map");
        api.MapPut("", ShareAsync).WithName("ShareCard").WithSummary("Makes a card one with a card of this or another map: it says what that one says, and whoever changes one of them changes all.");
        api.MapDelete("", SeparateAsync).WithName("SeparateCard").WithSummary("Makes a card one of its own again; it goes on saying what it says.");

        app.MapGet("/map/pain-points", async (HttpContext http, PainPoints points, CancellationToken ct) => http.Show<PainPointsPage>(new PainPointsAnswer(await points.ListAsync(ct)))).ExcludeFromDescription();
        app.MapPost(Card, ShareOnPageAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
        app.MapPost(Card + "/removal", SeparateOnPageAsync).RequireAuthorization(Rights.Edit).ExcludeFromDescription();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ShareAsync(int id, string card, CardSharing body, HttpContext http, PainPoints points, CancellationToken ct) =>
        Answer(await points.JoinAsync(id, card, body.Map, body.Card ?? "", Actor.Of(http.User), ct));

    private static async Task<Results<NoContent, ProblemHttpResult>> SeparateAsync(int id, string card, HttpContext http, PainPoints points, CancellationToken ct) =>
        Answer(await points.SeparateAsync(id, card, Actor.Of(http.User), ct));

    private static Results<NoContent, ProblemHttpResult> Answer(MapRefusal? refusal) =>
        refusal is null ? TypedResults.NoContent() : refusal.IsConflict ? Problems.Conflict(refusal.Detail) : Problems.Invalid("card", refusal.Detail);

    /// <param name="id">The map.</param>
    /// <param name="partId">The card.</param>
    /// <param name="with">Map and card that it becomes one with, as the form offers them.</param>
    /// <param name="http">The request.</param>
    /// <param name="points">The pain points.</param>
    /// <param name="ct">Ends it.</param>
    private static async Task<IResult> ShareOnPageAsync(int id, string partId, [FromForm] string? with, HttpContext http, PainPoints points, CancellationToken ct)
    {
        var refused = with?.Split('/') is not [var map, var card] || !int.TryParse(map, out var number) || await points.JoinAsync(id, partId, number, card, Actor.Of(http.User), ct) is not null;
        return refused ? Problems.Invalid("with", Texts.T("Map.Same.NotDone")) : TypedResults.LocalRedirect($"/map/journey-maps/{id}");
    }

    private static async Task<IResult> SeparateOnPageAsync(int id, string partId, IFormCollection form, HttpContext http, PainPoints points, CancellationToken ct) =>
        await points.SeparateAsync(id, partId, Actor.Of(http.User), ct) is null ? TypedResults.LocalRedirect($"/map/journey-maps/{id}") : Problems.Invalid("card", Texts.T("Map.Same.NotDone"));
}
