using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

public sealed record JourneyMapsModel(IReadOnlyList<JourneyMapLine> Maps, string? Error = null);

/// <param name="Map">The map.</param>
/// <param name="Touchpoints">Names by number.</param>
/// <param name="CanUndo">This user has an edit that can be taken back.</param>
/// <param name="CanRedo">This user took an edit back.</param>
/// <param name="Observations">How many observations wait at a touchpoint.</param>
/// <param name="Limits">When evidence becomes old.</param>
/// <param name="Comments">How many comments a step or card has.</param>
/// <param name="Quotes">How many quotes a card stands on.</param>
/// <param name="Mentions">How many comments name this user and were not looked at.</param>
/// <param name="Photos">Pictures by card.</param>
/// <param name="Around">What the map stands among.</param>
/// <param name="Error">Why an edit could not be taken back.</param>
public sealed record MapBoardModel(
    JourneyMapModel Map, IReadOnlyDictionary<int, string> Touchpoints, bool CanUndo, bool CanRedo, IReadOnlyDictionary<int, int> Observations, MapOptions Limits, IReadOnlyDictionary<string, int> Comments, IReadOnlyDictionary<string, int> Quotes, int Mentions, ILookup<string, PhotoModel> Photos, MapAround Around, string? Error = null)
{
    /// <summary>Numbers of the touchpoints that are no longer in use.</summary>
    public IReadOnlySet<int> Retired { get; init; } = new HashSet<int>();

    /// <summary>Right after a version was restored: how many cards say what they said before.</summary>
    public int Stayed { get; init; }
}

/// <param name="Edits">The last edits, the latest first.</param>
public sealed record MapHistoryModel(IReadOnlyList<MapEditModel> Edits);

/// <summary>What a map is called and says of itself.</summary>
/// <param name="Map">The map.</param>
/// <param name="Form">What was entered.</param>
/// <param name="Around">The personas and maps to choose from.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record MapAboutModel(JourneyMapModel Map, MapAboutForm Form, MapAround Around, string? Error = null);

/// <summary>The fields of that form.</summary>
public sealed class MapAboutForm
{
    public string? Name { get; set; }

    public MapState State { get; set; }

    public string? Persona { get; set; }

    public string? Description { get; set; }

    /// <summary>Persona and description as the editor saw them.</summary>
    public string? WasPersona { get; set; }

    public string? WasDescription { get; set; }

    /// <summary>Numbers of its personas, and which the editor saw.</summary>
    public int[]? Personas { get; set; }

    public string? WasPersonas { get; set; }

    /// <summary>Number of the map that it stands under.</summary>
    public int? Parent { get; set; }
}

/// <param name="Map">The map.</param>
/// <param name="Part">What is edited.</param>
/// <param name="Id">Its id; <c>new</c> for one that is added.</param>
/// <param name="Form">What was entered.</param>
/// <param name="Touchpoints">What a step can be bound to.</param>
/// <param name="Around">The personas and maps to choose from.</param>
/// <param name="Same">Where the same card stands, and which ones it can become one with; null for what is no card.</param>
/// <param name="Error">Why it was not kept.</param>
public sealed record MapPartModel(JourneyMapModel Map, MapPart Part, string Id, MapPartForm Form, IReadOnlyList<TouchpointModel> Touchpoints, MapAround Around, SameCards? Same = null, string? Error = null);

/// <summary>What a board is put together from.</summary>
internal sealed record BoardParts(JourneyMapQueries Maps, TouchpointCatalogue Catalogue, ObservationQueries Observations, MapCommentQueries Comments, MapQuoteQueries Quotes, MapTreeQueries Tree, PhotoQueries Photos, IOptionsMonitor<MapOptions> Options);

/// <summary>What the form of a part is put together from.</summary>
internal sealed record FormParts(JourneyMapQueries Maps, TouchpointCatalogue Catalogue, MapTreeQueries Tree, PainPoints Points);

/// <summary>A part of a map; its id is <c>new</c> for one that is added.</summary>
internal readonly record struct PartAt(MapPart Part, string Id);

internal static class MapBoardEndpoints
{
    private const string Path = "/map/journey-maps";
    private const int ShownEdits = 12;

