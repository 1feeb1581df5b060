using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Tangent.Collect;
using Tangent.Data;

namespace Tangent.Unify;

/// <param name="Rule">Name of the rule.</param>
/// <param name="Pairs">Pairs of customers it would make one, or has made one since the program started.</param>
public sealed record RuleJoins(string Rule, long Pairs);

/// <summary>Follows the profiles and makes those customers one that the rules find to be. What it decides is a record in the event log, as if a person had.</summary>
internal sealed class Joiner(
    ProfileFeed profiles, EventLog log, JourneyStore journeys, Decisions decisions, MergePolicies policies, Restrictions restrictions, IServiceScopeFactory scopes, IOptionsMonitor<CompanyOptions> company, ILogger<Joiner> logger)
    : BackgroundService
{
    private const int PairsAtOnce = 1000;
    private const int MostSuspicious = 200;
    private const int MostShown = 10;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5), Look = TimeSpan.FromMilliseconds(50);

    // Of whom something was said. Only keys wait, not what was said: while a first pass goes on, that may be a million.
    private readonly Channel<(IReadOnlyCollection<string> Keys, long Position)> _changed = Channel.CreateUnbounded<(IReadOnlyCollection<string>, long)>();
    private readonly Dictionary<string, long> _joined = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, SharedValue> _shared = [];
    private readonly Lock _figures = new();
    private CancellationTokenSource _again = new();
    // Parts told of, and gone through.
    private long _told, _gone;

    /// <summary>Whether everything that is known has been gone through.</summary>
    public bool IsIdle => Volatile.Read(ref _gone) == Volatile.Read(ref _told);

    /// <summary>What the rules have joined since the program started or the settings were changed.</summary>
    public IReadOnlyList<RuleJoins> Joined { get { lock (_figures) return [.. _joined.Select(j => new RuleJoins(j.Key, j.Value))]; } }

    /// <summary>Values that too many share, the most shared first.</summary>
    public IReadOnlyList<SharedValue> Shared { get { lock (_figures) return [.. _shared.Values.OrderByDescending(s => s.Persons)]; } }

    /// <summary>The settings are other ones now: everybody is gone through again.</summary>
    public void Begin() => Interlocked.Exchange(ref _again, new CancellationTokenSource()).Cancel();

    /// <summary>What settings would join that are not one customer yet; nothing is decided.</summary>
    /// <exception cref="FileRefusedException">The rules cannot be read.</exception>
    public async Task<IReadOnlyList<RuleJoins>> TryAsync(JoinSettings settings, CancellationToken ct)
    {
        var rules = JoinRules.Of(settings, Country);
        var pass = new JoinPass(rules, settings, journeys, policies, restrictions, scopes);
        var found = rules.All.ToDictionary(r => r.Name, _ => new HashSet<(string, string)>());
        await foreach (var some in ProfileQueries.EverybodyAsync(scopes, ct))
            foreach (var finding in await pass.FindAsync(some, ct)) found[finding.Rule.Name].UnionWith(finding.Pairs);
        return [.. rules.All.Select(r => new RuleJoins(r.Name, found[r.Name].Count))];
    }

    public string Country => company.CurrentValue.OwnCountry();

    /// <summary>Completes when everybody of whom the profiles have told by now has been gone through.</summary>
    public async Task WaitUntilJoinedAsync(CancellationToken ct)
    {
        for (var told = Volatile.Read(ref _told); Volatile.Read(ref _gone) < told;) await Task.Delay(Look, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        profiles.Written += (written, position) =>
        {
            Interlocked.Increment(ref _told);
            _changed.Writer.TryWrite((written, position));
        };
        while (!stoppingToken.IsCancellationRequested)
        {
            using var again = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _again.Token);
            try
            {
                await FollowAsync(again.Token);
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // Other settings: from the beginning.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it was, nothing is lost: everybody is gone through again.
                logger.LogError(e, "Customers could not be joined by rules; it is tried again.");
                await Task.Delay(AfterFailure, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        JoinSettings settings;
        await using (var scope = scopes.CreateAsyncScope()) settings = await scope.ServiceProvider.GetRequiredService<JoinSettingsQueries>().ReadAsync(ct);
        lock (_figures)
        {
            _joined.Clear();
            _shared.Clear();
        }

        var rules = JoinRules.Of(settings, Country);
        var pass = new JoinPass(rules, settings, journeys, policies, restrictions, scopes);
        if (rules.All.Count > 0)
        {
            // At the start the journeys may still follow the log: whom they do not know yet, nobody could be joined with.
            await journeys.WaitUntilVisibleAsync(log.EndPosition, ct);
            Interlocked.Increment(ref _told);
            try
            {
                await foreach (var some in ProfileQueries.EverybodyAsync(scopes, ct)) await JoinAsync(pass, some, ct);
            }
            finally
            {
                Interlocked.Increment(ref _gone);
            }
        }

        await foreach (var (keys, position) in _changed.Reader.ReadAllAsync(ct))
        {
            try
            {
                if (rules.All.Count == 0) continue;
                await journeys.WaitUntilVisibleAsync(position, ct);
                await using var scope = scopes.CreateAsyncScope();
                await JoinAsync(pass, await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(keys, ct), ct);
            }
            finally
            {
                Interlocked.Increment(ref _gone);
            }
        }
    }

    private async Task JoinAsync(JoinPass pass, IEnumerable<Profile> some, CancellationToken ct)
    {
        var all = await pass.FindAsync(some, ct);
        lock (_figures)
        {
            foreach (var finding in all.Where(f => f.Shared is null)) _shared.Remove(finding.Key);
        }

        foreach (var found in all.GroupBy(f => f.Rule))
        {
            foreach (var finding in found.Where(f => f.Shared is not null)) await TakeApartAsync(finding, ct);
            foreach (var pairs in found.SelectMany(f => f.Pairs).Chunk(PairsAtOnce))
            {
                var appended = await decisions.JoinByRuleAsync(pairs, found.Key.Name, "", "", ct);
                await journeys.WaitUntilVisibleAsync(appended.EndPosition, ct);
                lock (_figures) _joined[found.Key.Name] = _joined.GetValueOrDefault(found.Key.Name) + pairs.Length;
            }
        }
    }

    /// <summary>A value has turned out to be no person's: what it joined before is taken back.</summary>
    private async Task TakeApartAsync(JoinFinding finding, CancellationToken ct)
    {
        var group = finding.Group.ToHashSet(StringComparer.Ordinal);
        var joins = journeys.FindCustomers(finding.Group).Distinct().Where(c => c >= 0)
            .SelectMany(c => decisions.Joins($"number:{c}", new Paging(0, 1000)).Answer?.Items ?? [])
            .Where(j => j.Kind == JoinKind.Rule && j.By == finding.Rule.Name && j.Identifiers.All(group.Contains)).Select(j => j.Position).ToList();
        if (joins.Count > 0) await journeys.WaitUntilVisibleAsync((await decisions.SplitByRuleAsync(joins, finding.Rule.Name, "", ct)).EndPosition, ct);
        lock (_figures)
        {
            // Who they are now, one by one again.
            if (_shared.Count < MostSuspicious || _shared.ContainsKey(finding.Key)) _shared[finding.Key] = finding.Shared! with { Customers = [.. journeys.FindCustomers(finding.Group).Where(c => c >= 0).Distinct().Take(MostShown)] };
        }
    }
}
