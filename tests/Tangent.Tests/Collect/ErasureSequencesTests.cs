using System.Text;
using System.Text.Json;
using Tangent.Collect;
using Tangent.Engine;
using CustomerJourney = Tangent.Engine.CustomerJourney;

namespace Tangent.Tests.Collect;

/// <summary>Whatever comes in whatever order, the journeys followed step by step are those that the log as it is then makes anew.</summary>
public sealed class ErasureSequencesTests
{
    private const int SequencesEach = 100;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Late_events_merges_splits_and_erasures_equal_a_full_rebuild(int seed)
    {
        for (var sequence = 0; sequence < SequencesEach; sequence++)
        {
            using var given = new Followed(seed * SequencesEach + sequence);
            for (var operation = 0; operation < 30; operation++) given.Operate();
            given.ShouldEqualARebuild();
        }
    }

    /// <summary>A log in memory and the projection that follows it.</summary>
    private sealed class Followed : IDisposable
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly List<LogRow> _rows = [];
        private readonly List<string> _done = [];
        private readonly HashSet<int> _undone = [];
        private readonly string _folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "tangent-erase-" + Guid.NewGuid().ToString("N"));
        private readonly JourneyProjection _live;
        private long _end;

        public Followed(int seed)
        {
            (_seed, _random) = (seed, new Random(seed));
            _live = New("live");
        }

        public void Dispose()
        {
            _live.Table.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        public void Operate()
        {
            switch (_random.Next(19))
            {
                case 15: Decide(LogKind.Merge, Pair(), rule: "same e-mail"); break;
                case 16: Decide(LogKind.Split, Pair(), way: SplitWay.KeptApart); break;
                case 17: SplitOff(); break;
                case 18: Decide(LogKind.Merge, [], _random.NextInt64(_end + 1)); break;
                case 12: Append(LogKind.Import, [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Event(imported: true))]); break;
                case 13 or 14: TakeBackImport(); break;
                case < 7: Append(LogKind.Events, [.. Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Event())]); break;
                case 7: Append(LogKind.Merge, JsonSerializer.SerializeToUtf8Bytes(new { identifiers = Enumerable.Range(0, 3).Select(_ => Identifier()).Where(IsKnown), position = 0, reason = "r", by = "b" })); break;
                case 8: Append(LogKind.Split, JsonSerializer.SerializeToUtf8Bytes(new { identifiers = Array.Empty<string>(), position = _random.NextInt64(_end + 1), reason = "r", by = "b" })); break;
                case 9: _live.Table.View(); break;
                case 10: _live.Table.Compact(_live.Position); break;
                default: Erase(); break;
            }
        }

        public void ShouldEqualARebuild()
        {
            var rebuilt = New("rebuilt");
            foreach (var row in _rows) Follow(rebuilt, row);
            // An alias whose visitor was erased no longer names the user of the same id, so neither does the history of what was cut there.
            var hasErased = _rows.Exists(r => r.Kind == LogKind.Erase);
            Fingerprint(_live, !hasErased).ShouldBe(Fingerprint(rebuilt, !hasErased), $"sequence {_seed}: {string.Join("; ", _done)}");
            rebuilt.Table.Dispose();
        }

        private JourneyProjection New(string name) =>
            new(JourneyTable.Open(Path.Combine(_folder, name), 1), new EventCodes(["device"]), new IdentityGraph(), new Accounts(), 0);

        private void Append(LogKind kind, params byte[][] lines)
        {
            var row = new LogRow(_end, lines.Length, 1, kind, _random.Next(2) == 0, 1_700_000_000_000 + _end * 1000, null, lines.Aggregate((a, b) => [.. a, (byte)'\n', .. b]));
            _done.Add($"{row.Position} {kind} {(row.Trusted ? "trusted " : "")}{Encoding.UTF8.GetString(row.Body.Span).Replace('\n', ' ')}");
            _rows.Add(row);
            _end += row.Count;
            Follow(_live, row);
        }

        private void Decide(LogKind kind, IReadOnlyList<string> identifiers, long position = 0, string rule = "", SplitWay way = SplitWay.Together) =>
            Append(kind, JsonSerializer.SerializeToUtf8Bytes(new IdentityDecision(identifiers, position, "r", "b", rule, way), DecisionJson.Default.IdentityDecision));

        private string[] Pair() => [.. Enumerable.Range(0, 9).Select(_ => Identifier()).Where(IsKnown).Distinct().Take(2)];

        private void SplitOff()
        {
            if (Pair() is not [var one, ..]) return;
            var graph = _live.Identities;
            List<string> members = [.. graph.Members(graph.CustomerOf(graph.Find(one))).Select(m => (graph.IsUser(m) ? "user:" : "anonymous:") + graph.Text(m)).Where(_ => _random.Next(2) == 0)];
            if (members.Count == 0) return;
            var split = _end;
            Decide(LogKind.Split, members, way: _random.Next(2) == 0 ? SplitWay.Each : SplitWay.Together);
            if (_random.Next(2) == 0) Decide(LogKind.Merge, [], split);
        }

        /// <summary>Takes an import back, or that back. Each import here is one row; its number is its position.</summary>
        private void TakeBackImport()
        {
            var imports = _rows.Where(r => r.Kind == LogKind.Import).ToList();
            if (imports.Count == 0) return;
            var import = (int)imports[_random.Next(imports.Count)].Position;
            Append(_undone.Add(import) || !_undone.Remove(import) ? LogKind.ImportUndone : LogKind.ImportRestored, JsonSerializer.SerializeToUtf8Bytes(new { import, by = "b" }));
        }

        private void Follow(JourneyProjection journeys, LogRow row)
        {
            if (row.Kind is LogKind.ImportUndone or LogKind.ImportRestored)
            {
                var import = _rows.Find(r => r.Position == JsonSerializer.Deserialize(row.Body.Span, ImportUndoJson.Default.ImportUndoRecord)!.Import)!;
                if (row.Kind == LogKind.ImportUndone) journeys.Withdraw(new PositionRanges([(import.Position, import.Position + import.Count)]));
                else journeys.Restore(import);
            }

            journeys.Apply(row);
        }

        /// <param name="imported">Of an import that is taken back and in again an alias may then find a user where it had named a visitor; its ids are therefore visitors' alone.</param>
        private byte[] Event(bool imported = false)
        {
            string? user = _random.Next(3) > 0 ? User() : null, anonymous = user is null || _random.Next(2) == 0 ? Visitor() : null;
            var late = _random.Next(4) == 0 ? _random.Next(100_000) : 0;
            return JsonSerializer.SerializeToUtf8Bytes(_random.Next(8) switch
            {
                0 => (object)new { type = "identify", userId = user, anonymousId = anonymous },
                1 => new { type = "alias", userId = User(), previousId = imported ? "device-" + _random.Next(5) : _random.Next(2) == 0 ? User() : Visitor() },
                2 => new { type = "group", userId = user, anonymousId = anonymous, groupId = "company " + _random.Next(3) },
                _ => new { type = "track", @event = "E" + _random.Next(4), userId = user, anonymousId = anonymous, timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + _end * 1000 - late), properties = new { revenue = _random.Next(3), device = "d" + _random.Next(2) } },
            });
        }

        private string User() => "person-" + _random.Next(6);

        // Some ids are used for users and for visitors: an alias may mean either.
        private string Visitor() => _random.Next(4) == 0 ? User() : "device-" + _random.Next(5);

        private string Identifier() => _random.Next(2) == 0 ? "user:" + User() : "anonymous:" + Visitor();

        private bool IsKnown(string identifier) => _live.Identities.Find(identifier) >= 0;

        private void Erase()
        {
            if (_live.Identities.Find(Identifier()) is not (>= 0 and var identity)) return;
            var graph = _live.Identities;
            var identifiers = graph.Members(graph.CustomerOf(identity)).Select(m => (graph.IsUser(m) ? "user:" : "anonymous:") + graph.Text(m)).ToList();
            var record = new ErasureRecord(identifiers, "r", "b");
            var position = _end;
            Append(LogKind.Erase, record.ToJson());
            // Stopped in the middle, and begun again.
            var stopped = new LogErasure(record, position);
            for (int r = 0, end = _random.Next(2) == 0 ? 0 : _random.Next(_rows.Count); r < end; r++)
                if (stopped.Rewrite(_rows[r]) is { } stoppedAt) _rows[r] = _rows[r] with { Body = stoppedAt.Body };
            var erasure = new LogErasure(record, position);
            for (var r = 0; r < _rows.Count - 1; r++)
                if (erasure.Rewrite(_rows[r]) is { } rewritten) _rows[r] = _rows[r] with { Body = rewritten.Body };
            _rows[^1] = _rows[^1] with { Body = erasure.Finished(record).ToJson() };
            foreach (var text in identifiers.Where(i => graph.Find(Other(i)) < 0).Select(i => i[(i.IndexOf(':', StringComparison.Ordinal) + 1)..]))
                _rows.FindIndex(row => row.Body.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0).ShouldBe(-1, $"sequence {_seed}: {text} is still in the log");
        }

        // Of a user the visitor of the same id, and the other way round.
        private static string Other(string identifier) =>
            identifier.StartsWith("user:", StringComparison.Ordinal) ? "anonymous:" + identifier[5..] : "user:" + identifier[10..];

        private static string Fingerprint(JourneyProjection journeys, bool withHistory)
        {
            var (graph, view, text) = (journeys.Identities, journeys.Table.View(), new StringBuilder());
            for (var identity = 0; identity < graph.Count; identity++)
            {
                text.Append(identity).Append(' ').Append(graph.IsErased(identity) ? "erased" : graph.Text(identity)).Append(" of ").Append(graph.CustomerOf(identity));
                if (graph.CustomerOf(identity) == identity)
                {
                    text.Append(" joined ").AppendJoin(',', graph.Joins(identity)).Append(" decided ").AppendJoin(',', withHistory ? graph.Decisions(identity) : []).Append(" account ").Append(journeys.Accounts.Of(graph.Members(identity)));
                    foreach (var e in CustomerJourney.Of(view, identity).Events)
                        text.Append("\n  ").Append(e.Event.TimestampMs).Append(' ').Append(journeys.Codes.Decode(e.Event.Signature)).Append(' ').Append(e.Event.Value)
                            .Append(' ').Append(e.Event.Position).Append(" by ").Append(e.Event.Identity).Append(' ').Append(journeys.Codes.ValueText(0, e.Properties[0]));
                }

                text.Append('\n');
            }

            return text.Append(view.Events).ToString();
        }
    }
}