    public static void MapMapBoards(this WebApplication app)
    {
        var pages = app.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", async (HttpContext http, JourneyMapQueries maps, CancellationToken ct) => await ListAsync(http, maps, null, ct));
        pages.MapPost("", CreateAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/import", ImportAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}", (int id, int? stayed, HttpContext http, [AsParameters] BoardParts parts, CancellationToken ct) => ShowAsync(id, http, parts, null, stayed ?? 0, ct));
        pages.MapGet("/{id:int}/history", HistoryAsync);
        pages.MapGet("/{id:int}/about", ShowAboutAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/about", SaveAboutAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/undo", (int id, HttpContext http, [AsParameters] BoardParts parts, CancellationToken ct) => TakeBackAsync(id, false, http, parts, ct)).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/redo", (int id, HttpContext http, [AsParameters] BoardParts parts, CancellationToken ct) => TakeBackAsync(id, true, http, parts, ct)).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/to-be", ToBeAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/removal", RemoveAsync).RequireAuthorization(Rights.Edit);
        pages.MapGet("/{id:int}/{part}/{partId}", EditAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/{part}/{partId}", SaveAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/{part}/{partId}/fields", AllFieldsAsync).RequireAuthorization(Rights.Edit).OnlyReads();
        pages.MapPost("/{id:int}/{part}/{partId}/removal", RemovePartAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{id:int}/{part}/{partId}/move", MovePartAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<IResult> ListAsync(HttpContext http, JourneyMapQueries maps, string? error, CancellationToken ct) =>
        http.Show<JourneyMapsPage>(new JourneyMapsModel((await maps.ListAsync(ct)).ConvertAll(JourneyMapLine.Of), error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Path);

    private static async Task<IResult> CreateAsync(HttpContext http, [FromForm] string? name, [FromForm] MapState state, [FromForm] int? from, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await JourneyMapsEndpoints.WrongNameAsync(name, state, 0, maps, ct) is not null) return await ListAsync(http, maps, T("Map.Journey.NameWrong", MapContent.NameLength), ct);
        var (called, by) = (name!.Trim(), Actor.Of(http.User));
        var made = from is { } id && await maps.FindAsync(id, ct) is { } copied ? maps.CopyAsync(copied, called, state, by, ct) : maps.AddAsync(called, state, MapContent.Empty, by, ct);
        return await made is { } map
            ? TypedResults.LocalRedirect($"{Path}/{map.Id}")
            : await ListAsync(http, maps, T("Map.Journey.NameWrong", MapContent.NameLength), ct);
    }

    private static async Task<IResult> ImportAsync(HttpContext http, IFormCollection form, JourneyMapQueries maps, MapImport import, CancellationToken ct)
    {
        using var reader = new StreamReader(form.Files.GetFile("file")?.OpenReadStream() ?? Stream.Null);
        if (MapImport.TryRead(await reader.ReadToEndAsync(ct), out var fault) is not { } read) return await ListAsync(http, maps, T("Map.Journey.FileWrong", fault!), ct);
        var (imported, refusal) = await import.TakeAsync(read, Actor.Of(http.User), ct);
        return imported is null ? await ListAsync(http, maps, T("Map.Journey.FileWrong", refusal!.Detail), ct) : TypedResults.LocalRedirect($"{Path}/{imported.Id}");
    }

    private static async Task<IResult> ShowAsync(int id, HttpContext http, BoardParts parts, string? error, int stayed, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var model = await ModelAsync(map, http, parts, ct);
        return http.Show<MapBoardPage>(model with { Error = error, Stayed = stayed }, error is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, $"{Path}/{id}");
    }

    internal static async Task<MapBoardModel> ModelAsync(JourneyMap map, HttpContext http, BoardParts parts, CancellationToken ct)
    {
        var (done, undone) = await parts.Maps.StacksAsync(map.Id, Actor.Of(http.User), ct);
        var mentions = http.User.PersonId() is { } user ? await parts.Comments.UnseenAsync(user.ToString(), ct) : 0;
        return new MapBoardModel(JourneyMapModel.Of(map), parts.Catalogue.Touchpoints.ToDictionary(t => t.Id, t => t.Name), done.Count > 0, undone.Count > 0, await parts.Observations.OpenAsync(ct), parts.Options.CurrentValue, await parts.Comments.CountsAsync(map.Id, ct), await parts.Quotes.CountsAsync(map, ct), mentions,
            (await parts.Photos.OfMapAsync(map.Id, ct)).ToLookup(p => p.CardId!, PhotoModel.Of), await parts.Tree.AroundAsync(map, http.Request.Query["persona"], ct))
        {
            Retired = parts.Catalogue.Touchpoints.Where(t => t.RetiredUtc is not null).Select(t => t.Id).ToHashSet(),
        };
    }

    private static async Task<IResult> HistoryAsync(int id, HttpContext http, JourneyMapQueries maps, MapHistories histories, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map
            ? http.Show<MapHistory>(new MapHistoryModel(await histories.OfAsync(map, ShownEdits, ct)))
            : TypedResults.NotFound();

    private static async Task<IResult> TakeBackAsync(int id, bool redo, HttpContext http, BoardParts parts, CancellationToken ct)
    {
        if ((await parts.Maps.TakeBackAsync(id, redo, Actor.Of(http.User), ct))?.Refusal is not { } refusal) return Done(http, $"{Path}/{id}");
        var said = T("Map.Journey.NotTakenBack", refusal.Detail);
        return http.WantsFragment() ? Problems.Conflict(said) : await ShowAsync(id, http, parts, said, 0, ct);
    }

    /// <summary>The board fetches by itself what has changed; without a script the page is shown again.</summary>
    private static IResult Done(HttpContext http, string address) => http.WantsFragment() ? TypedResults.NoContent() : TypedResults.LocalRedirect(address);

    private static async Task<IResult> ShowAboutAsync(int id, HttpContext http, JourneyMapQueries maps, MapTreeQueries tree, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var model = JourneyMapModel.Of(map);
        var form = new MapAboutForm
        {
            Name = map.Name,
            State = map.State,
            Parent = map.ParentId,
            Persona = model.Content.Persona,
            Description = model.Content.Description,
            WasPersona = model.Content.Persona,
            WasDescription = model.Content.Description,
            Personas = [.. model.Content.Personas],
            WasPersonas = string.Join(',', model.Content.Personas),
        };
        return http.Show<MapAboutPage>(new MapAboutModel(model, form, await tree.AroundAsync(map, "", ct)));
    }

    private static async Task<IResult> SaveAboutAsync(int id, [FromForm] MapAboutForm form, HttpContext http, JourneyMapQueries maps, MapTreeQueries tree, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var by = Actor.Of(http.User);
        var changes = MapChange.Between(MapPart.Map, "",
            new { persona = MapContent.Plain(form.WasPersona), description = MapContent.Plain(form.WasDescription), personas = MapTree.Numbers(form.WasPersonas) },
            new { persona = MapContent.Plain(form.Persona), description = MapContent.Plain(form.Description), personas = form.Personas ?? [] });
        var error = await JourneyMapsEndpoints.WrongNameAsync(form.Name, form.State, id, maps, ct) is not null ? T("Map.Journey.NameWrong", MapContent.NameLength) : null;
        if (error is null && changes.Count > 0 && (await maps.ChangeAsync(id, changes, by, ct))?.Refusal is { } refusal) error = refusal.IsConflict ? T("Map.Journey.Conflict", refusal.Detail) : refusal.Detail;
        if (error is null && (map.Name != form.Name!.Trim() || map.State != form.State) && !await maps.RenameAsync(map, form.Name!.Trim(), form.State, by, ct)) error = T("Map.Journey.NameWrong", MapContent.NameLength);
        if (error is null && map.ParentId != form.Parent && await tree.SetParentAsync(id, form.Parent, by, ct) is not null) error = T("Map.Tree.NotUnder");
        return error is null ? TypedResults.LocalRedirect($"{Path}/{id}") : http.Show<MapAboutPage>(new MapAboutModel(JourneyMapModel.Of(map), form, await tree.AroundAsync(map, "", ct), error), StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The to-be map of the same journey; where there is none yet, it begins as a copy of what is.</summary>
    private static async Task<IResult> ToBeAsync(int id, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var toBe = await maps.NamedAsync(map.Name, MapState.ToBe, ct)
            ?? await maps.CopyAsync(map, map.Name, MapState.ToBe, Actor.Of(http.User), ct)
            ?? await maps.NamedAsync(map.Name, MapState.ToBe, ct);
        return TypedResults.LocalRedirect($"{Path}/{toBe?.Id ?? id}");
    }

    private static async Task<IResult> RemoveAsync(int id, JourneyMapQueries maps, CancellationToken ct)
    {
        await maps.RemoveAsync(id, ct);
        return TypedResults.LocalRedirect(Path);
    }

    private static async Task<IResult> EditAsync(int id, string part, string partId, string? stage, string? step, string? lane, string? before, HttpContext http, [AsParameters] FormParts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        var form = partId == MapPartForm.New ? new MapPartForm { Stage = stage, Step = step, Lane = lane, Before = before } : MapPartForm.Stored(MapContent.Read(map.Content), kind, partId);
        return form is null ? TypedResults.NotFound() : await FormAsync(http, map, new PartAt(kind, partId), form, parts, null, ct);
    }

    /// <summary>All fields, with what was written on the board already.</summary>
    private static async Task<IResult> AllFieldsAsync(int id, string part, string partId, [FromForm] MapPartForm form, HttpContext http, [AsParameters] FormParts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        return partId == MapPartForm.New || form.FillFromWas(kind) ? await FormAsync(http, map, new PartAt(kind, partId), form, parts, null, ct) : TypedResults.NotFound();
    }

    private static async Task<IResult> FormAsync(HttpContext http, JourneyMap map, PartAt at, MapPartForm form, FormParts parts, string? error, CancellationToken ct)
    {
        TouchpointModel[] touchpoints = [.. parts.Catalogue.Touchpoints.Where(t => t.RetiredUtc is null || t.Id == form.Touchpoint).OrderBy(t => t.Name, StringComparer.CurrentCulture).Select(TouchpointModel.Of)];
        var same = at.Part == MapPart.Card ? await parts.Points.OfAsync(map.Id, at.Id, ct) : null;
        return http.Show<MapPartPage>(
            new MapPartModel(JourneyMapModel.Of(map), at.Part, at.Id, form, touchpoints, await parts.Tree.AroundAsync(map, "", ct), same, error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, $"{Path}/{map.Id}/{MapWords.Of(at.Part)}/{Uri.EscapeDataString(at.Id)}");
    }

    private static async Task<IResult> SaveAsync(int id, string part, string partId, [FromForm] MapPartForm form, HttpContext http, [AsParameters] FormParts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        var at = new PartAt(kind, partId);
        if (form.Wrong() is { } number) return await FormAsync(http, map, at, form, parts, T("Map.Evidence.NumberWrong", number), ct);
        if (partId == MapPartForm.New) form.Was = null;
        var changes = form.Changes(kind, partId == MapPartForm.New ? $"{part}-{Guid.CreateVersion7():n}" : partId);
        if (changes.Count == 0 || await parts.Maps.ChangeAsync(id, changes, Actor.Of(http.User), ct) is not { Refusal: { } refusal } refused) return TypedResults.LocalRedirect($"{Path}/{id}");
        // Saving once more is said against what the other one wrote.
        if (refusal.IsConflict && MapPartForm.Stored(MapContent.Read(refused.Map!.Content), kind, partId) is { } now) form.Was = now.Was;
        return await FormAsync(http, map, at, form, parts, refusal.IsConflict ? T("Map.Journey.Conflict", refusal.Detail) : refusal.Detail, ct);
    }

    private static async Task<IResult> RemovePartAsync(int id, string part, string partId, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        await maps.ChangeAsync(id, [new MapChange(MapVerb.Remove, kind, partId)], Actor.Of(http.User), ct);
        return Done(http, $"{Path}/{id}");
    }

    /// <summary>One place to the left (or up), or to the right (or down), among its like; a step at the end of its stage goes over into the next one.</summary>
    private static async Task<IResult> MovePartAsync(int id, string part, string partId, [FromForm] bool back, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map || MapPartForm.PartOf(part) is not { } kind) return TypedResults.NotFound();
        if (MapMoves.Of(MapContent.Read(map.Content), kind, partId, back) is { Count: > 0 } changes) await maps.ChangeAsync(id, changes, Actor.Of(http.User), ct);
        return Done(http, $"{Path}/{id}/{part}/{Uri.EscapeDataString(partId)}");
    }
}
