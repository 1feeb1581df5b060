using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <param name="Touchpoint">Where it was seen.</param>
/// <param name="Text">What was entered.</param>
/// <param name="Kind">What was chosen.</param>
/// <param name="Mood">What was chosen.</param>
/// <param name="Alt">What was entered.</param>
/// <param name="Thanks">One was kept just now.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record ObserveModel(TouchpointModel Touchpoint, string Text = "", ObservationKind Kind = ObservationKind.Observation, int? Mood = null, string Alt = "", bool Thanks = false, string? Error = null);

/// <param name="Touchpoint">The touchpoint.</param>
/// <param name="Items">What was seen there.</param>
/// <param name="Targets">Where it can be taken over to, in words.</param>
/// <param name="Link">What opens the form.</param>
/// <param name="Picture">The link as a QR code, a data address.</param>
/// <param name="Photos">Their pictures.</param>
/// <param name="Error">Why something was not done.</param>
public sealed record ObservationsModel(TouchpointModel Touchpoint, IReadOnlyList<ObservationModel> Items, IReadOnlyList<(ObservationTarget Target, string Words)> Targets, string Link, string Picture, ILookup<int, PhotoModel> Photos, string? Error = null);

internal static class ObservationPagesEndpoints
{
    private const int MostWords = 60;

    public static void MapObservationPages(this WebApplication app)
    {
        // Short enough to be typed from a poster.
        app.MapGet("/o/{id:int}", (int id) => TypedResults.LocalRedirect(Observe(id))).RequireAuthorization(Rights.Contribute).ExcludeFromDescription();
        var pages = app.MapGroup("/map/touchpoints/{id:int}").ExcludeFromDescription();
        pages.MapGet("/observe", ShowFormAsync).RequireAuthorization(Rights.Contribute);
        pages.MapPost("/observe", SaveAsync).RequireAuthorization(Rights.Contribute);
        pages.MapGet("/observations", (int id, HttpContext http, [AsParameters] Parts parts, CancellationToken ct) => ListAsync(id, http, parts, null, ct));
        pages.MapPost("/observations/{observation:int}/vote", VoteAsync).RequireAuthorization(Rights.Contribute);
        pages.MapPost("/observations/{observation:int}/card", TakeAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/observations/{observation:int}/back", PutBackAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/observations/{observation:int}/merge", MergeAsync).RequireAuthorization(Rights.Edit);
    }

    /// <summary>What the list is put together from.</summary>
    internal sealed record Parts(TouchpointQueries Touchpoints, ObservationQueries Observations, JourneyMapQueries Maps, PhotoQueries Photos);

    private static async Task<IResult> ShowFormAsync(int id, bool? thanks, HttpContext http, TouchpointQueries touchpoints, CancellationToken ct) =>
        await touchpoints.FindAsync(id, ct) is not { } t ? TypedResults.NotFound()
            : t.Id != id ? TypedResults.LocalRedirect(Observe(t.Id))
            : http.Show<ObservePage>(new ObserveModel(TouchpointModel.Of(t), Thanks: thanks == true));

    private static async Task<IResult> SaveAsync(int id, [FromForm] string? text, [FromForm] ObservationKind kind, [FromForm] int? mood, [FromForm] string? alt, IFormCollection form, HttpContext http, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Touchpoints.FindAsync(id, ct) is not { } touchpoint) return TypedResults.NotFound();
        var written = new NewObservation(text, kind, mood);
        var error = written.Fault() is null ? null : T("Map.Observe.Wrong", Observation.TextLength);
        Photo? photo = null;
        if (error is null && form.Files["photo"] is { Length: > 0 } file)
        {
            await using var body = file.OpenReadStream();
            // Whoever has no time to describe the picture has said what it is about.
            (photo, var fault) = await PhotosEndpoints.ReadAsync(body, string.IsNullOrWhiteSpace(alt) ? InOneLine(text!) : alt, http, ct);
            error = fault?.Detail;
        }

        if (error is not null) return http.Show<ObservePage>(new ObserveModel(TouchpointModel.Of(touchpoint), text ?? "", kind, mood, alt ?? "", Error: error), StatusCodes.Status422UnprocessableEntity);
        var observation = written.By(Actor.Of(http.User), touchpoint.Id);
        await parts.Observations.AddAsync(observation, ct);
        if (photo is not null)
        {
            photo.ObservationId = observation.Id;
            await parts.Photos.AddAsync(photo, ct);
        }

