using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;

namespace Tangent.Unify;

/// <param name="Street">Street and house number, as one of the members has them.</param>
/// <param name="Place">Postcode and town.</param>
/// <param name="Members">The customers who live there together, the most events first.</param>
public sealed record HouseholdItem(string Street, string Place, IReadOnlyList<CustomerItem> Members);

/// <param name="IsReady">Whether all profiles have been gone through since the start.</param>
/// <param name="Total">Households of two and more persons.</param>
/// <param name="Items">The requested page of them, the largest first.</param>
/// <param name="Next">The cursor of the next page; null where this is the last.</param>
public sealed record HouseholdsAnswer(bool IsReady, int Total, IReadOnlyList<HouseholdItem> Items, string? Next = null);

/// <summary>The households: found anew at every question from what is known of the persons, so they are never out of date and there is nothing to take back.</summary>
internal sealed class Households(
    HouseholdIndex index, HouseholdList list, ProfileQueries profiles, MergePolicies policies, Restrictions restrictions, JourneyStore journeys, CustomerSearch customers, Sensitivity sensitivity, IOptions<HouseholdOptions> options)
{
    private sealed record Person(int Customer, HouseholdKeys Keys, GoldenRecord Record);

    private int Most => options.Value.MostPersons;

    /// <returns>Null where the customer lives with nobody who is known, or with too many.</returns>
    public async Task<HouseholdItem?> OfAsync(int customer, CancellationToken ct)
    {
        var restricted = restrictions.Customers();
        if (restricted.Contains(customer) || (await KnownAsync([customer], ct)).FirstOrDefault() is not { Keys.IsNone: false } person) return null;
        var members = new Dictionary<int, Person> { [customer] = person };
        for (var latest = new List<Person> { person }; latest.Count > 0;)
        {
            var near = latest.SelectMany(p => index.Customers(p.Keys)).Distinct().Where(c => c >= 0 && !members.ContainsKey(c) && !restricted.Contains(c)).ToList();
            // Whoever is too many is not even looked at.
            if (near.Count + members.Count > 4 * Most) return null;
            var known = await KnownAsync(near, ct);
            latest = known.FindAll(k => members.Values.Any(m => m.Keys.Share(k.Keys)));
            foreach (var one in latest) members.Add(one.Customer, one);
            if (members.Count > Most) return null;
        }

        return members.Count < 2 ? null : await ItemAsync(person, [.. members.Keys], ct);
    }

    public async Task<HouseholdsAnswer> ListAsync(int skip, int take, CancellationToken ct)
    {
        var all = list.Now(Most);
        var items = new List<HouseholdItem>();
        foreach (var first in all.Skip(skip).Take(take))
            if (await OfAsync(first, ct) is { } household) items.Add(household);
        return new HouseholdsAnswer(index.IsReady, all.Count, items, skip + take < all.Count ? $"{skip + take}" : null);
    }

    private async Task<HouseholdItem> ItemAsync(Person person, List<int> members, CancellationToken ct)
    {
        var items = await customers.WithNamesAsync(journeys.Lines(members), ct);
        var values = StoredPersons.Values(person.Record.Masked(sensitivity.Now));
        string Value(string column) => values.GetValueOrDefault(column, "");
        return new HouseholdItem($"{Value("street")} {Value("houseNumber")}".Trim(), $"{Value("postcode")} {Value("city")}".Trim(), [.. items.OrderByDescending(i => i.Events).ThenBy(i => i.Customer)]);
    }

    private async Task<List<Person>> KnownAsync(List<int> numbers, CancellationToken ct)
    {
        var identifiers = numbers.ConvertAll(n => journeys.Identity(n).Identifiers);
        var known = (await profiles.FindAsync(identifiers.SelectMany(i => i), ct)).Where(p => policies.IsTrusted(p.SourceId)).ToLookup(p => p.Key, StringComparer.Ordinal);
        return [.. numbers.Zip(identifiers, (number, own) => (number, Said: own.SelectMany(i => known[i]).ToList())).Where(p => p.Said.Count > 0)
            .Select(p => new Person(p.number, index.KeysOf(p.Said), GoldenRecord.Of(p.Said, policies)))];
    }
}

/// <summary>The list of all households, kept for a few seconds: it is counted over everybody.</summary>
internal sealed class HouseholdList(HouseholdIndex index, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private List<int> _first = [];
    private long _version = -1;
    private DateTimeOffset _made;

    /// <summary>One member of each household, the largest first.</summary>
    public List<int> Now(int most)
    {
        lock (_gate)
        {
            if (_version == index.Version || time.GetUtcNow() - _made < Fresh) return _first;
            (_version, _made) = (index.Version, time.GetUtcNow());
            return _first = [.. index.Groups(most).Select(g => (First: g.Min(), g.Count)).OrderByDescending(g => g.Count).ThenBy(g => g.First).Select(g => g.First)];
        }
    }
}
