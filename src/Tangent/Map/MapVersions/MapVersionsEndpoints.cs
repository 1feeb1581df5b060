using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tangent.Access;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Map;

/// <summary>A named version of a map.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Version">How many edits the map had then.</param>
/// <param name="At">When it was saved, UTC.</param>
/// <param name="By">Who saved it.</param>
public sealed record MapSnapshotModel(int Id, string Name, int Version, DateTime At, string By)
{
    internal static MapSnapshotModel Of(SnapshotLine s) => new(s.Id, s.Name, s.Version, DateTime.SpecifyKind(s.AtUtc, DateTimeKind.Utc), s.By);

    internal static MapSnapshotModel Of(MapSnapshot s) => new(s.Id, s.Name, s.Version, DateTime.SpecifyKind(s.AtUtc, DateTimeKind.Utc), s.By);
}

public sealed record MapSnapshotsAnswer(IReadOnlyList<MapSnapshotModel> Items);

/// <summary>A map after a version was restored.</summary>
/// <param name="Stayed">How many of its cards say what they said before: what they share with other maps, or what was heard, is not of a version.</param>
public sealed record RestoredMapModel(int Id, string Name, MapState State, int Version, DateTime ChangedUtc, string ChangedBy, MapContent Content, int? Parent, int Stayed)
{
    internal static RestoredMapModel Of(JourneyMapModel map, int stayed) => new(map.Id, map.Name, map.State, map.Version, map.ChangedUtc, map.ChangedBy, map.Content, map.Parent, stayed);
}

/// <param name="Name">What the version is called.</param>
public sealed record NewMapSnapshot(string? Name);

/// <param name="Map">The map.</param>
/// <param name="Items">Its versions, the latest first.</param>
/// <param name="Error">Why something was not done.</param>
public sealed record MapVersionsModel(JourneyMapLine Map, IReadOnlyList<MapSnapshotModel> Items, string? Error = null);

/// <param name="Map">The map.</param>
/// <param name="Items">Its versions, the latest first.</param>
/// <param name="From">The version that is compared.</param>
/// <param name="To">What it is compared with; null for the map as it is now.</param>
/// <param name="Found">What differs.</param>
public sealed record MapVersionDifferencesModel(JourneyMapLine Map, IReadOnlyList<MapSnapshotModel> Items, int From, int? To, IReadOnlyList<MapDifference> Found);

