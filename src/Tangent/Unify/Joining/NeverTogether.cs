using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Keeps the list of those who are never one over all rules: two rules, each right by itself, may join two of them by way of a third.</summary>
internal sealed class NeverTogether(MatchList never, JourneyStore journeys)
{
    private readonly Dictionary<string, List<(int Group, int Place)>> _places = Places(never);

    /// <summary>Of pairs in the order in which they would be joined those that join nobody who is never one.</summary>
    /// <param name="pairs">Identifiers of two customers each.</param>
    /// <param name="valuesOf">The values that each of some identifiers has in the list's column.</param>
    public async Task<HashSet<(string One, string Other)>> AllowedAsync(IReadOnlyList<(string One, string Other)> pairs, Func<IReadOnlyList<string>, Task<ILookup<string, string>>> valuesOf)
    {
        var customers = pairs.Zip(journeys.FindCustomers([.. pairs.Select(p => p.One)]), journeys.FindCustomers([.. pairs.Select(p => p.Other)])).ToList();
        var groups = customers.SelectMany(c => new[] { c.Second, c.Third }).Where(c => c >= 0).Distinct().ToDictionary(c => c, c => new Together(c));
        var members = groups.Keys.ToDictionary(c => c, c => journeys.Identity(c).Identifiers);
        var values = await valuesOf([.. members.Values.SelectMany(m => m)]);
        foreach (var (customer, identifiers) in members)
            groups[customer].Places.UnionWith(identifiers.SelectMany(i => values[i]).SelectMany(v => _places.GetValueOrDefault(v.Trim()) ?? []));
        var allowed = new HashSet<(string, string)>();
        foreach (var (pair, one, other) in customers)
            if (one >= 0 && other >= 0 && TryJoin(groups, one, other)) allowed.Add(pair);
        return allowed;
    }

    private static bool TryJoin(Dictionary<int, Together> groups, int one, int other)
    {
        var (a, b) = (Root(groups, one), Root(groups, other));
        if (a == b) return true;
        if (a.Places.Any(p => b.Places.Any(q => p.Group == q.Group && p.Place != q.Place))) return false;
        a.Places.UnionWith(b.Places);
        b.Parent = a.Parent;
        return true;
    }

    private static Together Root(Dictionary<int, Together> groups, int customer)
    {
        var at = groups[customer];
        while (groups[at.Parent] != at) at = groups[at.Parent];
        return at;
    }

    private static Dictionary<string, List<(int, int)>> Places(MatchList never)
    {
        var places = new Dictionary<string, List<(int, int)>>(StringComparer.Ordinal);
        foreach (var (group, values) in never.Groups.Index())
            foreach (var (place, value) in values.Index()) (places.TryGetValue(value.Trim(), out var list) ? list : places[value.Trim()] = []).Add((group, place));
        return places;
    }

    /// <summary>What is one customer, or would be.</summary>
    private sealed class Together(int customer)
    {
        public int Parent { get; set; } = customer;

        public HashSet<(int Group, int Place)> Places { get; } = [];
    }
}
