using System.Globalization;
using Tangent.Access;
using Tangent.Collect;
using Tangent.Map;
using static Tangent.Web.Texts;

namespace Tangent.Unify;

/// <summary>Which members of accounts are meant.</summary>
/// <param name="Account">Of this account; null for all.</param>
/// <param name="Role">With this role.</param>
/// <param name="NoRole">Of whom no role is known.</param>
/// <param name="Stage">Reached at this stage in the period, or not.</param>
/// <param name="Reached">False: those not reached.</param>
public sealed record ContactPick(string? Account, BuyingRole? Role = null, bool NoRole = false, LifeCycleStage? Stage = null, bool Reached = true);

/// <summary>Who has which part in accounts' decisions, and who of them was reached.</summary>
internal sealed class Committees(JourneyStore journeys, AccountBook book, ProfileQueries profiles, MergePolicies policies, Corrections corrections, Sensitivity sensitivity)
{
    public const int MostSilenceDays = 3650;

    private readonly record struct Ranked(AccountMember Member, BuyingRole? Role, string Account);

    /// <summary>Roles reached by stage, of all accounts or of one.</summary>
    public async Task<Asked<CoverageAnswer>> CoverageAsync(string? account, JourneyFilter period, CancellationToken ct)
    {
        var asked = await MembersAsync(account, period, ct);
        return asked.Refusal is { } refusal ? refusal : CoverageAnswer.Of(asked.Answer!.Select(m => (m.Member, m.Role)));
    }

    /// <summary>The members behind a number of the coverage: those with a role first, the most recently active first.</summary>
    public async Task<Asked<ContactsAnswer>> ContactsAsync(ContactPick pick, JourneyFilter period, Paging page, CancellationToken ct)
    {
        var asked = await MembersAsync(pick.Account, period, ct);
        if (asked.Refusal is { } refusal) return refusal;
        var fitting = asked.Answer!.Where(m => (pick.Role is null || m.Role == pick.Role) && !(pick.NoRole && m.Role is not null) && (pick.Stage is not { } stage || m.Member.Reached(stage) == pick.Reached))
            .OrderBy(m => m.Role ?? (BuyingRole)int.MaxValue).ThenByDescending(m => m.Member.LastMs).ThenBy(m => m.Member.Customer).ToList();
        var (some, next) = Page(fitting, page, m => new Place((int)(m.Role ?? (BuyingRole)int.MaxValue), m.Member.LastMs, m.Member.Customer));
        return new ContactsAnswer(fitting.Count, await NamedAsync(some, ct), next);
    }

    /// <summary>Deciders and buyers without a contact in so many days while others of their account had one.</summary>
    public async Task<Asked<SilentAnswer>> SilentAsync(string? account, int days, Paging page, CancellationToken ct)
    {
        if (days is < 1 or > MostSilenceDays) return new Refusal("days", T("Unify.Committees.Days", MostSilenceDays));
        var at = await book.NowAsync(ct);
        var since = book.Since(days);
        var active = new Dictionary<int, (int Members, long LastMs)>();
        foreach (var (member, _) in at.Of(account))
        {
            if (member.Events == 0 || member.LastMs < since) continue;
            var (members, lastMs) = active.GetValueOrDefault(member.Account);
            active[member.Account] = (members + 1, Math.Max(lastMs, member.LastMs));
        }

        var silent = at.Of(account).Where(m => m.Role is { } role && BuyingRoles.Deciding.Contains(role) && (m.Member.Events == 0 || m.Member.LastMs < since) && active.ContainsKey(m.Member.Account))
            .Select(m => new Ranked(m.Member, m.Role, at.Members.Accounts[m.Member.Account])).OrderByDescending(m => active[m.Member.Account].LastMs).ThenBy(m => m.Member.Customer).ToList();
        var (some, next) = Page(silent, page, m => new Place(0, active[m.Member.Account].LastMs, m.Member.Customer));
        var named = await NamedAsync(some, ct);
        return new SilentAnswer(days, silent.Count, [.. some.Zip(named, (m, contact) =>
            new SilentContact(contact, active[m.Member.Account].Members, DateTimeOffset.FromUnixTimeMilliseconds(active[m.Member.Account].LastMs).UtcDateTime))], next);
    }

