using System.Globalization;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>Finds customers: the exact identifier first, then every word anywhere in id, name, e-mail, phone, company or another short trait.</summary>
internal sealed class CustomerSearch(JourneyStore journeys, ProfileQueries profiles, MergePolicies policies, CustomerTimeline timeline, Sensitivity sensitivity)
{
    public async Task<CustomersListAnswer> ListAsync(string? search, Paging page, CancellationToken ct)
    {
        if (!string.IsNullOrWhiteSpace(search)) return await FindAsync(search.Trim(), page, ct);
        var latest = journeys.Customers(page);
        return new CustomersListAnswer(latest.Total, await WithNamesAsync(latest.Items, ct), latest.Next);
    }

    /// <summary>Lines of customers with what profiles say of them, whichever of their identifiers it was said of.</summary>
    public async Task<IReadOnlyList<CustomerItem>> WithNamesAsync(IReadOnlyList<CustomerLine> lines, CancellationToken ct)
    {
        var identifiers = lines.Select(l => journeys.Identity(l.Customer).Identifiers).ToList();
        var known = (await profiles.FindAsync(identifiers.SelectMany(i => i), ct)).ToLookup(p => p.Key, StringComparer.Ordinal);
        return [.. lines.Zip(identifiers, (line, own) => CustomerItem.Of(line, GoldenRecord.Of(own.SelectMany(i => known[i]), policies).Masked(sensitivity.Now)))];
    }

    /// <summary>The members of an account; none where there is no such account.</summary>
    public async Task<CustomersListAnswer> MembersAsync(string account, Paging page, CancellationToken ct)
    {
        if (journeys.Members(account, page) is not { } members) return new CustomersListAnswer(0, []);
        return new CustomersListAnswer(members.Total, await WithNamesAsync(members.Items, ct), members.Next);
    }

    public async Task<CustomerAnswer?> FindAsync(int number, TimelineFilter filter, Paging page, CancellationToken ct)
    {
        if (journeys.Journey(number, new Paging(0, 1)) is not { } journey || timeline.Page(journey.Line.Customer, filter, page) is not { } part) return null;
        return CustomerAnswer.Of(journey, part, GoldenRecord.Of(await profiles.FindAsync(journey.Identifiers, ct), policies).Masked(sensitivity.Now));
    }

    /// <summary>What is known of a customer, for the program itself: nothing is masked.</summary>
    public async Task<(CustomerIdentity Identity, GoldenRecord Record)?> KnownAsync(int number, CancellationToken ct)
    {
        if (journeys.Journey(number, new Paging(0, 1)) is not { } journey) return null;
        return (journeys.Identity(journey.Line.Customer), GoldenRecord.Of(await profiles.FindAsync(journey.Identifiers, ct), policies));
    }

    private async Task<CustomersListAnswer> FindAsync(string search, Paging page, CancellationToken ct)
    {
        var masking = sensitivity.Now;
        if ((masking.IsNone || masking.Text(search) == search) && journeys.FindCustomer(search) is { } exact)
        {
            var line = journeys.Lines([exact]);
            return new CustomersListAnswer(line.Count, await WithNamesAsync(line, ct));
        }

        var take = Math.Clamp(page.Take, 1, Paging.Most);
        var (total, found) = await profiles.SearchAsync(search, Math.Max(0, page.Skip), take + 1, page.After is { } after ? long.Parse(after, CultureInfo.InvariantCulture) : null, ct);
        if (!masking.IsNone)
        {
            // What the reader does not see must not be found out letter by letter either: only what is seen finds, and only that is counted.
            var words = FoldedText.Of(search).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var visible = found.Take(take).Where(p => p.Searched(masking) is var text && words.All(w => text.Contains(w, StringComparison.Ordinal))).ToList();
            return new CustomersListAnswer(visible.Count, await WithNamesAsync(journeys.Lines([.. visible.Select(p => journeys.Named(p.Key)?.Customer).OfType<int>().Distinct()]), ct),
                found.Count > take ? found[take - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
        }

        // Two profiles of one customer are one line.
        List<int> numbers = [.. found.Take(take).Select(p => journeys.Named(p.Key)?.Customer).OfType<int>().Distinct()];
        return new CustomersListAnswer(total, await WithNamesAsync(journeys.Lines(numbers), ct), found.Count > take ? found[take - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }
}
