using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>
/// Compares whoever is new, or of whom something else is known now, with all stored persons as soon as the profiles say so, by what the last
/// search learned. Pairs that may be one person join those that wait for a decision; nobody is merged. Without a search there is nothing to
/// compare by, and nothing is kept.
/// </summary>
internal sealed class Newcomers(
    ProfileFeed profiles, JourneyStore journeys, MergePolicies policies, Restrictions restrictions, IServiceScopeFactory scopes, IOptionsMonitor<CompanyOptions> company, TimeProvider time, ILogger<Newcomers> logger)
    : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private sealed record Change(IReadOnlyCollection<string> Keys, long Position);

    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>();
    private readonly Lock _gate = new();
    private volatile PersonIndex? _index;

    /// <summary>What changed, and who was erased, while a search read and compared: it may have seen it or not.</summary>
    private List<Change>? _meanwhile;
    private List<string>? _erasedMeanwhile;
    private long _behind;
    private double _leastWeight;

    /// <summary>All persons, as the last search left them and with whoever came since; null where none has been made yet.</summary>
    public PersonIndex? Index => _index;

    /// <summary>Whether everybody who came has been compared.</summary>
    public bool IsIdle => Volatile.Read(ref _behind) == 0;

    public string Country => company.CurrentValue.OwnCountry();

    /// <summary>A search begins to read the persons.</summary>
    public void Begin()
    {
        lock (_gate) (_meanwhile, _erasedMeanwhile) = ([], []);
    }

    /// <summary>The search is done: from now on newcomers are compared by what it learned.</summary>
    public void Learn(IReadOnlyList<string> identifiers, PersonTable table, MatchResult found, double leastWeight)
    {
        Volatile.Write(ref _leastWeight, leastWeight);
        var index = new PersonIndex(identifiers, table, found);
        lock (_gate)
        {
            index.Forget(_erasedMeanwhile ?? []);
            _index = index;
            foreach (var change in _meanwhile ?? []) Enqueue(change);
            (_meanwhile, _erasedMeanwhile) = (null, null);
        }
    }

    /// <summary>The search is over, whether it learned anything or not.</summary>
    public void End()
    {
        lock (_gate) (_meanwhile, _erasedMeanwhile) = (null, null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        profiles.Written += Written;
        profiles.Erased += Erased;
        await foreach (var change in _changes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await journeys.WaitUntilVisibleAsync(change.Position, stoppingToken);
                foreach (var keys in change.Keys.Chunk(AtOnce)) await CompareAsync(keys, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it was, the next search compares everybody.
                logger.LogError(e, "Some who are new could not be compared with the others; the next search for duplicates does it.");
                await Task.Delay(AfterFailure, stoppingToken);
            }
            finally
            {
                Interlocked.Decrement(ref _behind);
            }
        }
    }

    private void Written(IReadOnlyCollection<string> keys, long position)
    {
        lock (_gate)
        {
            if (_index is null && _meanwhile is null) return;
            var change = new Change(keys, position);
            _meanwhile?.Add(change);
            if (_index is not null) Enqueue(change);
        }
    }

    private void Enqueue(Change change)
    {
        Interlocked.Increment(ref _behind);
        _changes.Writer.TryWrite(change);
    }

    private void Erased(IReadOnlyList<string> identifiers)
    {
        lock (_gate)
        {
            _index?.Forget(identifiers);
            _erasedMeanwhile?.AddRange(identifiers);
        }
    }

    private async Task CompareAsync(string[] keys, CancellationToken ct)
    {
        if (_index is not { } index) return;
        await using var scope = scopes.CreateAsyncScope();
        var (known, queue) = (scope.ServiceProvider.GetRequiredService<ProfileQueries>(), scope.ServiceProvider.GetRequiredService<NewcomerQueries>());
        var restricted = restrictions.Customers();
        var customers = journeys.FindCustomers(keys).Distinct().Where(c => c >= 0 && !restricted.Contains(c)).Select(c => journeys.Identity(c).Identifiers).ToList();
        // What browsers say takes no part in matching.
        var said = (await known.FindAsync(customers.SelectMany(c => c), ct)).Where(p => policies.IsTrusted(p.SourceId)).ToLookup(p => p.Key, StringComparer.Ordinal);
        var (compared, written) = (new List<string>(), new List<DuplicatePair>());
        foreach (var identifiers in customers)
        {
            List<Profile> own = [.. identifiers.SelectMany(i => said[i])];
            if (own.Count == 0)
            {
                // It was taken back; of whom only browsers tell, nothing was there.
                if (index.Forget(identifiers)) await queue.PutAsync(identifiers, [], ct);
                continue;
            }

            var identifier = StoredPersons.IdentifierOf(own);
            var values = index.Brought(StoredPersons.Values(GoldenRecord.Of(own, policies)), Country);
            if (!index.Put(identifier, identifiers.Where(i => i != identifier), values)) continue;
            compared.Add(identifier);
            var pairs = Pairs(index, identifier, values, restricted);
            await queue.PutAsync(identifiers, pairs, ct);
            written.AddRange(pairs);
        }

        // Who was erased while this went on: the profiles are deleted before the index is told, so whoever still has one here leaves it later.
        var there = (await known.FindAsync(written.SelectMany(p => new[] { p.One, p.Other }).Concat(compared), ct)).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
        index.Forget(compared.Where(c => !there.Contains(c)));
        List<long> gone = [.. written.Where(p => !there.Contains(p.One) || !there.Contains(p.Other)).Select(p => p.Number).Distinct()];
        if (gone.Count > 0) await scope.ServiceProvider.GetRequiredService<ReviewQueries>().EraseAsync(gone, ct);
    }

    private List<DuplicatePair> Pairs(PersonIndex index, string identifier, string[] values, IReadOnlySet<int> restricted)
    {
        var found = index.Find(values, Volatile.Read(ref _leastWeight));
        var own = journeys.FindCustomers([identifier])[0];
        var customers = journeys.FindCustomers([.. found.Found.Select(f => f.Identifier)]);
        // Who was merged since the search may stand here as two: the more probable row tells of the customer.
        var others = found.Found.Zip(customers).Where(f => f.Second >= 0 && f.Second != own && !restricted.Contains(f.Second) && !journeys.AreKeptApart(identifier, f.First.Identifier))
            .DistinctBy(f => f.Second).Select(f => f.First).ToList();
        var now = time.GetUtcNow().UtcDateTime;
        // Two who both resemble the newcomer may be strangers to each other: only a search, which compares them too, says that a group holds together.
        return [.. others.Select(f =>
        {
            var (one, other) = string.CompareOrdinal(identifier, f.Identifier) < 0 ? (identifier, f.Identifier) : (f.Identifier, identifier);
            return DuplicateSearch.Pair(one, other, found.Table, found.Score, 0, f.Row, index.Start, now, others.Count == 1);
        })];
    }
}