    /// <summary>Says the role of somebody; empty or <c>none</c>: that there is none, whatever sources say; null takes back what people said, and the sources count again.</summary>
    /// <returns>Why it is not kept.</returns>
    public async Task<Refusal?> SayRoleAsync(string customer, string? role, string by, CancellationToken ct)
    {
        var read = BuyingRoles.Read(role);
        if (role is { Length: > 0 } and not CommitteesAsked.NoRole && read is null) return CommitteesEndpoints.UnknownRole(role);
        if (journeys.Named(customer) is not { } named) return new Refusal("customer", T("Collect.Refusal.NoCustomer", customer));
        await corrections.SayOfCustomerAsync(named.Customer, BuyingRoles.Trait, role is null ? null : read is { } has ? BuyingRoles.Written(has) : CommitteesAsked.NoRole, by, ct);
        await book.ForgetAsync(ct);
        return null;
    }

    private async Task<Asked<IReadOnlyList<Ranked>>> MembersAsync(string? account, JourneyFilter period, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        if (period == JourneyFilter.None) return At(at.Of(account), at.Members.Accounts);
        var asked = journeys.MembersOfAccounts(period, account);
        if (asked.Refusal is { } refusal) return refusal;
        var roles = at.Of(account).Where(m => m.Role is not null).ToDictionary(m => m.Member.Customer, m => m.Role);
        return At(asked.Answer!.Members.Select(m => (m, roles.GetValueOrDefault(m.Customer))), asked.Answer.Accounts);

        static Ranked[] At(IEnumerable<(AccountMember Member, BuyingRole? Role)> members, IReadOnlyList<string> accounts) => [.. members.Select(m => new Ranked(m.Member, m.Role, accounts[m.Member.Account]))];
    }

    /// <summary>Goes on behind a place in the order, whether or not whoever stood there still does.</summary>
    private static (IReadOnlyList<Ranked> Some, string? Next) Page(List<Ranked> all, Paging page, Func<Ranked, Place> placeOf)
    {
        var start = Math.Max(0, page.Skip);
        if (page.After is { } after)
        {
            var behind = Place.Read(after) is { } last ? all.FindIndex(m => placeOf(m).CompareTo(last) > 0) : -1;
            start = behind < 0 ? all.Count : behind;
        }

        Ranked[] some = [.. all.Skip(start).Take(Math.Clamp(page.Take, 1, Paging.Most))];
        return (some, start + some.Length < all.Count && some.Length > 0 ? placeOf(some[^1]).ToString() : null);
    }

    /// <summary>Where a member stands in a list: by rank, then the latest, then by number.</summary>
    private readonly record struct Place(int Rank, long LastMs, int Customer) : IComparable<Place>
    {
        public int CompareTo(Place other) =>
            Rank != other.Rank ? Rank.CompareTo(other.Rank) : LastMs != other.LastMs ? other.LastMs.CompareTo(LastMs) : Customer.CompareTo(other.Customer);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rank} {LastMs} {Customer}");

        public static Place? Read(string text) => text.Split(' ') is [var rank, var last, var customer]
            && int.TryParse(rank, CultureInfo.InvariantCulture, out var r) && long.TryParse(last, CultureInfo.InvariantCulture, out var l) && int.TryParse(customer, CultureInfo.InvariantCulture, out var c) ? new Place(r, l, c) : null;
    }

    private async Task<IReadOnlyList<ContactItem>> NamedAsync(IReadOnlyList<Ranked> members, CancellationToken ct)
    {
        var at = await book.NowAsync(ct);
        var identities = members.Select(m => journeys.Identity(m.Member.Customer)).ToList();
        var said = (await profiles.FindAsync(identities.SelectMany(i => i.Identifiers), ct)).ToLookup(p => p.Key, StringComparer.Ordinal);
        return [.. members.Zip(identities, (m, identity) =>
        {
            var record = GoldenRecord.Of(identity.Identifiers.SelectMany(i => said[i]), policies).Masked(sensitivity.Now);
            return new ContactItem(m.Member.Customer, identity.Id, record.Name, record.Email, m.Role, record.Values.Any(v => v.Name == BuyingRoles.Trait && v.ByPeople), m.Account, at.Tree.Of(m.Account).Name,
                m.Member.Events, m.Member.Events > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(m.Member.LastMs).UtcDateTime : null, [.. Enum.GetValues<LifeCycleStage>().Where(m.Member.Reached)]);
        })];
    }
}
