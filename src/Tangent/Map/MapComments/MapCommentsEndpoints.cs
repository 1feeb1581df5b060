using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Id">Its number.</param>
/// <param name="Map">Number of the map.</param>
/// <param name="Part">A step or a card.</param>
/// <param name="PartId">Its id.</param>
/// <param name="Text">What was said.</param>
/// <param name="At">When.</param>
/// <param name="By">By whom.</param>
public sealed record MapCommentModel(int Id, int Map, MapPart Part, string PartId, string Text, DateTime At, string By)
{
    /// <summary>Of one that was just added: names in it that are those of no user, or of several. Nobody was told.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    internal static MapCommentModel Of(MapComment c) => new(c.Id, c.MapId, c.Part, c.PartId, c.Text, c.AtUtc, c.By);
}

public sealed record MapCommentsAnswer(IReadOnlyList<MapCommentModel> Items);

/// <param name="Part">A step or a card.</param>
/// <param name="PartId">Its id.</param>
/// <param name="Text">What is said; @ and the name of a user shows it to that user.</param>
public sealed record NewMapComment(MapPart Part, string? PartId, string? Text);

/// <param name="Map">The map.</param>
/// <param name="Part">A step or a card.</param>
/// <param name="PartId">Its id.</param>
/// <param name="About">What stands there.</param>
/// <param name="Comments">What was said about it.</param>
/// <param name="Names">How users are named.</param>
/// <param name="Photos">The pictures of a card.</param>
/// <param name="Text">What was entered.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record MapTalkModel(JourneyMapModel Map, MapPart Part, string PartId, string About, IReadOnlyList<MapCommentModel> Comments, IReadOnlyList<string> Names, IReadOnlyList<PhotoModel> Photos, string Text = "", string? Error = null)
{
    /// <summary>Names in the comment that was just added which are those of nobody, or of several.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}

/// <param name="Mentions">What names the user, the latest first, with whether it was looked at before.</param>
public sealed record MentionsModel(IReadOnlyList<(MapCommentModel Comment, bool Seen)> Mentions);

internal static class MapCommentsEndpoints
{
    public static void MapMapComments(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map").WithTags("Map");
        api.MapGet("/journey-maps/{id:int}/comments", ListAsync).WithName("ListMapComments").WithSummary("What was said about the steps and cards of a journey map, the oldest first.");
        api.MapPost("/journey-maps/{id:int}/comments", AddAsync).RequireAuthorization(Rights.Contribute).WithName("AddMapComment").WithSummary("Says something about a step or a card; @ and the name of a user shows it to that user.");
        api.MapDelete("/comments/{id:int}", RemoveAsync).RequireAuthorization(Rights.Contribute).WithName("RemoveMapComment").WithSummary("Takes back a comment of yours; editors may take back any.");
        api.MapGet("/mentions", MentionsAsync).WithName("ListMentions").WithSummary("The comments that name you, the latest first.");
        var pages = app.MapGroup("/map").ExcludeFromDescription();
        pages.MapGet("/mentions", ShowMentionsAsync);
        pages.MapGet("/journey-maps/{id:int}/{part}/{partId}/comments", (int id, string part, string partId, int? added, HttpContext http, [AsParameters] Parts parts, CancellationToken ct) => ShowAsync(id, part, partId, "", null, added, http, parts, ct));
        pages.MapPost("/journey-maps/{id:int}/{part}/{partId}/comments", SayAsync).RequireAuthorization(Rights.Contribute);
    }

    /// <summary>What comments are put together from.</summary>
    internal sealed record Parts(JourneyMapQueries Maps, MapCommentQueries Comments, UserQueries Users, MentionLetters Letters, PhotoQueries Photos);

    private static async Task<Results<Ok<MapCommentsAnswer>, ProblemHttpResult>> ListAsync(int id, JourneyMapQueries maps, MapCommentQueries comments, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is null ? NoMap(id) : TypedResults.Ok(new MapCommentsAnswer((await comments.ListAsync(id, ct)).ConvertAll(MapCommentModel.Of)));

    private static async Task<Results<Created<MapCommentModel>, ProblemHttpResult>> AddAsync(int id, NewMapComment body, HttpContext http, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map) return NoMap(id);
        if (About(MapContent.Read(map.Content), body.Part, body.PartId) is null) return Problems.Invalid("partId", "The map has no such step or card.");
        if (!IsText(body.Text)) return Problems.Invalid("text", $"A comment has 1 to {MapComment.TextLength} characters.");
        var comment = await KeepAsync(map, body.Part, body.PartId!, body.Text!, Actor.Of(http.User), parts, ct);
        return TypedResults.Created($"/api/v1/map/journey-maps/{id}/comments", MapCommentModel.Of(comment) with { Unknown = Mentions.Unknown(comment.Text, await parts.Users.ListAsync(ct)) });
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, HttpContext http, MapCommentQueries comments, CancellationToken ct)
    {
        if (await comments.FindAsync(id, ct) is not { } comment) return Problems.NotFound($"There is no comment {id}.");
        var by = Actor.Of(http.User);
        if ((comment.ByKind, comment.ById) != (by.Kind, by.Id) && !http.Page().CanEdit) return Problems.Invalid("id", "It is somebody else's: only editors may take it back.");
        await comments.RemoveAsync(comment, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<MapCommentsAnswer>> MentionsAsync(HttpContext http, MapCommentQueries comments, CancellationToken ct) =>
        TypedResults.Ok(new MapCommentsAnswer((await OfReaderAsync(http, comments, ct)).ConvertAll(m => MapCommentModel.Of(m.Comment))));

    private static async Task<IResult> ShowMentionsAsync(HttpContext http, MapCommentQueries comments, CancellationToken ct)
    {
        var mentions = await OfReaderAsync(http, comments, ct);
        if (http.User.PersonId() is { } user) await comments.SeenAsync(user.ToString(), mentions.ConvertAll(m => m.Comment.Id), ct);
        return http.Show<MentionsPage>(new MentionsModel(mentions.ConvertAll(m => (MapCommentModel.Of(m.Comment), m.Seen))));
    }

    /// <summary>Programs and the demo's visitors are no users: nobody names them.</summary>
    private static async Task<List<(MapComment Comment, bool Seen)>> OfReaderAsync(HttpContext http, MapCommentQueries comments, CancellationToken ct) =>
        http.User.PersonId() is { } user ? await comments.MentionsAsync(user.ToString(), ct) : [];

    internal static async Task<IResult> ShowAsync(int id, string part, string partId, string text, string? error, int? added, HttpContext http, Parts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind || About(MapContent.Read(map.Content), kind, partId) is not { } about) return TypedResults.NotFound();
        var said = (await parts.Comments.ListAsync(id, kind, partId, ct)).ConvertAll(MapCommentModel.Of);
        var people = http.Page().CanContribute ? await parts.Users.ListAsync(ct) : [];
        var names = people.Where(p => p.Disabled is null).Select(p => Mentions.NameOf(p, people)).ToList();
        var photos = kind == MapPart.Card ? (await parts.Photos.OfMapAsync(id, ct)).Where(p => p.CardId == partId).Select(PhotoModel.Of).ToList() : [];
        return http.Show<MapTalkPage>(new MapTalkModel(JourneyMapModel.Of(map), kind, partId, about, said, names, photos, text, error) { Unknown = said.Find(c => c.Id == added) is { } last ? Mentions.Unknown(last.Text, people) : [] }, error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> SayAsync(int id, string part, string partId, [FromForm] string? text, HttpContext http, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind || About(MapContent.Read(map.Content), kind, partId) is null) return TypedResults.NotFound();
        if (!IsText(text)) return await ShowAsync(id, part, partId, text ?? "", T("Map.Talk.Wrong", MapComment.TextLength), null, http, parts, ct);
        var comment = await KeepAsync(map, kind, partId, text!, Actor.Of(http.User), parts, ct);
        return TypedResults.LocalRedirect($"/map/journey-maps/{id}/{part}/{Uri.EscapeDataString(partId)}/comments?added={comment.Id}");
    }

    /// <summary>Where a comment is read.</summary>
    public static string AddressOf(MapComment comment) => $"/map/journey-maps/{comment.MapId}/{comment.Part.ToString().ToLowerInvariant()}/{Uri.EscapeDataString(comment.PartId)}/comments";

    private static async Task<MapComment> KeepAsync(JourneyMap map, MapPart part, string partId, string text, Actor by, Parts parts, CancellationToken ct)
    {
        var comment = new MapComment { MapId = map.Id, Part = part, PartId = partId, Text = MapContent.Plain(text), AtUtc = DateTime.UtcNow, ByKind = by.Kind, ById = by.Id, By = by.Name };
        var mentioned = Mentions.In(comment.Text, await parts.Users.ListAsync(ct));
        await parts.Letters.PutAsync(map, comment, mentioned, ct);
        await parts.Comments.AddAsync(comment, mentioned, ct);
        return comment;
    }

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && MapContent.Plain(text).Length <= MapComment.TextLength;

    /// <summary>What a comment is about; null where it cannot be about that.</summary>
    private static string? About(MapContent content, MapPart part, string? id) => part switch
    {
        MapPart.Step => content.Steps.FirstOrDefault(s => s.Id == id)?.Name,
        MapPart.Card => content.Cards.FirstOrDefault(c => c.Id == id)?.Text,
        _ => null,
    };

    private static ProblemHttpResult NoMap(int id) => Problems.NotFound($"There is no journey map {id}.");
}
