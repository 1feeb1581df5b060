using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

/// <summary>A map in the list.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Name of the journey.</param>
/// <param name="State">As-is or to-be.</param>
/// <param name="Version">Counts its edits.</param>
/// <param name="Stages">How many stages it has.</param>
/// <param name="Steps">How many steps it has.</param>
/// <param name="ChangedUtc">When it was changed last.</param>
/// <param name="ChangedBy">By whom.</param>
/// <param name="Parent">Number of the map that it stands under; null for none.</param>
public sealed record JourneyMapLine(int Id, string Name, MapState State, int Version, int Stages, int Steps, DateTime ChangedUtc, string ChangedBy, int? Parent = null)
{
    internal static JourneyMapLine Of(JourneyMap map)
    {
        var content = MapContent.Read(map.Content);
        return new(map.Id, map.Name, map.State, map.Version, content.Stages.Count, content.Steps.Count, map.ChangedUtc, map.ChangedBy, map.ParentId);
    }
}

public sealed record JourneyMapsAnswer(IReadOnlyList<JourneyMapLine> Items);

/// <summary>A whole map.</summary>
public sealed record JourneyMapModel(int Id, string Name, MapState State, int Version, DateTime ChangedUtc, string ChangedBy, MapContent Content, int? Parent = null)
{
    internal static JourneyMapModel Of(JourneyMap map) => new(map.Id, map.Name, map.State, map.Version, map.ChangedUtc, map.ChangedBy, MapContent.Read(map.Content), map.ParentId);
}

/// <param name="Name">Name of the journey.</param>
/// <param name="State">As-is or to-be.</param>
/// <param name="From">Number of a map whose content is copied.</param>
/// <param name="Content">What is in it; empty where left out.</param>
public sealed record NewJourneyMap(string? Name, MapState State = MapState.AsIs, int? From = null, MapContent? Content = null);

/// <param name="Name">Name of the journey.</param>
/// <param name="State">As-is or to-be; as it was where left out.</param>
public sealed record JourneyMapName(string? Name, MapState? State = null);

public sealed record MapChanges(IReadOnlyList<MapChange>? Changes);

/// <param name="Version">Version of the map that it made.</param>
/// <param name="At">When.</param>
/// <param name="By">Who made it.</param>
/// <param name="TakesBack">Version of the edit that it took back.</param>
/// <param name="Changes">What was changed.</param>
public sealed record MapEditModel(int Version, DateTime At, string By, int? TakesBack, IReadOnlyList<MapChange> Changes)
{
    /// <summary>Version of the edit that it made again; null where it is no redo.</summary>
    public int? Again { get; init; }

    /// <summary>What it did in the reader's words: which part, which field, what it was and what it is.</summary>
    public IReadOnlyList<string> Said { get; init; } = [];
}

public sealed record MapEditsAnswer(IReadOnlyList<MapEditModel> Items);

internal static class JourneyMapsEndpoints
{
    private const int MostChanges = 1000;

