using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Follows the event log and keeps what is said of consent, by events and by records of its own.</summary>
internal sealed class ConsentFeed(EventLog log, IServiceScopeFactory scopes, ConsentReading reading, ContactPoints points, ILogger<ConsentFeed> logger) : BackgroundService, ILogFollower
{
    public const string Follower = "consents";

    private const int MostInABatch = 5000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly CollectedEvent _event = new();
    private readonly List<ConsentEntry> _said = [];
    private readonly Dictionary<long, ConsentWording> _wordings = [];
    private long _position;

    /// <summary>Log position (exclusive) up to which consents are written.</summary>
    public long Position => Volatile.Read(ref _position);

    public async Task WaitUntilKeptAsync(long position, CancellationToken ct)
    {
        while (Position < position) await Task.Delay(Look, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await using (var scope = scopes.CreateAsyncScope())
        {
            var position = await scope.ServiceProvider.GetRequiredService<ConsentQueries>().PositionAsync(stoppingToken);
            // A shorter log is another log: it is read from its beginning.
            Volatile.Write(ref _position, position <= log.EndPosition ? position : 0);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await log.WaitForAsync(Position, stoppingToken);
            try
            {
                await CatchUpAsync(stoppingToken);
                await Task.Delay(Pause, stoppingToken);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or IOException)
            {
                // The log keeps everything; the consents are late, not lost.
                logger.LogError(e, "The consents could not be written; they are tried again.");
                await Task.Delay(AfterFailure, stoppingToken);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken ct)
    {
        Forget();
        var reached = Position;
        foreach (var row in log.Read(Position))
        {
            if (row.Kind == LogKind.Consent) ReadRecords(row);
            else if (row.Kind is LogKind.Events or LogKind.Import && ConsentReading.SaysSomething(row.Body.Span)) ReadEvents(row);
            reached = row.Position + row.Count;
            if (_said.Count >= MostInABatch) await WriteAsync(reached, ct);
        }

        if (reached > Position) await WriteAsync(reached, ct);
    }

    private void Forget()
    {
        _said.Clear();
        _wordings.Clear();
    }

    private void ReadRecords(LogRow row)
    {
        var position = row.Position;
        foreach (var json in row.Events)
        {
            var said = ConsentRecord.Of(json.Span);
            _said.Add(new ConsentEntry
            {
                Position = position++,
                Point = said.Point,
                Purpose = said.Purpose,
                Topic = said.Topic,
                State = Enum.Parse<ConsentState>(said.State, ignoreCase: true),
                AtUtc = DateTimeOffset.FromUnixTimeMilliseconds(said.AtMs).UtcDateTime,
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
            var own = key;
            // Of a public key only the visitor's own device counts, also where the event names a user.
            if (!row.Trusted && !_event.AnonymousId.IsEmpty) own = "anonymous:" + Encoding.UTF8.GetString(_event.AnonymousId);
            var number = 0;
            foreach (var said in reading.Of(json, own, DateTimeOffset.FromUnixTimeMilliseconds(_event.TimestampMs).UtcDateTime, row.Trusted))
                _said.Add(new ConsentEntry
                {
                    Position = position,
                    Number = number++,
                    Point = points.IdOf(said.Point),
                    Purpose = said.Purpose,
                    Topic = said.Topic,
                    State = said.State,
                    AtUtc = said.AtUtc,
                    SourceId = row.SourceId,
                    Origin = row.Kind == LogKind.Import ? ConsentOrigin.Import : ConsentOrigin.Event,
                    Wording = WordingOf(said.Version, said.Wording),
                    Key = said.Point.Kind == ContactKind.Tracking ? said.Point.Value : key,
                });
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
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<ConsentQueries>();
        var standing = (await queries.StandingAsync(_said.Select(s => s.Point), ct)).ToDictionary(c => (c.Point, c.Purpose, c.Topic));
        var (entries, changed) = (new List<ConsentEntry>(), new Dictionary<(string, string, string), StandingConsent>());
        foreach (var said in _said)
        {
            var of = (said.Point, said.Purpose, said.Topic);
            var before = standing.GetValueOrDefault(of);
            // Banners repeat themselves with every event; what is known is not written again.
            if (before is not null && before.State == said.State && before.Wording == said.Wording && before.Origin == said.Origin) continue;
            // A public key may ask for a confirmation, but not undo what is known.
            if (before is not null && IsAsked(said)) continue;
            entries.Add(said);
            if (before is not null && said.AtUtc < before.AtUtc) continue;
            standing[of] = changed[of] = Standing(said);
        }

        await queries.SaveAsync(entries, changed.Values, _wordings.Values, position, ct);
        Forget();
        Volatile.Write(ref _position, position);
    }

    private static bool IsAsked(ConsentEntry said) => said is { State: ConsentState.Pending, Origin: ConsentOrigin.Event };

    private static StandingConsent Standing(ConsentEntry said) => new()
    {
        Point = said.Point,
        Purpose = said.Purpose,
        Topic = said.Topic,
        Kind = ContactPoints.KindOf(said.Point),
        State = said.State,
        AtUtc = said.AtUtc,
        Origin = said.Origin,
        Wording = said.Wording,
        Key = said.Key,
    };
}
