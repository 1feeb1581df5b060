using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Analyse;

/// <summary>Follows the event log and keeps which events name a referral code.</summary>
internal sealed class ReferralFeed(EventLog log, IServiceScopeFactory scopes, IOptions<ReferralOptions> options, ILogger<ReferralFeed> logger) : LogFollowing(log, Pause, logger)
{
    public const string Follower = "referrals";

    private const int MostInABatch = 5000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly string _property = options.Value.CodeProperty;
    private readonly byte[] _mark = Encoding.UTF8.GetBytes($"\"{options.Value.CodeProperty}\"");
    private readonly CollectedEvent _event = new();
    private readonly List<ReferralMention> _found = [];

    protected override async Task<long> LastPositionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ReferralQueries>();
        var position = await queries.PositionAsync(ct);
        if (position <= Log.EndPosition) return position;
        // A shorter log is another log: it is read from its beginning.
        await queries.ForgetAllAsync(ct);
        return 0;
    }

    protected override async Task CatchUpAsync(CancellationToken ct)
    {
        _found.Clear();
        var reached = Position;
        foreach (var row in Log.Read(Position))
        {
            if (row.Kind is LogKind.Erase or LogKind.Aged or LogKind.ImportUndone or LogKind.ImportRestored)
            {
                // What was said before is written first, so that it goes with the rest.
                await WriteAsync(row.Position, ct);
                await DecideAsync(row, ct);
            }

            if (row.Kind is LogKind.Events or LogKind.Import) Read(row);
            reached = row.Position + row.Count;
            if (_found.Count >= MostInABatch) await WriteAsync(reached, ct);
        }

        if (reached > Position) await WriteAsync(reached, ct);
    }

    private async Task DecideAsync(LogRow decision, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ReferralQueries>();
        foreach (var json in decision.Events)
        {
            if (decision.Kind == LogKind.Erase) await queries.EraseAsync(ErasureRecord.Of(json.Span).Identifiers, ct);
            else if (decision.Kind == LogKind.Aged)
            {
                if (AgedRecord.Of(json.Span) is { IsDone: false } record) await queries.AgeAsync(PositionBits.Of(record.Ranges, decision.Position), ct);
            }
            else await DecideAsync(decision, JsonSerializer.Deserialize(json.Span, ImportUndoJson.Default.ImportUndoRecord)!.Import, queries, ct);
        }

        await WriteAsync(decision.Position, ct);
    }

    /// <summary>An import was taken back, or counts again.</summary>
    private async Task DecideAsync(LogRow decision, int import, ReferralQueries queries, CancellationToken ct)
    {
        var positions = new PositionBits(decision.Position);
        foreach (var row in Naming(import))
            for (var position = row.Position; position < row.Position + row.Count; position++) positions.Add(position);
        // Also before it counts again: after a stop in the middle a part of it does already.
        await queries.ForgetAsync(positions, ct);
        if (decision.Kind != LogKind.ImportRestored) return;
        foreach (var row in Naming(import))
        {
            Read(row);
            // In parts: said twice it says the same, and the position is kept last.
            if (_found.Count < MostInABatch) continue;
            await queries.KeepAsync(_found, ct);
            _found.Clear();
        }
    }

    private IEnumerable<LogRow> Naming(int import) => Log.ReadImport(import, bodies: true).Where(r => r.Body.Span.IndexOf(_mark) >= 0);

    private void Read(LogRow row)
    {
        if (row.Body.Span.IndexOf(_mark) < 0) return;
        var position = row.Position - 1;
        foreach (var json in row.Events)
        {
            position++;
            if (json.Span.IndexOf(_mark) < 0 || !_event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind)) continue;
            if (_event.Type is EventType.Identify or EventType.Alias or EventType.Group || ErasureRecord.IsMark(_event.UserId) || ErasureRecord.IsMark(_event.AnonymousId)) continue;
            if (FeedbackReading.KeyOf(_event, row) is not { Length: > 0 } key || CodeOf(json) is not { Length: > 0 and <= ReferralMention.MostCharacters } code) continue;
            _found.Add(new ReferralMention { Position = position, Code = code, Key = key, AtUtc = DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime });
        }
    }

    private string CodeOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(_property, out var code)
                ? code.ValueKind == JsonValueKind.String ? code.GetString()!.Trim() : code.ValueKind == JsonValueKind.Number ? code.GetRawText() : "" : "";
        }
        catch (Exception x) when (x is JsonException or InvalidOperationException)
        {
            // The log took what the general reader can read; half a surrogate pair in a property shows itself only here.
            return "";
        }
    }

    private async Task WriteAsync(long position, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ReferralQueries>().SaveAsync(_found, position, ct);
        _found.Clear();
        Advance(position);
    }
}