        return TypedResults.LocalRedirect(Observe(touchpoint.Id) + "?thanks=true");
    }

    private static string InOneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > Photo.AltLength ? line[..(Photo.AltLength - 1)] + "…" : line;
    }

    private static async Task<IResult> ListAsync(int id, HttpContext http, Parts parts, string? error, CancellationToken ct)
    {
        if (await parts.Touchpoints.FindAsync(id, ct) is not { } touchpoint) return TypedResults.NotFound();
        // Why something was not done is said here: a redirect would lose it.
        if (touchpoint.Id != id && error is null) return TypedResults.LocalRedirect(List(touchpoint.Id));
        id = touchpoint.Id;
        var items = (await parts.Observations.ListAsync(id, Actor.Of(http.User), ct)).ConvertAll(ObservationModel.Of);
        var photos = (await parts.Photos.OfObservationsAsync(items.ConvertAll(i => i.Id), ct)).ToLookup(p => p.ObservationId!.Value, PhotoModel.Of);
        var link = $"{http.Page().Address}/o/{id}";
        return http.Show<ObservationsPage>(new ObservationsModel(TouchpointModel.Of(touchpoint), items, await TargetsAsync(id, parts.Maps, ct), link, QrPicture.Of(link), photos, error),
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, List(id));
    }

    /// <summary>The steps of all maps that are at this touchpoint, each followed by its cards.</summary>
    private static async Task<IReadOnlyList<(ObservationTarget Target, string Words)>> TargetsAsync(int touchpoint, JourneyMapQueries maps, CancellationToken ct)
    {
        List<(ObservationTarget, string)> targets = [];
        foreach (var map in await maps.ListAsync(ct))
        {
            var content = MapContent.Read(map.Content);
            foreach (var step in content.StepsInOrder().Where(s => s.Touchpoint == touchpoint))
            {
                targets.Add((new(map.Id, step.Id), T("Map.Observations.NewCard", $"{map.Name} ({T("Map.State." + map.State)})", step.Name)));
                targets.AddRange(content.Cards.Where(c => c.Step == step.Id).Select(c => (new ObservationTarget(map.Id, Card: c.Id), T("Map.Observations.OldCard", step.Name, c.Text.Length > MostWords ? c.Text[..MostWords] + "…" : c.Text))));
            }
        }

        return targets;
    }

    private static async Task<IResult> VoteAsync(int id, int observation, [FromForm] bool wanted, HttpContext http, ObservationQueries observations, CancellationToken ct)
    {
        if (await observations.FindAsync(observation, ct) is not { } seen) return TypedResults.NotFound();
        await observations.VoteAsync(seen, Actor.Of(http.User), wanted, ct);
        return TypedResults.LocalRedirect(List(id));
    }

    private static async Task<IResult> TakeAsync(int id, int observation, [FromForm] string? target, HttpContext http, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Observations.FindAsync(observation, ct) is not { } seen) return TypedResults.NotFound();
        var refused = ObservationTarget.Read(target) is not { } to || await ObservationsEndpoints.TakeOverAsync(seen, to, Actor.Of(http.User), parts.Observations, parts.Maps, ct) is not null;
        return refused ? await ListAsync(id, http, parts, T("Map.Observations.NotDone"), ct) : TypedResults.LocalRedirect(List(id));
    }

    private static async Task<IResult> PutBackAsync(int id, int observation, HttpContext http, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Observations.FindAsync(observation, ct) is not { } seen) return TypedResults.NotFound();
        return await parts.Observations.PutBackAsync(seen, Actor.Of(http.User), ct) ? TypedResults.LocalRedirect(List(id)) : await ListAsync(id, http, parts, T("Map.Observations.NotDone"), ct);
    }

    private static async Task<IResult> MergeAsync(int id, int observation, [FromForm] int into, HttpContext http, [AsParameters] Parts parts, CancellationToken ct)
    {
        if (await parts.Observations.FindAsync(observation, ct) is not { } seen) return TypedResults.NotFound();
        return await ObservationsEndpoints.JoinAsync(seen, into, parts.Observations, ct) is not null ? await ListAsync(id, http, parts, T("Map.Observations.NotDone"), ct) : TypedResults.LocalRedirect(List(id));
    }

    private static string Observe(int touchpoint) => $"/map/touchpoints/{touchpoint}/observe";

    private static string List(int touchpoint) => $"/map/touchpoints/{touchpoint}/observations";
}
