using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Tangent.Access;
using Tangent.Web;

namespace Tangent.Collect;

internal static class LiveTailEndpoints
{
    // A proxy, or a reader that is gone, is noticed by what is sent.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapLiveTail(this WebApplication app) =>
        app.MapGet("/api/v1/collect/sources/{id:int}/tail", TailAsync).LooksAtCustomer().WithTags("Collect").Produces<TailEvent>(200, "text/event-stream").ProducesProblem(404).ProducesProblem(503)
            .WithSummary("What comes in from a source and what is rejected, as it happens: server-sent events until the caller hangs up.");

    private static async Task<IResult> TailAsync(int id, HttpContext http, SourceQueries sources, LiveTail tail, Sensitivity sensitivity, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (await sources.FindAsync(id, ct) is null) return SourcesEndpoints.Missing(id);
        if (tail.TryJoin(id) is not { } viewer)
        {
            http.Response.Headers.RetryAfter = "30";
            return TypedResults.Problem($"{LiveTail.MostViewers} people look on already.", title: "Try it again later.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        http.Response.OnCompleted(() =>
        {
            tail.Leave(viewer);
            return Task.CompletedTask;
        });
        // A proxy that collects answers before it sends them on would show nothing.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(FollowAsync(viewer, sensitivity.Now, lifetime.ApplicationStopping, ct));
    }

    private static async IAsyncEnumerable<SseItem<TailEvent?>> FollowAsync(LiveTail.Viewer viewer, Masking masking, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new SseItem<TailEvent?>(null, "begin");
        while (!ct.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            if (!await WaitAsync(viewer, stopping, ct))
            {
                if (stopping.IsCancellationRequested || ct.IsCancellationRequested) break;
                yield return new SseItem<TailEvent?>(null, "heartbeat");
                continue;
            }

            while (viewer.Events.TryRead(out var e)) yield return new SseItem<TailEvent?>(e.Masked(masking), "event");
        }
    }

    /// <returns>False where nothing came for a while, or the caller or the server goes.</returns>
    private static async Task<bool> WaitAsync(LiveTail.Viewer viewer, CancellationToken stopping, CancellationToken ct)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        until.CancelAfter(Heartbeat);
        try
        {
            return await viewer.Events.WaitToReadAsync(until.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
