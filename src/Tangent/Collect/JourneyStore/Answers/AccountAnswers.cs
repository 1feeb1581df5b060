using System.Globalization;
using System.Text;
using Tangent.Map;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    // An event at a touchpoint that is not in the catalogue is of no stage, but it is a contact.
    private static readonly ushort NoStage = (ushort)Enum.GetValues<LifeCycleStage>().Length;

    // Events read at a time where only those of one channel are wanted.
    private const int EventsAtOnce = 500;

    /// <summary>The members of all accounts, or of one, and the stages at which they were in a period.</summary>
    /// <param name="period">Its days and channels count for the stages alone.</param>
    /// <param name="account">Id of the one account; null for all.</param>
    public Asked<AccountMembers> MembersOfAccounts(JourneyFilter period, string? account = null)
    {
        if (ScopeOf(period, out var refusal) is not { } scope) return refusal!;
        var (accountOf, names) = AccountsOfCustomers(account);
        var members = new Engine.CustomerBitmap(accountOf.Length);
        for (var customer = 0; customer < accountOf.Length; customer++)
            if (accountOf[customer] >= 0) members.Add(customer);

        ushort[] stages = [.. scope.Touchpoints.OfSignature.Select(c => scope.Touchpoints.Stage(c) is { } stage ? (ushort)stage : NoStage)];
        var question = new Engine.ContactsQuestion { TouchpointOfSignature = stages, IsPassing = true, Filter = new Engine.JourneyFilter { Customers = members } };
        var all = question.Ask(scope.View);
        var inPeriod = period == JourneyFilter.None ? all : (question with { Filter = scope.Filter with { Customers = members } }).Ask(scope.View);
        return new AccountMembers(names, Together(accountOf, all, inPeriod));
    }

    /// <summary>The events of all members of an account; null where there is no such account.</summary>
    /// <param name="account">Id of the account.</param>
    /// <param name="channel">Only events of this channel.</param>
    /// <param name="page">The page; the latest event comes first.</param>
    public AccountJourney? JourneyOfAccount(string account, string? channel, Paging page)
    {
        var (accountOf, _) = AccountsOfCustomers(account);
        var members = Engine.CustomerBitmap.Of(Enumerable.Range(0, accountOf.Length).Where(c => accountOf[c] >= 0));
        if (members.Count == 0) return null;
        var number = accountOf.Max();
        var view = PutTogether(members).Journeys.View;
        var table = TableOf(feed.Now);
        var (skip, take) = Limits(page);
        var total = Engine.CustomerJourney.Of(view, number, 0, 0).Total;
        var end = page.After is { } before ? Math.Min(total, int.Parse(before, CultureInfo.InvariantCulture)) : total;
        var found = new List<AccountEvent>();
        while (end > 0 && found.Count < take)
        {
            var start = Math.Max(0, end - (channel is null ? skip + take : EventsAtOnce));
            var events = Engine.CustomerJourney.Of(view, number, start, end - start).Events;
            for (var at = events.Length - 1; at >= 0 && found.Count < take; at--, end--)
            {
                if (channel is not null && !string.Equals(table.Channels[events[at].Event.Signature], channel, StringComparison.OrdinalIgnoreCase)) continue;
                if (skip-- > 0) continue;
                found.Add(new AccountEvent(CustomerOf(events[at].Event.Identity), Timeline(events[at].Event, table)));
            }
        }

        return new AccountJourney(total, found, end > 0 ? end.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Ids of the accounts that some customer belongs or belonged to, by their number; empty where one lost its name.</summary>
    public IReadOnlyList<string> AccountIds()
    {
        lock (feed.Journeys.Gate) return feed.Journeys.Accounts.Names();
    }

    /// <summary>The customers whose account's id fits.</summary>
    public CustomerSet MembersWhere(Func<string, bool> account)
    {
        var (accountOf, names) = AccountsOfCustomers(null);
        bool[] fits = [.. names.Select(n => n.Length > 0 && account(n))];
        return new CustomerSet([.. Enumerable.Range(0, accountOf.Length).Where(c => accountOf[c] >= 0 && fits[accountOf[c]])]);
    }

    /// <summary>Number of each customer's account, by the customer's number; −1 where there is none.</summary>
    public int[] AccountOfCustomers() => AccountsOfCustomers(null).AccountOf;

    /// <summary>Lines of accounts, by their numbers, rising; of one that came this moment the journeys know nothing yet.</summary>
    public CustomersAnswer Accounts(IEnumerable<int> numbers, Paging page)
    {
        var scope = ScopeOf(JourneyFilter.None with { Unit = JourneyUnit.Account }, out _)!.Value;
        int[] known = [.. numbers.Where(n => n < scope.Accounts!.Members.Length)];
        return Page(scope, new Engine.CustomersBehind(known, known.Length), page);
    }

    private int CustomerOf(int identity)
    {
        lock (feed.Journeys.Gate) return feed.Journeys.Identities.CustomerOf(identity);
    }

    /// <summary>The account of every customer by number, −1 where it is none of those asked about; and the accounts' ids.</summary>
    private (int[] AccountOf, IReadOnlyList<string> Names) AccountsOfCustomers(string? account)
    {
        lock (feed.Journeys.Gate)
        {
            var accounts = feed.Journeys.Accounts;
            int? only = account is null ? null : accounts.Find(Encoding.UTF8.GetBytes(account)) ?? -1;
            if (only < 0) return ([], []);
            var accountOf = accounts.OfCustomers(feed.Journeys.Identities);
            for (var customer = 0; only is not null && customer < accountOf.Length; customer++)
                if (accountOf[customer] != only) accountOf[customer] = -1;
            return (accountOf, only is null ? accounts.Names() : [.. Enumerable.Repeat("", only.Value), account!]);
        }
    }

    private static AccountMember[] Together(int[] accountOf, Engine.CustomerContacts[] all, Engine.CustomerContacts[] inPeriod)
    {
        var members = new List<AccountMember>(all.Length);
        var (at, atPeriod) = (0, 0);
        for (var customer = 0; customer < accountOf.Length; customer++)
        {
            if (accountOf[customer] < 0) continue;
            while (at < all.Length && all[at].Customer < customer) at++;
            while (atPeriod < inPeriod.Length && inPeriod[atPeriod].Customer < customer) atPeriod++;
            var seen = at < all.Length && all[at].Customer == customer ? all[at] : default;
            var stages = atPeriod < inPeriod.Length && inPeriod[atPeriod].Customer == customer ? (int)inPeriod[atPeriod].Touchpoints : 0;
            members.Add(new AccountMember(customer, accountOf[customer], seen.Events, seen.FirstMs, seen.LastMs, stages));
        }

        return [.. members];
    }
}
