using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Follows the event log and keeps what is said of consent, by events and by records of its own.</summary>
internal sealed class ConsentFeed(EventLog log, IServiceScopeFactory scopes, ConsentReading reading, ContactPoints points, ILogger<ConsentFeed> logger) : LogFollowing(log, Pause, logger)
{
    public const string Follower = "consents";

    private const int MostInABatch = 5000;
    private const int MostPointsAtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CollectedEvent _event = new();
    private readonly List<ConsentEntry> _said = [];
    private readonly List<AskedConfirmation> _asked = [];
    private readonly Dictionary<long, ConsentWording> _wordings = [];
    // What was said of a contact point is read, thought over and written: not by two at a time.
    private readonly SemaphoreSlim _writing = new(1);

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <summary>Takes words out and tells the rest of these contact points anew; the bytes of what goes are gone from the files.</summary>
    public async Task TakeOutAsync(IEnumerable<string> of, Func<ConsentEntry, bool> goes, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            foreach (var chunk in of.Distinct(StringComparer.Ordinal).Chunk(MostPointsAtOnce))
            {
                await using var scope = scopes.CreateAsyncScope();
                var queries = scope.ServiceProvider.GetRequiredService<ConsentQueries>();
                var history = new ConsentHistory();
                foreach (var said in (await queries.EntriesAsync(chunk, ct)).Where(e => !goes(e)).OrderBy(e => e.Position).ThenBy(e => e.Number)) history.Add(said);
                await queries.ReplaceAsync(chunk, history, ct);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override async Task<long> LastPositionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ConsentQueries>().PositionAsync(ct);
    }

    protected override async Task CatchUpAsync(CancellationToken ct)
    {
        Forget();
        var reached = Position;
        foreach (var row in Log.Read(Position))
        {
            if (row.Kind == LogKind.Consent) ReadRecords(row);
            else if (row.Kind is LogKind.Events or LogKind.Import && ConsentReading.SaysSomething(row.Body.Span)) ReadEvents(row);
            else if (row.Kind is LogKind.ImportUndone or LogKind.ImportRestored) await DecideAsync(row, ct);
            reached = row.Position + row.Count;
            if (_said.Count >= MostInABatch) await WriteAsync(reached, ct);
        }

        if (reached > Position) await WriteAsync(reached, ct);
    }

    private void Forget()
    {
        _said.Clear();
        _asked.Clear();
        _wordings.Clear();
    }

    /// <summary>An import was taken back, or counts again: what it said of consents goes, or is said again.</summary>
    private async Task DecideAsync(LogRow decision, CancellationToken ct)
    {
        // What was said before is written first.
        await WriteAsync(decision.Position, ct);
        var import = 0;
        foreach (var json in decision.Events) import = JsonSerializer.Deserialize(json.Span, ImportUndoJson.Default.ImportUndoRecord)!.Import;
        foreach (var row in Log.ReadImport(import, bodies: true))
        {
            if (ConsentReading.SaysSomething(row.Body.Span)) ReadEvents(row);
            if (_said.Count >= MostInABatch) await DecideAsync(decision.Kind, decision.Position, ct);
        }

        await DecideAsync(decision.Kind, decision.Position, ct);
    }

    private async Task DecideAsync(LogKind kind, long position, CancellationToken ct)
    {
        if (kind == LogKind.ImportRestored)
        {
            await WriteAsync(position, ct);
            return;
        }

        var gone = _said.Select(s => (s.Position, s.Number)).ToHashSet();
        await TakeOutAsync(_said.ConvertAll(s => s.Point), e => gone.Contains((e.Position, e.Number)), ct);
        Forget();
    }

    private void ReadRecords(LogRow row)
    {
        var position = row.Position - 1;
        foreach (var json in row.Events)
        {
            position++;
            if (ConsentRecord.Of(json.Span) is not { } said) continue;
            var at = DateTimeOffset.FromUnixTimeMilliseconds(said.AtMs).UtcDateTime;
            _said.Add(new ConsentEntry
            {
                Position = position,
                Point = said.Point,
                Purpose = said.Purpose,
                Topic = said.Topic,
                State = Enum.Parse<ConsentState>(said.State, ignoreCase: true),
                AtUtc = at,
                LastUtc = at,
                Origin = Enum.Parse<ConsentOrigin>(said.Origin, ignoreCase: true),
                By = said.By,
                Wording = WordingOf(said.Version, said.Wording),
                Key = said.Key,
            });
        }
    }

    private void ReadEvents(LogRow row)
    {
        var position = row.Position - 1;
        foreach (var json in row.Events)
        {
            position++;
            if (!ConsentReading.SaysSomething(json.Span) || !_event.Read(json, row.ReceivedAtMs, row.SentAtMs, out _, row.Kind)) continue;
            var key = !_event.UserId.IsEmpty ? "user:" + Encoding.UTF8.GetString(_event.UserId) : "anonymous:" + Encoding.UTF8.GetString(_event.AnonymousId);
            // Of a public key only the visitor's own device counts, also where the event names a user: anybody can name one.
            if (!row.Trusted) key = _event.AnonymousId.IsEmpty ? "" : "anonymous:" + Encoding.UTF8.GetString(_event.AnonymousId);
            var number = 0;
            var received = DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedAtMs).UtcDateTime;
            var by = new ConsentSpeaker(key, DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime, row.Trusted, row.Kind == LogKind.Import ? null : received);
            foreach (var said in reading.Of(json, by))
            {
                if (said.AsksIn is { } language) _asked.Add(new AskedConfirmation(said.Point, said.Purpose, said.Topic, key, language, received, IsPublic: !row.Trusted));
                _said.Add(new ConsentEntry
                {
                    Position = position,
                    Number = number++,
                    Point = points.IdOf(said.Point),
                    Purpose = said.Purpose,
                    Topic = said.Topic,
                    State = said.State,
                    AtUtc = said.AtUtc,
                    LastUtc = said.AtUtc,
                    SourceId = row.SourceId,
                    Origin = row.Kind == LogKind.Import ? ConsentOrigin.Import : row.Trusted || said.Point.Kind == ContactKind.Tracking ? ConsentOrigin.Event : ConsentOrigin.PublicKey,
                    Wording = WordingOf(said.Version, said.Wording),
                    Key = said.Point.Kind == ContactKind.Tracking ? said.Point.Value : key,
                    Asks = said.AsksIn is not null,
                });
            }
        }
    }

    private long WordingOf(string version, string text)
    {
        if (version.Length == 0 && text.Length == 0) return 0;
        var id = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{version}\n{text}")));
        _wordings.TryAdd(id, new ConsentWording { Id = id, Version = version, Text = text });
        return id;
    }

    private async Task WriteAsync(long position, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var queries = scope.ServiceProvider.GetRequiredService<ConsentQueries>();
            var history = new ConsentHistory();
            // Read once more after a stop, a word is in the table already.
            var again = _said.Select(s => (s.Position, s.Number)).ToHashSet();
            foreach (var known in await queries.EntriesAsync(_said.Select(s => s.Point), ct))
                if (!again.Contains((known.Position, known.Number))) history.Know(known);
            foreach (var said in _said) history.Add(said);
            var letters = scope.ServiceProvider.GetRequiredService<ConfirmationLetters>();
            await queries.SaveAsync(history, _wordings.Values, position, () => letters.WriteAsync(_asked, ct), ct);
        }
        finally
        {
            _writing.Release();
        }

        Forget();
        Advance(position);
    }
}
