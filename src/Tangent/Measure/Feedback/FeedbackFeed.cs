using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Measure;

/// <summary>Follows the event log and keeps the feedback in it: in the table, and for scoring in memory.</summary>
internal sealed class FeedbackFeed(EventLog log, IServiceScopeFactory scopes, FeedbackIndex index, JourneyStore journeys, ILogger<FeedbackFeed> logger)
    : LogFollowing(log, Pause, logger)
{
    public const string Follower = "feedback";

    private const int MostInABatch = 5000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CollectedEvent _event = new();
    private readonly Dictionary<string, Feedback> _said = new(StringComparer.Ordinal);

    protected override async Task<long> LastPositionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<FeedbackQueries>();
        var position = await queries.PositionAsync(ct);
        if (position > Log.EndPosition)
        {
            // A shorter log is another log: it is read from its beginning.
            await queries.ForgetAllAsync(ct);
            position = 0;
        }

        if (position > 0)
        {
            await queries.DetectLanguagesAsync(ct);
            // Whose answers they are is known as soon as the journeys know their customers.
            await journeys.WaitUntilVisibleAsync(position, ct);
            var some = new List<Feedback>(MostInABatch);
            await foreach (var said in queries.AllAsync().WithCancellation(ct))
            {
                some.Add(said);
                if (some.Count < MostInABatch) continue;
                index.Learn(some);
                some.Clear();
            }

            index.Learn(some);
        }

        return position;
    }

    protected override async Task CatchUpAsync(CancellationToken ct)
    {
        _said.Clear();
        var reached = Position;
        foreach (var row in Log.Read(Position))
        {
            if (row.Kind is LogKind.Erase or LogKind.Aged or LogKind.ImportUndone or LogKind.ImportRestored)
            {
                // What was said before is written first, so that it goes with the rest.
                await WriteAsync(row.Position, ct);
                if (row.Kind == LogKind.Erase) await EraseAsync(row, ct);
                else if (row.Kind == LogKind.Aged) await AgeAsync(row, ct);
                else await DecideAsync(row, ct);
            }

            if (row.Kind is LogKind.Events or LogKind.Import) Read(row);
            reached = row.Position + row.Count;
            if (_said.Count >= MostInABatch) await WriteAsync(reached, ct);
        }

        if (reached > Position) await WriteAsync(reached, ct);
    }

    private void Read(LogRow row)
    {
        if (!FeedbackReading.MaySay(row.Body.Span)) return;
        var position = row.Position - 1;
        foreach (var json in row.Events)
        {
            position++;
            if (!FeedbackReading.MaySay(json.Span) || !_event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind)) continue;
            if (FeedbackReading.Of(_event, json, row, position) is { } said) _said[said.Id] = said;
        }
    }

    private async Task EraseAsync(LogRow row, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<FeedbackQueries>();
        foreach (var json in row.Events)
        {
            var keys = ErasureRecord.Of(json.Span).Identifiers;
            var positions = new PositionBits(row.Position);
            foreach (var position in await queries.PositionsOfAsync(keys, ct)) positions.Add(position);
            index.Forget(positions);
            await queries.EraseAsync(keys, ct);
        }
    }

    /// <summary>The time of events is over; what was said in them is, too.</summary>
    private async Task AgeAsync(LogRow row, CancellationToken ct)
    {
        foreach (var json in row.Events)
            if (AgedRecord.Of(json.Span) is { IsDone: false } record) await ForgetAsync(PositionBits.Of(record.Ranges, row.Position), ct);
    }

    /// <summary>An import was taken back, or counts again.</summary>
    private async Task DecideAsync(LogRow decision, CancellationToken ct)
    {
        foreach (var json in decision.Events)
        {
            var import = JsonSerializer.Deserialize(json.Span, ImportUndoJson.Default.ImportUndoRecord)!.Import;
            var positions = new PositionBits(decision.Position);
            foreach (var row in Said(import))
                for (var position = row.Position; position < row.Position + row.Count; position++) positions.Add(position);
            // Also before it counts again: after a stop in the middle a part of it does already.
            await ForgetAsync(positions, ct);
            if (decision.Kind != LogKind.ImportRestored) continue;
            foreach (var row in Said(import))
            {
                Read(row);
                if (_said.Count >= MostInABatch) await WriteAsync(decision.Position, ct);
            }
        }

        await WriteAsync(decision.Position, ct);
    }

    private IEnumerable<LogRow> Said(int import) => Log.ReadImport(import, bodies: true).Where(r => FeedbackReading.MaySay(r.Body.Span));

    private async Task ForgetAsync(PositionBits positions, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FeedbackQueries>().ForgetAsync(positions, ct);
        index.Forget(positions);
    }

    private async Task WriteAsync(long position, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FeedbackQueries>().SaveAsync(_said.Values, position, ct);
        index.Learn(_said.Values);
        _said.Clear();
        Advance(position);
    }
}
