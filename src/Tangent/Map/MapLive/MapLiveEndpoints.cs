using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Map;

internal static class MapLiveEndpoints
{
    // A proxy, or a reader that is gone, is noticed by what is sent.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // Browsers come again by themselves, and their rights are looked at anew.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Columns of a large board that are fetched at once.</summary>
    public const int Chunk = 24;

    public static void MapMapLive(this WebApplication app)
    {
        app.MapGet("/api/v1/map/journey-maps/{id:int}/changes", WatchAsync).WithTags("Map").WithName("WatchJourneyMap")
            .Produces<MapNews>(200, "text/event-stream").ProducesProblem(404).ProducesProblem(503)
            .WithSummary("Says when a journey map changes and who else looks at it: server-sent events until the caller hangs up, ten minutes at most.");
        app.MapGet("/map/journey-maps/{id:int}/board", BoardAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> WatchAsync(int id, HttpContext http, JourneyMapQueries maps, MapWatchers watchers, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (watchers.TryJoin(id, Actor.Of(http.User)) is not { } watcher)
        {
            http.Response.Headers.RetryAfter = "30";
            return TypedResults.Problem($"{MapWatchers.MostWatchers} look on already, or you do so {MapWatchers.MostOfOne} times.", title: "Try it again later.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        http.Response.OnCompleted(() =>
        {
            watchers.Leave(watcher);
            return Task.CompletedTask;
        });
        // Read after joining: a change in between is told, too.
        if (await maps.FindAsync(id, ct) is not { } map) return Problems.NotFound($"There is no journey map {id}.");
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(FollowAsync(watchers, watcher, map.Version, lifetime.ApplicationStopping, ct));
    }

    private static async IAsyncEnumerable<SseItem<MapNews?>> FollowAsync(MapWatchers watchers, MapWatchers.Watcher watcher, int version, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        var until = DateTime.UtcNow + Longest;
        var first = watchers.News(watcher);
        yield return new SseItem<MapNews?>(first with { Version = Math.Max(version, first.Version) }, "map");
        while (!ct.IsCancellationRequested && !stopping.IsCancellationRequested && DateTime.UtcNow < until)
        {
            var woken = await WaitAsync(watcher, stopping, ct);
            if (stopping.IsCancellationRequested || ct.IsCancellationRequested) break;
            var news = watchers.News(watcher);
            yield return woken ? new SseItem<MapNews?>(news with { Version = Math.Max(version, news.Version) }, "map") : new SseItem<MapNews?>(null, "heartbeat");
        }
    }

    /// <returns>False where nothing came for a while, or the caller or the server goes.</returns>
    private static async Task<bool> WaitAsync(MapWatchers.Watcher watcher, CancellationToken stopping, CancellationToken ct)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        until.CancelAfter(Heartbeat);
        try
        {
            return await watcher.Wakes.ReadAsync(until.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The board, or of it what has changed since the version that the browser shows, or some columns from one on.</summary>
    private static async Task<IResult> BoardAsync(int id, int? since, int? column, HttpContext http, [AsParameters] BoardParts parts, CancellationToken ct)
    {
        if (await parts.Maps.FindAsync(id, ct) is not { } map) return TypedResults.NotFound();
        var model = await MapBoardEndpoints.ModelAsync(map, http, parts, ct);
        if (column is { } first) return http.Show<MapPatchView>(new MapPatchModel(model, MapPatch.Columns(model.Map.Content, first, Chunk)));
        if (since is { } seen && seen <= map.Version && MapPatch.Of(model.Map.Content, await parts.Maps.EditsSinceAsync(id, seen, map.Version, MapPatch.MostEdits, ct), map.Version - seen) is { } cells)
            return http.Show<MapPatchView>(new MapPatchModel(model, cells));
        return http.Show<MapTable>(model);
    }
}
