using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Which of a customer's identifiers were said to be part of another of them.</summary>
internal delegate IReadOnlySet<string> AbsorbedIdentifiers(IEnumerable<string> identifiers);

/// <summary>Where a value comes from, as far as it matters which of several wins.</summary>
/// <param name="IsUser">It was said of a known customer, not of a device.</param>
internal readonly record struct Origin(int SourceId, bool IsUser, DateTime AtUtc);

/// <summary>
/// The policies by which the values of a customer's records become one record. What people here said wins always; then what the field's policy
/// says. By importance: the order of the sources, sources outside it after them; then trusted sources before browsers, known customers before
/// devices, the latest, and a record before those that were
/// merged into it.
/// </summary>
internal sealed class MergePolicies(SourceKeys sources, AbsorbedIdentifiers absorbed, IServiceScopeFactory scopes) : IHostedService
{
    /// <summary>Fields that make no sense one by one; until somebody decides otherwise they win as one.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Groups =
    [
        ["address", "street", "houseNumber", "postcode", "postalCode", "zip", "city", "town", "state", "region", "country"],
        ["name", "title", "firstName", "first_name", "lastName", "last_name"],
    ];

    private sealed record Rule(IReadOnlyList<string> Fields, MergeChoice Choice);

    private sealed record Kept(IReadOnlyList<MergePolicy> Policies, Dictionary<string, Rule> ByField, Dictionary<int, int> Ranks);

    private volatile Kept _kept = Made([], []);

    /// <summary>Raised after the policies were replaced.</summary>
    public event Func<Task>? Changed;

    public IReadOnlyList<MergePolicy> All => _kept.Policies;

    /// <summary>The sources in the order of their importance, as far as somebody gave one.</summary>
    public IReadOnlyList<int> Order => [.. _kept.Ranks.OrderBy(r => r.Value).Select(r => r.Key)];

    /// <summary>The policies where nobody has said anything.</summary>
    public static IReadOnlyList<MergePolicy> Default => [.. Groups.Select(g => new MergePolicy { Fields = string.Join('\n', g) })];

    public MergeChoice Choice(string field) => _kept.ByField.TryGetValue(field, out var rule) ? rule.Choice : MergeChoice.Importance;

    /// <summary>The fields that win together with this one, itself among them.</summary>
    public IReadOnlyList<string> Together(string field) => _kept.ByField.TryGetValue(field, out var rule) ? rule.Fields : [field];

    /// <returns>Below 0 where the first value wins over the second of the same field, above where the second does; 0 where nothing tells them apart.</returns>
    public int Compare(string field, in Origin first, in Origin second)
    {
        if (first.SourceId != second.SourceId && (first.SourceId == Profile.OfPeople || second.SourceId == Profile.OfPeople)) return first.SourceId == Profile.OfPeople ? -1 : 1;
        var byTime = Choice(field) switch
        {
            MergeChoice.MostRecent => second.AtUtc.CompareTo(first.AtUtc),
            MergeChoice.LeastRecent => first.AtUtc.CompareTo(second.AtUtc),
            _ => 0,
        };
        if (byTime != 0) return byTime;
        var order = Rank(first.SourceId).CompareTo(Rank(second.SourceId));
        if (order == 0) order = IsTrusted(second.SourceId).CompareTo(IsTrusted(first.SourceId));
        if (order == 0) order = second.IsUser.CompareTo(first.IsUser);
        if (order == 0) order = second.AtUtc.CompareTo(first.AtUtc);
        return order != 0 ? order : first.SourceId.CompareTo(second.SourceId);
    }

    /// <summary>Whose values go behind those of the others where nothing else tells them apart: a CRM has merged them into another record.</summary>
    public IReadOnlySet<string> MergedAway(IReadOnlyCollection<string> keys) => keys.Count < 2 ? new HashSet<string>() : absorbed(keys);

    public bool IsTrusted(int sourceId) => sourceId == Profile.OfPeople || (sources.TryFind(sourceId, out var source) && source.Trusted);

    /// <summary>Numbers of those whose word counts.</summary>
    public IReadOnlyCollection<int> TrustedSources => [Profile.OfPeople, .. sources.Trusted];

    public string NameOf(int sourceId) => sources.TryFind(sourceId, out var source) ? source.Name : "";

    public async Task ReplaceAsync(IReadOnlyList<MergePolicy> policies, IReadOnlyList<SourceRank> ranks)
    {
        _kept = Made(policies, ranks);
        foreach (var changed in Changed?.GetInvocationList() ?? []) await ((Func<Task>)changed)();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var queries = scope.ServiceProvider.GetRequiredService<MergePolicyQueries>();
        _kept = Made(await queries.PoliciesAsync(cancellationToken), await queries.RanksAsync(cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private int Rank(int sourceId) => _kept.Ranks.TryGetValue(sourceId, out var rank) ? rank : int.MaxValue;

    private static Kept Made(IReadOnlyList<MergePolicy> policies, IReadOnlyList<SourceRank> ranks)
    {
        var all = policies.Count == 0 ? Default : policies;
        var byField = new Dictionary<string, Rule>(StringComparer.Ordinal);
        foreach (var policy in all)
        {
            // What is united has no winner that others could go with.
            foreach (var field in policy.Names) byField[field] = new Rule(policy.Choice == MergeChoice.United ? [field] : policy.Names, policy.Choice);
        }

        return new Kept(all, byField, ranks.ToDictionary(r => r.SourceId, r => r.Rank));
    }
}
