using System.Diagnostics;
using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Customers with contact points of a kind, and what is recorded of these.</summary>
/// <param name="Customers">How many customers have one.</param>
/// <param name="Known">Of how many of them something is recorded for each that they have, by purpose and topic.</param>
internal sealed record UnknownCounts(long Customers, IReadOnlyDictionary<(string Purpose, string Topic), long> Known)
{
    /// <summary>How many customers have one of which nothing is recorded.</summary>
    public long Of(string purpose, string topic) => Customers - Known.GetValueOrDefault((purpose, topic));
}

/// <summary>
/// Counts the customers who have an e-mail address or number of which nothing is recorded. Every address is hashed for it, once for all purposes
/// and topics, and nobody who filters by traits waits meanwhile.
/// </summary>
internal sealed class UnknownPoints(TraitIndex traits, ContactPoints points, ConsentFeed consents, ProfileFeed profiles, JourneyStore journeys, IServiceScopeFactory scopes, TimeProvider clock) : IDisposable
{
    // Where counting takes long, the answer may be so old while events stream in.
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(200), Oldest = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneByOne = new(1, 1);
    private Kept? _kept;

    private sealed record Kept(IReadOnlyDictionary<ContactKind, UnknownCounts> Of, (long, long, long) At, DateTimeOffset Made, TimeSpan Took);

    /// <summary>The counts for the kinds of contact points that traits hold.</summary>
    public async Task<IReadOnlyDictionary<ContactKind, UnknownCounts>> CountAsync(CancellationToken ct)
    {
        await _oneByOne.WaitAsync(ct);
        try
        {
            var at = (consents.Position, profiles.Position, journeys.Visible);
            if (_kept is { } kept && (kept.At == at || kept.Took > Long) && clock.GetUtcNow() - kept.Made < Oldest) return kept.Of;
            var started = Stopwatch.GetTimestamp();
            await traits.ReadAsync(["email", .. ContactPoints.PhoneTraits], ct);
            var of = new Dictionary<ContactKind, UnknownCounts>
            {
                [ContactKind.Email] = await CountAsync(ContactKind.Email, ["email"], ContactPoints.Email, ct),
                [ContactKind.Phone] = await CountAsync(ContactKind.Phone, ContactPoints.PhoneTraits, points.Phone, ct),
            };
            _kept = new Kept(of, at, clock.GetUtcNow(), Stopwatch.GetElapsedTime(started));
            return of;
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    public void Dispose() => _oneByOne.Dispose();

    private async Task<UnknownCounts> CountAsync(ContactKind kind, IReadOnlyList<string> names, Func<string, ContactPoint?> read, CancellationToken ct)
    {
        var sets = new PairSets();
        var said = new Dictionary<string, int>(StringComparer.Ordinal);
        await using (var scope = scopes.CreateAsyncScope())
            await foreach (var (point, purpose, topic) in scope.ServiceProvider.GetRequiredService<ConsentQueries>().OfKind(kind).WithCancellation(ct))
                said[point] = sets.With(said.GetValueOrDefault(point), (purpose, topic));
        var ofCustomer = new Dictionary<int, int>();
        foreach (var name in names)
            foreach (var (customer, value) in await traits.ValuesAsync(name, ct) ?? new Dictionary<int, string>())
            {
                if (read(value) is not { } point) continue;
                var set = said.GetValueOrDefault(points.IdOf(point));
                ofCustomer[customer] = ofCustomer.TryGetValue(customer, out var other) ? sets.Both(set, other) : set;
            }

        return new UnknownCounts(ofCustomer.Count, sets.Count(ofCustomer.Values));
    }

    /// <summary>Sets of purposes and topics, each known by a number, the empty one by 0: however many points there are, few different sets are recorded of them.</summary>
    private sealed class PairSets
    {
        private readonly List<HashSet<(string Purpose, string Topic)>> _sets = [[]];
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
        private readonly Dictionary<(int, string, string), int> _with = [];

        public int With(int set, (string Purpose, string Topic) pair)
        {
            if (!_with.TryGetValue((set, pair.Purpose, pair.Topic), out var number)) _with.Add((set, pair.Purpose, pair.Topic), number = NumberOf([.. _sets[set], pair]));
            return number;
        }

        public int Both(int one, int other) => one == other ? one : NumberOf([.. _sets[one].Intersect(_sets[other])]);

        public Dictionary<(string Purpose, string Topic), long> Count(IEnumerable<int> sets)
        {
            var counts = new Dictionary<(string Purpose, string Topic), long>();
            foreach (var (set, times) in sets.CountBy(s => s))
                foreach (var pair in _sets[set]) counts[pair] = counts.GetValueOrDefault(pair) + times;
            return counts;
        }

        private int NumberOf(HashSet<(string Purpose, string Topic)> set)
        {
            var key = string.Join('\n', set.Select(p => $"{p.Purpose}/{p.Topic}").Order(StringComparer.Ordinal));
            if (_numbers.TryGetValue(key, out var number)) return number;
            _sets.Add(set);
            return _numbers[key] = _sets.Count - 1;
        }
    }
}
