using Microsoft.Extensions.Options;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Street">Street and house number, as one of the members has them.</param>
/// <param name="Place">Postcode and town.</param>
/// <param name="Members">The customers who live there together, the most events first.</param>
/// <param name="Contract">The contract that members share, where contracts make households; else empty.</param>
public sealed record HouseholdItem(string Street, string Place, IReadOnlyList<CustomerItem> Members, string Contract)
{
    /// <summary>What they share, as people read it.</summary>
    internal string Shares => string.Join(", ", new[] { Street, Place, Contract.Length > 0 ? $"{Texts.T("Unify.Households.Contract")} {Contract}" : "" }.Where(p => p.Length > 0));
}

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

    /// <param name="Person">The member asked about.</param>
    /// <param name="SharesContract">Somebody else has this member's contract.</param>
    private readonly record struct Household(Person Person, List<int> Members, bool SharesContract);

    private int Most => options.Value.MostPersons;

    /// <returns>Null where the customer lives with nobody who is known, or with too many.</returns>
    public async Task<HouseholdItem?> OfAsync(int customer, CancellationToken ct) =>
        await TogetherAsync(customer, [], ct) is { } found ? (await ItemsAsync([found], ct))[0] : null;

    public async Task<HouseholdsAnswer> ListAsync(int skip, int take, CancellationToken ct)
    {
        var all = list.Now(Most).First;
        skip = Math.Clamp(skip, 0, all.Count);
        var first = all.GetRange(skip, Math.Min(take, all.Count - skip));
        // Who is asked about, and who lives near, is read at once for the whole page.
        var seen = new Dictionary<int, Person?>();
        var persons = await KnownAsync(first, seen, ct);
        await KnownAsync([.. persons.SelectMany(p => index.Customers(p.Keys)).Where(c => c >= 0).Distinct().Take(take * 4 * Most)], seen, ct);
        var found = new List<Household>();
        foreach (var customer in first)
            if (await TogetherAsync(customer, seen, ct) is { } household) found.Add(household);
        return new HouseholdsAnswer(index.IsReady, all.Count, await ItemsAsync(found, ct), skip + take < all.Count ? $"{skip + take}" : null);
    }

    /// <summary>Who lives together with a customer: those who share with one of them, and whoever shares with those.</summary>
    private async Task<Household?> TogetherAsync(int customer, Dictionary<int, Person?> seen, CancellationToken ct)
    {
        var restricted = restrictions.Customers();
        if (restricted.Contains(customer) || (await KnownAsync([customer], seen, ct)).FirstOrDefault() is not { Keys.IsNone: false } person) return null;
        var members = new Dictionary<int, Person> { [customer] = person };
        for (var latest = new List<Person> { person }; latest.Count > 0;)
        {
            var near = latest.SelectMany(p => index.Customers(p.Keys)).Distinct().Where(c => c >= 0 && !members.ContainsKey(c) && !restricted.Contains(c)).ToList();
            // Whoever is too many is not even looked at.
            if (near.Count + members.Count > 4 * Most) return null;
            var known = await KnownAsync(near, seen, ct);
            latest = known.FindAll(k => members.Values.Any(m => m.Keys.Share(k.Keys)));
            foreach (var one in latest) members.Add(one.Customer, one);
            if (members.Count > Most) return null;
        }

        return members.Count < 2 ? null : new Household(person, [.. members.Keys], members.Values.Any(m => m != person && m.Keys.SharesContract(person.Keys)));
    }

    private async Task<List<HouseholdItem>> ItemsAsync(List<Household> found, CancellationToken ct)
    {
        var named = (await customers.WithNamesAsync(journeys.Lines([.. found.SelectMany(f => f.Members).Distinct()]), ct)).ToDictionary(i => i.Customer);
        return found.ConvertAll(f =>
        {
            var record = f.Person.Record.Masked(sensitivity.Now);
            var values = StoredPersons.Values(record);
            string Value(string column) => values.GetValueOrDefault(column, "");
            return new HouseholdItem(
                $"{Value("street")} {Value("houseNumber")}".Trim(), $"{Value("postcode")} {Value("city")}".Trim(), [.. f.Members.Where(named.ContainsKey).Select(m => named[m]).OrderByDescending(i => i.Events).ThenBy(i => i.Customer)],
                f.SharesContract ? HouseholdKeys.ContractOf(record) : "");
        });
    }

    /// <summary>What is known of these customers; each is read once for a question.</summary>
    private async Task<List<Person>> KnownAsync(List<int> numbers, Dictionary<int, Person?> seen, CancellationToken ct)
    {
        var unread = numbers.FindAll(n => !seen.ContainsKey(n));
        if (unread.Count > 0)
        {
            var identifiers = unread.ConvertAll(n => journeys.Identity(n).Identifiers);
            var known = (await profiles.FindAsync(identifiers.SelectMany(i => i), ct)).Where(p => policies.IsTrusted(p.SourceId)).ToLookup(p => p.Key, StringComparer.Ordinal);
            foreach (var (number, own) in unread.Zip(identifiers))
            {
                var said = own.SelectMany(i => known[i]).ToList();
                seen[number] = said.Count == 0 ? null : new Person(number, index.KeysOf(said), GoldenRecord.Of(said, policies));
            }
        }

        return [.. numbers.Select(n => seen[n]).OfType<Person>()];
    }
}

/// <summary>All households at one moment.</summary>
/// <param name="First">One member of each, the largest household first.</param>
/// <param name="Sizes">How many persons the household of each customer has, by the customer's number; 0 where there is none.</param>
internal sealed record HouseholdsNow(List<int> First, byte[] Sizes);

/// <summary>The list of all households, kept for a few seconds: it is counted over everybody.</summary>
internal sealed class HouseholdList(HouseholdIndex index, JourneyStore journeys, Restrictions restrictions, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private HouseholdsNow _now = new([], []);
    private (long Profiles, long Journeys) _version = (-1, -1);
    private IReadOnlyCollection<string>? _restricted;
    private DateTimeOffset _made;

    public HouseholdsNow Now(int most)
    {
        lock (_gate)
        {
            // Merges, splits and erasures are in the journeys. A restriction holds at once.
            var (version, restricted) = ((index.Version, journeys.Visible), restrictions.Identifiers);
            if (ReferenceEquals(_restricted, restricted) && (_version == version || time.GetUtcNow() - _made < Fresh)) return _now;
            (_version, _restricted, _made) = (version, restricted, time.GetUtcNow());
            var groups = index.Groups(most);
            var sizes = new byte[groups.Count == 0 ? 0 : groups.Max(g => g.Max()) + 1];
            foreach (var group in groups)
                foreach (var customer in group) sizes[customer] = (byte)group.Count;
            return _now = new HouseholdsNow([.. groups.Select(g => (First: g.Min(), g.Count)).OrderByDescending(g => g.Count).ThenBy(g => g.First).Select(g => g.First)], sizes);
        }
    }
}