/// <summary>Named versions of a map.</summary>
internal static class MapVersionsEndpoints
{
    public static void MapMapVersions(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1/map/journey-maps/{id:int}/snapshots").WithTags("Map");
        api.MapGet("", ListAsync).WithName("ListMapSnapshots").WithSummary("The named versions of a journey map, the latest first.");
        api.MapPost("", SaveAsync).RequireAuthorization(Rights.Edit).WithName("SaveMapSnapshot").WithSummary("Saves a journey map as it is now under a name.");
        api.MapGet("/{snapshot:int}", FileAsync).WithName("ExportMapSnapshot").Produces<string>(200, "application/yaml").ProducesProblem(404).WithSummary("A version of a journey map as YAML.");
        api.MapDelete("/{snapshot:int}", RemoveAsync).RequireAuthorization(Rights.Edit).WithName("RemoveMapSnapshot").WithSummary("Removes a version of a journey map.");
        api.MapPost("/{snapshot:int}/restoration", RestoreAsync).RequireAuthorization(Rights.Edit).WithName("RestoreMapSnapshot")
            .WithSummary("Makes a journey map what it was in a version, as one edit that can be undone; what it is now is saved as a version first. Cards that are one with cards of other maps, and what was heard, stay as they are now: stayed says how many.");

        var pages = app.MapGroup("/map/journey-maps/{id:int}/versions").ExcludeFromDescription();
        pages.MapGet("", (int id, HttpContext http, JourneyMapQueries maps, MapSnapshotQueries snapshots, CancellationToken ct) => ShowAsync(id, null, http, maps, snapshots, ct));
        pages.MapGet("/comparison", CompareAsync);
        pages.MapPost("", SaveOnPageAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{snapshot:int}/restoration", RestoreOnPageAsync).RequireAuthorization(Rights.Edit);
        pages.MapPost("/{snapshot:int}/removal", RemoveOnPageAsync).RequireAuthorization(Rights.Edit);
    }

    private static async Task<Results<Ok<MapSnapshotsAnswer>, ProblemHttpResult>> ListAsync(int id, JourneyMapQueries maps, MapSnapshotQueries snapshots, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is null ? NoMap(id) : TypedResults.Ok(new MapSnapshotsAnswer((await snapshots.ListAsync(id, ct)).ConvertAll(MapSnapshotModel.Of)));

    private static async Task<Results<Created<MapSnapshotModel>, ProblemHttpResult>> SaveAsync(int id, NewMapSnapshot body, HttpContext http, JourneyMapQueries maps, MapVersions versions, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return NoMap(id);
        if (body.Name?.Trim() is not { } name || !JourneyMap.IsName(name)) return Problems.Invalid("name", $"A version needs a name of 1 to {MapContent.NameLength} characters.");
        return await versions.SaveAsync(map, name, Actor.Of(http.User), ct) is { } saved
            ? TypedResults.Created($"/api/v1/map/journey-maps/{id}/snapshots/{saved.Id}", MapSnapshotModel.Of(saved))
            : Problems.Conflict($"A map has at most {MapVersions.Most} versions: remove one first.");
    }

    private static async Task<IResult> FileAsync(int id, int snapshot, MapSnapshotQueries snapshots, CancellationToken ct) =>
        await snapshots.FindAsync(id, snapshot, ct) is { } found
            ? TypedResults.File(Encoding.UTF8.GetBytes(found.Yaml), "application/yaml; charset=utf-8", $"{string.Concat(found.Name.Select(c => char.IsLetterOrDigit(c) ? c : '-'))}.yaml")
            : NoSnapshot(id, snapshot);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int id, int snapshot, MapSnapshotQueries snapshots, CancellationToken ct) =>
        await snapshots.RemoveAsync(id, snapshot, ct) ? TypedResults.NoContent() : NoSnapshot(id, snapshot);

    private static async Task<Results<Ok<RestoredMapModel>, ProblemHttpResult>> RestoreAsync(int id, int snapshot, HttpContext http, MapSnapshotQueries snapshots, MapVersions versions, CancellationToken ct)
    {
        if (await snapshots.FindAsync(id, snapshot, ct) is not { } found) return NoSnapshot(id, snapshot);
        if (await versions.RestoreAsync(id, found, MapVersions.NameBefore(found), Actor.Of(http.User), ct) is not { } restored) return NoMap(id);
        return restored.Changed.Refusal is { } refusal ? Problems.Conflict(refusal.Detail) : TypedResults.Ok(RestoredMapModel.Of(JourneyMapModel.Of(restored.Changed.Map!), restored.Stayed));
    }

    private static async Task<IResult> ShowAsync(int id, string? error, HttpContext http, JourneyMapQueries maps, MapSnapshotQueries snapshots, CancellationToken ct) =>
        await maps.FindAsync(id, ct) is { } map
            ? http.Show<MapVersionsPage>(new MapVersionsModel(JourneyMapLine.Of(map), (await snapshots.ListAsync(id, ct)).ConvertAll(MapSnapshotModel.Of), error), error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, Page(id))
            : TypedResults.NotFound();

    private static async Task<IResult> CompareAsync(int id, int? fromVersion, int? toVersion, HttpContext http, JourneyMapQueries maps, MapSnapshotQueries snapshots, MapVersions versions, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var items = (await snapshots.ListAsync(id, ct)).ConvertAll(MapSnapshotModel.Of);
        if ((fromVersion ?? items.FirstOrDefault()?.Id) is not { } first) return TypedResults.LocalRedirect(Page(id));
        if (await versions.AtAsync(map, first, ct) is not { } before || await versions.AtAsync(map, toVersion, ct) is not { } after) return TypedResults.NotFound();
        return http.Show<MapVersionDifferencesPage>(new MapVersionDifferencesModel(JourneyMapLine.Of(map), items, first, toVersion, await versions.CompareAsync(before, after, ct)));
    }

    private static async Task<IResult> SaveOnPageAsync(int id, [FromForm] string? name, HttpContext http, JourneyMapQueries maps, MapSnapshotQueries snapshots, MapVersions versions, CancellationToken ct)
    {
        if (await maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        if (name?.Trim() is not { } given || !JourneyMap.IsName(given)) return await ShowAsync(id, T("Map.Versions.NameWrong", MapContent.NameLength), http, maps, snapshots, ct);
        return await versions.SaveAsync(map, given, Actor.Of(http.User), ct) is null ? await ShowAsync(id, T("Map.Versions.Full", MapVersions.Most), http, maps, snapshots, ct) : TypedResults.LocalRedirect(Page(id));
    }

    private static async Task<IResult> RestoreOnPageAsync(int id, int snapshot, HttpContext http, JourneyMapQueries maps, MapSnapshotQueries snapshots, MapVersions versions, CancellationToken ct)
    {
        if (await snapshots.FindAsync(id, snapshot, ct) is not { } found) return TypedResults.NotFound();
        var restored = await versions.RestoreAsync(id, found, MapVersions.NameBefore(found), Actor.Of(http.User), ct);
        return restored?.Changed.Refusal is { } refusal
            ? await ShowAsync(id, T("Map.Versions.NotRestored", refusal.Detail), http, maps, snapshots, ct)
            : TypedResults.LocalRedirect($"/map/journey-maps/{id}{(restored is { Stayed: > 0 and var stayed } ? $"?stayed={stayed}" : "")}");
    }

    private static async Task<IResult> RemoveOnPageAsync(int id, int snapshot, MapSnapshotQueries snapshots, CancellationToken ct)
    {
        await snapshots.RemoveAsync(id, snapshot, ct);
        return TypedResults.LocalRedirect(Page(id));
    }

    private static string Page(int map) => $"/map/journey-maps/{map}/versions";

    private static ProblemHttpResult NoMap(int id) => Problems.NotFound($"There is no journey map {id}.");

    private static ProblemHttpResult NoSnapshot(int id, int snapshot) => Problems.NotFound($"The journey map {id} has no version {snapshot}.");
}
