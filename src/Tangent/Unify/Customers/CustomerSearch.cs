using System.Globalization;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <summary>
/// Finds customers: the exact identifier first; else whose order, invoice or ticket has the number, the members of the account, and every word anywhere
/// in id, name, e-mail, phone, company or another short trait; else whose id begins so.
/// </summary>
internal sealed class CustomerSearch(JourneyStore journeys, ProfileQueries profiles, RecordQueries records, MergePolicies policies, CustomerTimeline timeline, Restrictions restrictions, AccountIndex companies, Sensitivity sensitivity)
{
    private const int MostOwners = 100, MostBeginning = 50;

    // A shorter beginning is that of too many.
    private const int ShortestBeginning = 6;

    // Profiles whose text is read anew for who may not see all of it.
    private const int AtOnce = 200;

    /// <param name="search">What is searched; nothing for all.</param>
    /// <param name="within">Only of these, by their numbers; null for all.</param>
    /// <param name="page">Which of them.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<CustomersListAnswer> ListAsync(string? search, CustomerSet? within, Paging page, CancellationToken ct)
    {
        if (!string.IsNullOrWhiteSpace(search)) return await FindAsync(search.Trim(), within?.Numbers.ToHashSet(), page, ct);
        var latest = within is null ? journeys.Customers(page) : journeys.Customers(within, page);
        return new CustomersListAnswer(latest.Total, await WithNamesAsync(latest.Items, ct), latest.Next);
    }

    /// <summary>Lines of customers with what profiles say of them, whichever of their identifiers it was said of.</summary>
    public async Task<IReadOnlyList<CustomerItem>> WithNamesAsync(IReadOnlyList<CustomerLine> lines, CancellationToken ct)
    {
        var identifiers = lines.Select(l => journeys.Identity(l.Customer).Identifiers).ToList();
        var known = (await profiles.FindAsync(identifiers.SelectMany(i => i), ct)).ToLookup(p => p.Key, StringComparer.Ordinal);
        var tree = await companies.TreeAsync(ct);
        return [.. lines.Zip(identifiers, (line, own) => CustomerItem.Of(line, GoldenRecord.Of(own.SelectMany(i => known[i]), policies).Naming(tree).Masked(sensitivity.Now)))];
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
        var record = GoldenRecord.Of(await profiles.FindAsync(journey.Identifiers, ct), policies).Naming(await companies.TreeAsync(ct)).Masked(sensitivity.Now);
        return CustomerAnswer.Of(journey, part, record) with { IsRestricted = restrictions.Of(journey.Identifiers) is not null };
    }

    /// <summary>What is known of a customer, for the program itself: nothing is masked.</summary>
    public async Task<(CustomerIdentity Identity, GoldenRecord Record)?> KnownAsync(int number, CancellationToken ct)
    {
        if (journeys.Journey(number, new Paging(0, 1)) is not { } journey) return null;
        return (journeys.Identity(journey.Line.Customer), GoldenRecord.Of(await profiles.FindAsync(journey.Identifiers, ct), policies));
    }

    private async Task<CustomersListAnswer> FindAsync(string search, HashSet<int>? within, Paging page, CancellationToken ct)
    {
        var masking = sensitivity.Now;
        if (journeys.FindCustomer(search) is { } exact && within?.Contains(exact) != false)
        {
            var line = journeys.Lines([exact]);
            return new CustomersListAnswer(line.Count, await WithNamesAsync(line, ct));
        }

        // What several profiles say of one customer is one line.
        var fitting = await profiles.FittingAsync(search, ct);
        var said = fitting.Zip(journeys.FindCustomers(fitting.ConvertAll(p => p.Key)), (profile, customer) => (Customer: customer, profile.Number))
            .Where(p => p.Customer >= 0).ToLookup(p => p.Customer, p => p.Number);
        var numbered = masking.Shows(search) ? await NumberedAsync(search, ct) : [];
        if (numbered.Count + said.Count == 0 && search.Length >= ShortestBeginning)
            numbered = [.. journeys.Beginning(search, MostBeginning).Where(f => masking.Shows(f.Id)).Select(f => f.Customer).Distinct()];
        List<int> found = [.. numbered.Union(said.Select(s => s.Key)).Where(c => within?.Contains(c) != false)];
        var (skip, take) = (Math.Max(0, page.Skip), Math.Clamp(page.Take, 1, Paging.Most));
        var rest = found.Skip(found.IndexOf(After(page)) + 1);
        var some = masking.IsNone ? [.. rest.Skip(skip).Take(take + 1)] : (await SeenAsync(rest, numbered.ToHashSet(), said, search, masking, skip + take + 1, ct)).Skip(skip).ToList();
        var next = some.Count > take ? some[take - 1].ToString(CultureInfo.InvariantCulture) : null;
        return new CustomersListAnswer(masking.IsNone ? found.Count : skip + some.Count, await WithNamesAsync(journeys.Lines([.. some.Take(take)]), ct), next);
    }

    /// <summary>Whose record has this number, or who belongs to the account with this id.</summary>
    private async Task<List<int>> NumberedAsync(string number, CancellationToken ct)
    {
        var owners = (await records.OwnersAsync(number, MostOwners, ct)).ToLookup(o => o.StartsWith(Profile.AccountPrefix, StringComparison.Ordinal));
        var persons = journeys.FindCustomers([.. owners[false]]).Where(c => c >= 0);
        // A record of a company alone is its members'; of a person and a company it is the person's.
        var accounts = owners[true].Where(_ => !owners[false].Any()).Select(o => o[Profile.AccountPrefix.Length..]).Append(number).Append(number.ToUpperInvariant()).Distinct(StringComparer.Ordinal);
        return [.. persons.Concat(accounts.SelectMany(a => journeys.Members(a, new Paging(0, ProfileQueries.MostFound))?.Items ?? []).Select(m => m.Customer)).Distinct()];
    }

    private static int After(Paging page) => int.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var customer) ? customer : -1;

    /// <summary>The first of the customers found whom the reader finds by what the reader sees: what is hidden must not be found out letter by letter either, nor counted.</summary>
    private async Task<List<int>> SeenAsync(IEnumerable<int> found, HashSet<int> numbered, ILookup<int, long> said, string search, Masking masking, int most, CancellationToken ct)
    {
        var words = ProfileQueries.Words(search);
        var seen = new List<int>();
        foreach (var some in found.Chunk(AtOnce))
        {
            var fits = (await profiles.NumberedAsync(some.SelectMany(f => said[f]), ct))
                .Where(p => p.Searched(masking) is var text && words.All(w => w.Any(s => text.Contains(s, StringComparison.Ordinal)))).Select(p => p.Number).ToHashSet();
            seen.AddRange(some.Where(f => numbered.Contains(f) || said[f].Any(fits.Contains)));
            if (seen.Count >= most) break;
        }

        return seen[..Math.Min(most, seen.Count)];
    }
}
