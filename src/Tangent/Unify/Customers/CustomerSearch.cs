using Tangent.Collect;

namespace Tangent.Unify;

/// <summary>Finds customers: the exact identifier first, then every word anywhere in id, name, e-mail, phone or company.</summary>
internal sealed class CustomerSearch(JourneyStore journeys, ProfileQueries profiles)
{
    public async Task<CustomersListAnswer> ListAsync(string? search, Paging page, CancellationToken ct)
    {
        if (!string.IsNullOrWhiteSpace(search)) return await FindAsync(search.Trim(), page, ct);
        var latest = journeys.Customers(page);
        var known = await profiles.FindAsync(latest.Items.SelectMany(Keys), ct);
        return new CustomersListAnswer(latest.Total, [.. latest.Items.Select(l => CustomerItem.Of(l, Of(l, known)))]);
    }

    /// <summary>The members of an account; none where there is no such account.</summary>
    public async Task<CustomersListAnswer> MembersAsync(string account, Paging page, CancellationToken ct)
    {
        if (journeys.Members(account, page) is not { } members) return new CustomersListAnswer(0, []);
        var known = await profiles.FindAsync(members.Items.SelectMany(Keys), ct);
        return new CustomersListAnswer(members.Total, [.. members.Items.Select(l => CustomerItem.Of(l, Of(l, known)))]);
    }

    public async Task<CustomerAnswer?> FindAsync(int number, Paging page, CancellationToken ct)
    {
        if (journeys.Journey(number, page) is not { } journey) return null;
        return CustomerAnswer.Of(journey, (await profiles.FindAsync(journey.Identifiers, ct)).Values);
    }

    private async Task<CustomersListAnswer> FindAsync(string search, Paging page, CancellationToken ct)
    {
        if (journeys.FindCustomer(search) is { } exact)
        {
            var line = journeys.Lines([exact]);
            var known = await profiles.FindAsync(line.SelectMany(Keys), ct);
            return new CustomersListAnswer(line.Count, [.. line.Select(l => CustomerItem.Of(l, Of(l, known)))]);
        }

        var (total, found) = await profiles.SearchAsync(search, Math.Max(0, page.Skip), Math.Clamp(page.Take, 1, 1000), ct);
        var items = new List<CustomerItem>();
        var seen = new HashSet<int>();
        foreach (var profile in found)
        {
            // Two profiles of one customer are one line.
            if (journeys.FindCustomer(profile.Key[(profile.Key.IndexOf(':', StringComparison.Ordinal) + 1)..]) is not { } number || !seen.Add(number)) continue;
            items.AddRange(journeys.Lines([number]).Select(l => CustomerItem.Of(l, profile)));
        }

        return new CustomersListAnswer(total, items);
    }

    private static IEnumerable<string> Keys(CustomerLine line) => ["user:" + line.Id, "anonymous:" + line.Id];

    private static Profile? Of(CustomerLine line, Dictionary<string, Profile> known) => Keys(line).Select(k => known.GetValueOrDefault(k)).FirstOrDefault(p => p is not null);
}