    public static void MapJourneyMaps(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map/journey-maps").WithTags("Map");
        api.MapGet("", ListAsync).WithName("ListJourneyMaps").WithSummary("The journey maps, by name.");
        api.MapPost("", CreateAsync).RequireAuthorization(Rights.Edit).WithName("AddJourneyMap").WithSummary("Adds a journey map: empty, with content, or with the content of another one (from).");
        api.MapGet("/{id:int}", FindAsync).WithName("ShowJourneyMap").WithSummary("One journey map with its stages, steps, lanes and cards.");
        api.MapPut("/{id:int}/name", RenameAsync).RequireAuthorization(Rights.Edit).WithName("RenameJourneyMap").WithSummary("Gives a journey map another name or state.");
        api.MapDelete("/{id:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("RemoveJourneyMap").WithSummary("Removes a journey map with its history.");
        api.MapPost("/{id:int}/changes", ChangeAsync).RequireAuthorization(Rights.Edit).WithName("ChangeJourneyMap")
            .WithSummary("Makes changes to a journey map, all or none. 409 where somebody else has changed the same field meanwhile.");
        api.MapPost("/{id:int}/undo", (int id, HttpContext http, JourneyMapQueries maps, CancellationToken ct) => TakeBackAsync(id, false, http, maps, ct))
            .RequireAuthorization(Rights.Edit).WithName("UndoJourneyMap").WithSummary("Takes back your last edit of a journey map.");
        api.MapPost("/{id:int}/redo", (int id, HttpContext http, JourneyMapQueries maps, CancellationToken ct) => TakeBackAsync(id, true, http, maps, ct))
            .RequireAuthorization(Rights.Edit).WithName("RedoJourneyMap").WithSummary("Makes again what you took back last.");
        api.MapGet("/{id:int}/evidence", EvidenceAsync).WithName("EvidenceOfJourneyMap").WithSummary("How the cards of a journey map are known: assumed, heard or measured, and how many should be looked at again.");
        api.MapGet("/{id:int}/edits", EditsAsync).WithName("EditsOfJourneyMap").WithSummary("Who changed what in a journey map, the latest first.");
    }

    private static async Task<Ok<JourneyMapsAnswer>> ListAsync(JourneyMapQueries maps, CancellationToken ct) =>
        TypedResults.Ok(new JourneyMapsAnswer((await maps.ListAsync(ct)).ConvertAll(JourneyMapLine.Of)));

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> FindAsync(int id, JourneyMapQueries maps, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map ? TypedResults.Ok(JourneyMapModel.Of(map)) : Missing(id);

    private static async Task<Results<Created<JourneyMapModel>, ProblemHttpResult>> CreateAsync(NewJourneyMap body, HttpContext http, JourneyMapQueries maps, MapClaims claims, CancellationToken ct)
    {
        if (await WrongNameAsync(body.Name, body.State, 0, maps, ct) is { } wrong) return wrong;
        var (content, name, by) = (body.Content ?? MapContent.Empty, body.Name!.Trim(), Actor.Of(http.User));
        if (body.From is { } from)
        {
            if (await maps.FindAsync(from, ct) is not { } model) return Problems.Invalid("from", $"There is no journey map {from}.");
            return await maps.CopyAsync(model, name, body.State, by, ct) is { } copy ? TypedResults.Created($"/api/v1/map/journey-maps/{copy.Id}", JourneyMapModel.Of(copy)) : TakenMeanwhile();
        }

        if ((content.Fault() ?? claims.Fault(MapContent.Empty, content)) is { } fault) return Problems.Invalid("content", fault.Detail);
        if (await maps.UnknownAsync(0, MapContent.Empty, content, ct) is { } unknown) return Problems.Invalid("content", unknown);
        if (await maps.AddAsync(name, body.State, content, by, ct) is not { } map) return TakenMeanwhile();
        return TypedResults.Created($"/api/v1/map/journey-maps/{map.Id}", JourneyMapModel.Of(map));
    }

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> RenameAsync(int id, JourneyMapName body, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return Missing(id);
        var state = body.State ?? map.State;
        if (await WrongNameAsync(body.Name, state, id, maps, ct) is { } wrong) return wrong;
        if (!await maps.RenameAsync(map, body.Name!.Trim(), state, Actor.Of(http.User), ct)) return TakenMeanwhile();
        return TypedResults.Ok(JourneyMapModel.Of((await maps.FindAsync(id, ct))!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is null) return Missing(id);
        await maps.RemoveAsync(id, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> ChangeAsync(int id, MapChanges body, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (body.Changes is not { Count: > 0 and <= MostChanges } changes || changes.Any(c => c is null)) return Problems.Invalid("changes", $"Send 1 to {MostChanges} changes.");
        return Answer(id, await maps.ChangeAsync(id, changes, Actor.Of(http.User), ct));
    }

    private static async Task<Results<Ok<JourneyMapModel>, ProblemHttpResult>> TakeBackAsync(int id, bool redo, HttpContext http, JourneyMapQueries maps, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is null) return Missing(id);
        return await maps.TakeBackAsync(id, redo, Actor.Of(http.User), ct) is { } changed ? Answer(id, changed) : Problems.Conflict("There is nothing of yours to take back.");
    }

    private static async Task<Results<Ok<MapEditsAnswer>, ProblemHttpResult>> EditsAsync(int id, JourneyMapQueries maps, MapHistories histories, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map ? TypedResults.Ok(new MapEditsAnswer(await histories.OfAsync(map, JourneyMapQueries.MostEdits, ct))) : Missing(id);

    private static async Task<Results<Ok<EvidenceShare>, ProblemHttpResult>> EvidenceAsync(int id, HttpContext http, JourneyMapQueries maps, IOptionsMonitor<MapOptions> limits, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map ? TypedResults.Ok(EvidenceShare.Of(MapContent.Read(map.Content), DateOnly.FromDateTime(http.Page().Local(DateTime.UtcNow)), limits.CurrentValue)) : Missing(id);

    private static Results<Ok<JourneyMapModel>, ProblemHttpResult> Answer(int id, MapChanged? changed)
    {
        if (changed is null) return Missing(id);
        if (changed.Refusal is { } refusal) return refusal.IsConflict ? Problems.Conflict(refusal.Part is { } part ? $"{refusal.Detail} ({part})" : refusal.Detail) : Problems.Invalid("changes", refusal.Detail);
        return TypedResults.Ok(JourneyMapModel.Of(changed.Map!));
    }

    internal static async Task<ProblemHttpResult?> WrongNameAsync(string? name, MapState state, int exceptId, JourneyMapQueries maps, CancellationToken ct)
    {
        if (!Enum.IsDefined(state)) return Problems.Invalid("state", "A map is asIs or toBe.");
        if (name?.Trim() is not { } given || !JourneyMap.IsName(given)) return Problems.Invalid("name", $"A journey map needs a name of 1 to {MapContent.NameLength} characters.");
        return await maps.NamedAsync(given, state, ct) is { } same && same.Id != exceptId ? Problems.Conflict($"There is a map '{same.Name}' of this state already: {same.Id}.") : null;
    }

    private static ProblemHttpResult TakenMeanwhile() => Problems.Conflict("Somebody made a map of this name and state just now.");

    private static ProblemHttpResult Missing(int id) => Problems.NotFound($"There is no journey map {id}.");
}
