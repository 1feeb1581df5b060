using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Rule">Name of the rule.</param>
/// <param name="Persons">How many persons, by different names, share the value.</param>
/// <param name="Customers">Some of their customers, by number.</param>
public sealed record SharedValue(string Rule, int Persons, IReadOnlyList<int> Customers);

/// <summary>What a rule found.</summary>
/// <param name="Pairs">Identifiers of two customers that are one.</param>
/// <param name="Shared">A value that too many share: what it joined is to be taken apart again.</param>
/// <param name="Group">The identifiers that share it.</param>
/// <param name="Key">Tells the value, without saying it.</param>
internal sealed record JoinFinding(JoinRule Rule, IReadOnlyList<(string One, string Other)> Pairs, SharedValue? Shared, IReadOnlyList<string> Group, ulong Key);

/// <summary>Goes through persons in whatever order and finds those that the rules make one. One at a time.</summary>
internal sealed class JoinPass(JoinRules rules, JoinSettings settings, JourneyStore journeys, MergePolicies policies, Restrictions restrictions, IServiceScopeFactory scopes)
{
    // Nobody has so many.
    private const int MostIds = 100;

    private readonly JoinIndex _index = new();
    private readonly HashSet<string> _leftOut = new(settings.LeftOut ?? [], StringComparer.OrdinalIgnoreCase);

    // A read of the profiles for each group would be most of the work.
    private const int GroupsAtOnce = 200;

    private readonly record struct Candidate(JoinRule Rule, ulong Key, IReadOnlyList<int> Identities);

    /// <param name="Ids">How many share the key.</param>
    /// <param name="Keys">The identifiers of those who may take part.</param>
    private readonly record struct Group(Candidate Of, int Ids, IReadOnlyList<string> Keys);

    /// <summary>Takes persons in and says who of them, and of those before, is one.</summary>
    /// <param name="profiles">All profiles, of whatever source, of some identifiers; the journeys know these.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<List<JoinFinding>> FindAsync(IEnumerable<Profile> profiles, CancellationToken ct)
    {
        var findings = new List<JoinFinding>();
        // Several of one group come together when a file is taken in: it is looked at once, when all are in.
        foreach (var groups in Candidates(profiles).DistinctBy(c => c.Key).ToList().Select(GroupOf).Chunk(GroupsAtOnce))
        {
            var found = await TrustedAsync([.. groups.SelectMany(g => g.Keys)], ct);
            findings.AddRange(groups.Select(g => Compare(g, found, ct)));
        }

        if (rules.Lists.Never is not { } never || findings.TrueForAll(f => f.Pairs.Count == 0)) return findings;
        List<JoinFinding> inOrder = [.. findings.OrderBy(f => rules.All.TakeWhile(r => r != f.Rule).Count())];
        var allowed = await new NeverTogether(never, journeys).AllowedAsync([.. inOrder.SelectMany(f => f.Pairs)], keys => ValuesAsync(keys, never.Column, ct));
        return inOrder.ConvertAll(f => f with { Pairs = [.. f.Pairs.Where(allowed.Contains)] });
    }

    private IEnumerable<Candidate> Candidates(IEnumerable<Profile> profiles)
    {
        var persons = profiles.Where(p => !p.IsAccount && IsTrusted(p)).GroupBy(p => p.Key, StringComparer.Ordinal).ToList();
        var identities = journeys.FindIdentities(persons.ConvertAll(p => p.Key));
        foreach (var (person, identity) in persons.Zip(identities))
        {
            if (identity < 0) continue;
            var valueOf = Values([.. person]);
            foreach (var (at, rule) in rules.All.Index())
                if (rules.Key(rule, valueOf) is { Length: > 0 } key && TextHash.Of(at, key) is var hash && _index.Add(hash, identity) is { Count: > 1 } shared) yield return new Candidate(rule, hash, shared);
        }
    }

    /// <summary>Nobody where they are one customer already.</summary>
    private Group GroupOf(Candidate candidate)
    {
        // Whose processing is restricted is joined with nobody.
        var restricted = restrictions.Customers();
        List<int> identities = [.. candidate.Identities.Where(i => restricted.Count == 0 || !restricted.Contains(journeys.CustomersOf([i])[0]))];
        var customers = journeys.CustomersOf([.. identities]);
        var isOne = customers.Distinct().Count() < 2 && identities.Count <= settings.MostShared;
        // Erased ones have no identifier any more.
        return new Group(candidate, identities.Count, isOne ? [] : journeys.IdentifiersOf(identities));
    }

