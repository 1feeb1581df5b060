using System.Text;
using Tangent.Collect;
using Tangent.Map;

namespace Tangent.Measure;

/// <summary>
/// Follows the event log and notes after which events somebody is to be asked. Position and notes are written together: after a stop nothing is noted
/// twice or left out. Browsers' keys are public: what they say makes nobody a letter.
/// </summary>
internal sealed class AskFeed(EventLog log, IServiceScopeFactory scopes, SourceKeys sources, TouchpointRules rules, TouchpointCatalogue catalogue, TimeProvider time, ILogger<AskFeed> logger)
    : LogFollowing(log, Pause, logger)
{
    private const int MostInABatch = 500;

    /// <summary>What happened longer ago, as in a file of history, is not asked about.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CollectedEvent _event = new();

    private sealed record Asking(int Survey, AskRule Rule);

    protected override async Task<long> LastPositionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (decisions, end) = (scope.ServiceProvider.GetRequiredService<DecisionQueries>(), Log.EndPosition);
        if (await decisions.PositionAsync(ct) is { } known && known <= end) return known;
        // What was there before surveys were is nothing to ask about. It is kept at once: a stop before the first batch must not move it on.
        await decisions.SaveAsync([], end, ct);
        return end;
    }

    protected override async Task CatchUpAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var surveys = scope.ServiceProvider.GetRequiredService<SurveyQueries>();
        var open = (await surveys.ListAsync(ct)).Where(s => s.Open).Select(s => s.Id).ToHashSet();
        var asking = (await surveys.CurrentAsync(ct)).Where(s => open.Contains(s.Key) && s.Value.Ask is { On: true }).ToLookup(s => s.Value.Ask!.AfterId ?? 0, s => new Asking(s.Key, s.Value.Ask!));
        var end = Log.EndPosition;
        if (asking.Count == 0)
        {
            await WriteAsync([], end, ct);
            return;
        }

        var (causes, reached, names) = (new List<AskCause>(), Position, catalogue.Touchpoints.ToDictionary(t => t.Name, t => t.Id, StringComparer.Ordinal));
        foreach (var touchpoint in catalogue.Touchpoints)
            foreach (var merged in touchpoint.Merged) names.TryAdd(merged.Name, touchpoint.Id);
        foreach (var row in Log.Read(Position))
        {
            if (row.Position >= end) break;
            if (row.Trusted && row.Kind is LogKind.Events or LogKind.Import) Read(row, asking, names, causes);
            reached = row.Position + row.Count;
            if (causes.Count < MostInABatch) continue;
            await WriteAsync(causes, reached, ct);
            causes.Clear();
        }

        if (reached > Position) await WriteAsync(causes, reached, ct);
    }

    private void Read(LogRow row, ILookup<int, Asking> asking, Dictionary<string, int> names, List<AskCause> causes)
    {
        var (position, oldest) = (row.Position - 1, (time.GetUtcNow() - Latest).ToUnixTimeMilliseconds());
        var source = sources.TryFind(row.SourceId, out var from) ? from.Name : "";
        foreach (var json in row.Events)
        {
            position++;
            if (!_event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind) || _event.Type is EventType.Identify or EventType.Alias or EventType.Group || _event.TimestampMs < oldest) continue;
            string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
            var name = Text(_event.Name);
            // Without a rule the event's own name stands in, as in the journeys.
            if ((rules.TouchpointOf(new Signature(name, Text(_event.Channel), source, Text(_event.Path), Text(_event.Campaign))) ?? (names.TryGetValue(name, out var named) ? named : null)) is not { } at) continue;
            foreach (var (survey, rule) in asking[at])
            {
                var key = !_event.UserId.IsEmpty ? "user:" + Text(_event.UserId) : "anonymous:" + Text(_event.AnonymousId);
                var happened = DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime;
                causes.Add(new AskCause(survey, position, key, happened, happened.AddHours(rule.DelayHours)));
            }
        }
    }

    private async Task WriteAsync(IReadOnlyCollection<AskCause> causes, long position, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DecisionQueries>().SaveAsync(causes, position, ct);
        Advance(position);
    }
}
