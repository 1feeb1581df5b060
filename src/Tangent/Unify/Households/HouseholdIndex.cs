using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <summary>
/// Who shares an address, by identity: two keys a person in memory, 28 bytes, eight more for a contract, made of the profiles at the start and kept current by them. It only
/// leads to those who may live together; whether they do is decided of what is known of them at the moment somebody asks.
/// </summary>
internal sealed class HouseholdIndex(
    ProfileFeed profiles, EventLog log, JourneyStore journeys, MergePolicies policies, Restrictions restrictions, IServiceScopeFactory scopes, IOptions<HouseholdOptions> options, IOptionsMonitor<CompanyOptions> company, ILogger<HouseholdIndex> logger)
    : BackgroundService
{
    private const int AtOnce = 5000;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly Channel<(IReadOnlyCollection<string> Keys, long Position)> _changed = Channel.CreateUnbounded<(IReadOnlyCollection<string>, long)>();

    private readonly Lock _gate = new();
    private readonly BlockIndex _block = new([], []);

    /// <summary>What each identity has now; an entry of the index that says something else is from before.</summary>
    private readonly List<HouseholdKeys> _now = [];
    private volatile bool _isReady;
    private long _version;

    /// <summary>All profiles have been gone through since the start.</summary>
    public bool IsReady => _isReady;

    /// <summary>Grows with every change.</summary>
    public long Version => Volatile.Read(ref _version);

    public string Country => company.CurrentValue.OwnCountry();

    public HouseholdKeys KeysOf(IEnumerable<Profile> known)
    {
        List<Profile> trusted = [.. known.Where(p => policies.IsTrusted(p.SourceId))];
        return trusted.Count == 0 ? HouseholdKeys.None : HouseholdKeys.Of(GoldenRecord.Of(trusted, policies), options.Value, Country);
    }

    /// <summary>Numbers of the customers of whom something says one of these keys.</summary>
    public List<int> Customers(HouseholdKeys keys)
    {
        var rows = new HashSet<int>();
        lock (_gate)
        {
            foreach (var key in keys.All) _block.Find(key, rows);
            rows.RemoveWhere(r => !_now[r].Share(keys));
        }

        return [.. journeys.CustomersOf([.. rows]).Where(c => c >= 0).Distinct()];
    }

    /// <summary>The customers that share a key with at least one other, and no more than so many do, put together. Who was erased, or whose processing is restricted, is not counted.</summary>
    public List<List<int>> Groups(int most)
    {
        List<List<int>> shared;
        lock (_gate) shared = [.. _block.Shared().Select(g => g.Rows.FindAll(r => _now[r].All.Contains(g.Key))).Where(g => g.Count > 1)];
        var restricted = restrictions.Customers();
        var groups = new Dictionary<int, List<int>>();
        foreach (var customers in shared.Select(rows => journeys.CustomersOf([.. rows]).Where(c => c >= 0 && !restricted.Contains(c)).Distinct().ToList()).Where(c => c.Count > 1 && c.Count <= most))
        {
            var joined = customers.SelectMany(c => groups.TryGetValue(c, out var group) ? group : [c]).Distinct().ToList();
            foreach (var customer in joined) groups[customer] = joined;
        }

        return [.. groups.Values.Distinct().Where(g => g.Count <= most)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        profiles.Written += (keys, position) => _changed.Writer.TryWrite((keys, position));
        profiles.Erased += Forget;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!_isReady) await ReadAllAsync(stoppingToken);
                await foreach (var (keys, position) in _changed.Reader.ReadAllAsync(stoppingToken))
                {
                    await journeys.WaitUntilVisibleAsync(position, stoppingToken);
                    foreach (var some in keys.Chunk(AtOnce)) await TakeAsync(some, stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it was: everybody is gone through again.
                logger.LogError(e, "Who lives together could not be followed; it is tried again.");
                _isReady = false;
                await Task.Delay(AfterFailure, stoppingToken);
            }
        }
    }

    private async Task ReadAllAsync(CancellationToken ct)
    {
        await journeys.WaitUntilVisibleAsync(log.EndPosition, ct);
        await foreach (var some in ProfileQueries.EverybodyAsync(scopes, ct)) Take([.. some.Select(p => p.Key).Distinct(StringComparer.Ordinal)], some);
        _isReady = true;
    }

    /// <summary>No key of theirs stays, as far as the journeys still know them; of the others those say that they are gone.</summary>
    private void Forget(IReadOnlyList<string> erased)
    {
        var identities = journeys.FindIdentities(erased);
        lock (_gate)
        {
            foreach (var identity in identities)
                if (identity >= 0 && identity < _now.Count) _now[identity] = HouseholdKeys.None;
        }

        Interlocked.Increment(ref _version);
    }

    private async Task TakeAsync(string[] keys, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        Take(keys, await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(keys, ct));
    }

    private void Take(string[] keys, List<Profile> known)
    {
        var said = known.ToLookup(p => p.Key, StringComparer.Ordinal);
        var (identities, found) = (journeys.FindIdentities(keys), Array.ConvertAll(keys, k => KeysOf(said[k])));
        lock (_gate)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                if (identities[i] < 0) continue;
                if (identities[i] >= _now.Count) CollectionsMarshal.SetCount(_now, identities[i] + 1);
                var before = _now[identities[i]];
                _now[identities[i]] = found[i];
                foreach (var key in found[i].All.Except(before.All)) _block.Add(key, identities[i]);
            }
        }

        Interlocked.Increment(ref _version);
    }
}