    private JoinFinding Compare(Group of, ILookup<string, Profile> found, CancellationToken ct)
    {
        var candidate = of.Of;
        var nobody = new JoinFinding(candidate.Rule, [], null, [], candidate.Key);
        // Who has another value by now is in the group no more.
        var persons = of.Keys.Select(k => (Key: k, Values: Values([.. found[k]]))).Where(p => rules.Key(candidate.Rule, p.Values).Length > 0)
            .GroupBy(p => rules.Key(candidate.Rule, p.Values), StringComparer.Ordinal).OrderByDescending(g => g.Count()).FirstOrDefault()?.ToList() ?? [];
        if (persons.Count < 2) return nobody;
        List<string> group = persons.ConvertAll(p => p.Key);
        // One person may have many ids; of those who share a value, the names tell whether they are one.
        var names = group.Select(k => ComparedName(found[k].Select(p => p.Name).FirstOrDefault(n => n.Length > 0) ?? "")).Distinct(StringComparer.Ordinal).Count();
        if (candidate.Rule.Always is null && (names > settings.MostShared || of.Ids > MostIds))
            return new JoinFinding(candidate.Rule, [], new SharedValue(candidate.Rule.Name, names, []), group, candidate.Key);
        var pairs = Pairs(candidate.Rule, persons, ct).Where(p => IsNew(p.One, p.Other)).ToList();
        return new JoinFinding(candidate.Rule, pairs, null, group, candidate.Key);
    }

    private async Task<ILookup<string, Profile>> TrustedAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ProfileQueries>().FindAsync(keys, ct)).Where(IsTrusted).ToLookup(p => p.Key, StringComparer.Ordinal);
    }

    private async Task<ILookup<string, string>> ValuesAsync(IReadOnlyList<string> keys, string trait, CancellationToken ct) =>
        (await TrustedAsync(keys, ct)).ToLookup(p => p.Key, p => Values([.. p])(trait), StringComparer.Ordinal);

    /// <summary>Without titles and accents, and whichever name comes first: "Dr. Huber, Änne" is Anne Huber.</summary>
    private static string ComparedName(string name) => string.Join(' ', NameValue.Of(name).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    private IEnumerable<(string One, string Other)> Pairs(JoinRule rule, List<(string Key, Func<string, string> Values)> persons, CancellationToken ct)
    {
        if (rule.Rule is null) return persons.Skip(1).Select(p => (persons[0].Key, p.Key));
        var values = persons.ConvertAll(p => p.Values);
        var lists = new MatchRules { Rules = [rule.Rule], Alias = rules.Lists.Alias, Bypass = rules.Lists.Bypass, Columns = rules.Lists.Columns };
        var cluster = new RuleMatcher(rules.Table(rule, values), lists, rules.Different(values), ct).Match().Cluster;
        return Enumerable.Range(0, persons.Count).Where(row => cluster[row] != row).Select(row => (persons[cluster[row]].Key, persons[row].Key));
    }

    private bool IsNew(string one, string other)
    {
        var numbers = journeys.FindCustomers([one, other]);
        return numbers[0] >= 0 && numbers[1] >= 0 && numbers[0] != numbers[1] && !journeys.AreKeptApart(one, other);
    }

    /// <summary>What people here corrected counts; what a browser says does not: anybody can make it say anything.</summary>
    private bool IsTrusted(Profile profile) => policies.IsTrusted(profile.SourceId) && !_leftOut.Contains(policies.NameOf(profile.SourceId));

    private Func<string, string> Values(List<Profile> own) => trait =>
    {
        var (best, value) = (default(Origin), "");
        foreach (var profile in own)
        {
            var said = trait switch { "email" => profile.Email, "phone" => profile.Phone, _ => profile.Trait(trait) ?? "" };
            if (said.Length == 0) continue;
            var origin = new Origin(profile.SourceId, profile.IsUser, profile.SaidUtc([trait]));
            if (value.Length == 0 || policies.Compare(trait, origin, best) < 0) (best, value) = (origin, said);
        }

        return value;
    };
}
