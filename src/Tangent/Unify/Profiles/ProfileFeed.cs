using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Follows the event log and keeps what identify and group calls say of people.</summary>
internal sealed class ProfileFeed(EventLog log, IServiceScopeFactory scopes, TraitIndex traits, AccountIndex accounts, ILogger<ProfileFeed> logger)
    : LogFollowing(log, Pause, logger)
{
    public const string Follower = "profiles";

    // A transaction writes this many profiles at the most, so that nobody waits long for the database.
    private const int MostInABatch = 5000;

    // People's names are not in a hurry: while events stream in, one write a second is enough.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CollectedEvent _event = new();
    private readonly List<RecordSaid> _records = [];
    private long _lastNumber;

    private sealed record Call(string Key, int SourceId, JsonObject Traits, string Company, DateTime AtUtc);

    /// <summary>Raised after profiles were written, or what they said was taken back: the identifiers of the persons, and the log position it reaches to. Whoever listens takes them and returns.</summary>
    public event Action<IReadOnlyCollection<string>, long>? Written;

    /// <summary>Raised after the profiles of these identifiers were deleted. Whoever listens lets go of them and returns.</summary>
    public event Action<IReadOnlyList<string>>? Erased;

    public override bool KnowsAddresses => true;

    protected override async Task<long> LastPositionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ProfileQueries>();
        _lastNumber = await queries.LastNumberAsync(ct);
        return await queries.PositionAsync(ct);
    }

    protected override async Task CatchUpAsync(CancellationToken ct)
    {
        var calls = new List<Call>();
        // After a failure the same rows are read again.
        _records.Clear();
        var reached = Position;
        foreach (var row in Log.Read(Position))
        {
            if (row.Kind == LogKind.Erase)
            {
                // What was said before is written first, so that it is erased with the rest.
                await WriteAsync(calls, row.Position, ct);
                calls.Clear();
                await EraseAsync(row, ct);
            }

            if (row.Kind is LogKind.ImportUndone or LogKind.ImportRestored)
            {
                await WriteAsync(calls, row.Position, ct);
                calls.Clear();
                await RereadAsync(row, ct);
            }

            if (row.Kind is LogKind.Events or LogKind.Import && SaysSomething(row.Body.Span)) Read(row, calls);
            reached = row.Position + row.Count;
            // The rest is for the next look: in between others get at the database.
            if (calls.Count + _records.Count >= MostInABatch) break;
        }

        if (reached > Position) await WriteAsync(calls, reached, ct);
    }

    /// <summary>Most events are neither identify nor group calls; looking for the word, first in a whole row, is much cheaper than reading them.</summary>
    private static bool SaysSomething(ReadOnlySpan<byte> json) => json.IndexOf("\"identify\""u8) >= 0 || json.IndexOf("\"group\""u8) >= 0;

    private void Read(LogRow row, List<Call> calls)
    {
        foreach (var json in row.Events)
        {
            if (!SaysSomething(json.Span)) continue;
            if (!_event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind)) continue;
            if (_event.Type is not (EventType.Identify or EventType.Group)) continue;
            var key = !_event.UserId.IsEmpty ? "user:" + Encoding.UTF8.GetString(_event.UserId)
                : !_event.AnonymousId.IsEmpty ? "anonymous:" + Encoding.UTF8.GetString(_event.AnonymousId) : null;
            if (row.Kind == LogKind.Import && RecordSaid.IsIn(json.Span) && RecordSaid.Of(json.Span, row.SourceId, key) is { } record) _records.Add(record);
            else Read(key, row.SourceId, calls);
        }
    }

    /// <summary>An import was taken back, or counts again: what it said of people, companies and records goes, and what other calls of its source say of them is read anew.</summary>
    private async Task RereadAsync(LogRow decision, CancellationToken ct)
    {
        var (import, said) = (0, new List<Call>());
        foreach (var json in decision.Events) import = JsonSerializer.Deserialize(json.Span, ImportUndoJson.Default.ImportUndoRecord)!.Import;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var records = new HashSet<(int SourceId, string Kind, string RecordId)>();
        // Row by row: of a large import only whom and what it told of is kept.
        foreach (var row in Log.ReadImport(import, bodies: true))
        {
            Read(row, said);
            keys.UnionWith(said.Select(c => c.Key));
            records.UnionWith(_records.Select(r => r.Id));
            said.Clear();
            _records.Clear();
        }

        if (keys.Count == 0 && records.Count == 0) return;
        await using (var scope = scopes.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ProfileQueries>().ForgetAsync([.. keys], decision.SourceId, ct);
            await scope.ServiceProvider.GetRequiredService<RecordQueries>().ForgetAsync(records, ct);
        }

        var calls = new List<Call>();
        foreach (var row in Log.ReadSource(decision.SourceId, decision.Position))
        {
            if (!SaysSomething(row.Body.Span)) continue;
            Read(row, calls);
            calls.RemoveAll(c => !keys.Contains(c.Key));
            _records.RemoveAll(r => !records.Contains(r.Id));
            if (calls.Count + _records.Count < MostInABatch) continue;
            await WriteAsync(calls, decision.Position, ct);
            calls.Clear();
        }

        await WriteAsync(calls, decision.Position, ct);
        await LearnAgainAsync([.. keys], ct);
        // Of whom nothing is said any more, nobody else tells.
        Tell(keys, decision.Position + decision.Count);
    }

    /// <summary>Brings what is kept in memory of these keys to what is in the tables.</summary>
    private async Task LearnAgainAsync(string[] keys, CancellationToken ct)
    {
        await accounts.ForgetAsync();
        foreach (var chunk in keys.Chunk(MostInABatch))
        {
            await using var scope = scopes.CreateAsyncScope();
            await traits.ForgetAsync(chunk, ct);
            await traits.LearnAsync(await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(chunk, ct), ct);
        }
    }

    private void Read(string? key, int sourceId, List<Call> calls)
    {
        var traits = Traits(_event.Traits);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime;
        if (_event.Type == EventType.Identify)
        {
            if (key is not null && traits is not null) calls.Add(new Call(key, sourceId, traits, "", at));
            return;
        }

        // The traits of a group call are the company's, not the person's.
        var account = Encoding.UTF8.GetString(_event.GroupId);
        var company = traits is null ? "" : TraitReading.Text(traits, "name");
        if (key is not null) calls.Add(new Call(key, sourceId, [], company.Length > 0 ? company : account, at));
        if (account.Length > 0 && traits is { Count: > 0 }) calls.Add(new Call(Profile.AccountPrefix + account, sourceId, traits, "", at));
    }

    private static JsonObject? Traits(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        try
        {
            return JsonNode.Parse(json) is JsonObject traits && TraitReading.AreReadable(traits) ? traits : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task EraseAsync(LogRow row, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var json in row.Events)
        {
            var keys = ErasureRecord.Of(json.Span).Identifiers;
            await scope.ServiceProvider.GetRequiredService<ProfileQueries>().EraseAsync(keys, ct);
            await scope.ServiceProvider.GetRequiredService<RecordQueries>().EraseAsync(keys, ct);
            await traits.ForgetAsync(keys, ct);
            Erased?.Invoke(keys);
        }
    }

    private async Task WriteAsync(List<Call> calls, long position, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ProfileQueries>();
        var profiles = (await queries.FindAsync(calls.Select(c => c.Key), ct)).ToDictionary(p => (p.Key, p.SourceId));
        foreach (var call in calls)
        {
            if (!profiles.TryGetValue((call.Key, call.SourceId), out var profile))
                profiles.Add((call.Key, call.SourceId), profile = new Profile { Key = call.Key, SourceId = call.SourceId, Number = ++_lastNumber });
            profile.Learn(call.Traits, call.Company, call.AtUtc);
        }

        // Said twice it says the same: a stop before the position is kept costs nothing.
        await scope.ServiceProvider.GetRequiredService<RecordQueries>().LearnAsync(_records, ct);
        _records.Clear();
        await queries.SaveAsync(profiles.Values, position, ct);
        await traits.LearnAsync(profiles.Values, ct);
        await accounts.LearnAsync(profiles.Values, ct);
        // Whoever waits for the position finds everybody told.
        Tell(profiles.Keys.Select(p => p.Key), position);
        Advance(position);
    }

    private void Tell(IEnumerable<string> keys, long position)
    {
        List<string> persons = [.. keys.Where(k => !k.StartsWith(Profile.AccountPrefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
        if (persons.Count > 0) Written?.Invoke(persons, position);
    }
}
