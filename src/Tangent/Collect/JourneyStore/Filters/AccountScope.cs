using System.Text;
using Tangent.Engine;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    private readonly Lock _grouping = new();
    private volatile AccountJourneys? _accounts;

    /// <summary>The journeys of accounts at one moment.</summary>
    /// <param name="Journeys">The journeys; their customers are account numbers.</param>
    /// <param name="Members">How many customers each account has, by number.</param>
    private sealed record AccountJourneys(JourneySnapshot Journeys, int[] Members);

    /// <summary>Some customers belong to an account.</summary>
    public bool HasAccounts
    {
        get
        {
            lock (feed.Journeys.Gate) return feed.Journeys.Accounts.Count > 0;
        }
    }

    /// <summary>The members of an account, by customer number; null where there is no such account.</summary>
    public CustomersAnswer? Members(string account, Paging page)
    {
        List<int> members = [];
        lock (feed.Journeys.Gate)
        {
            var (accounts, graph) = (feed.Journeys.Accounts, feed.Journeys.Identities);
            if (accounts.Find(Encoding.UTF8.GetBytes(account)) is not { } number) return null;
            var accountOf = accounts.OfCustomers(graph);
            for (var customer = 0; customer < accountOf.Length; customer++)
                if (accountOf[customer] == number) members.Add(customer);
        }

        var (some, next) = Page(members, page);
        return new CustomersAnswer(members.Count, Lines(some)) { Next = next };
    }

    /// <summary>The journeys of accounts as of now, put together from the journeys of all customers, or of some.</summary>
    private AccountJourneys AccountsNow(CustomerBitmap? customers)
    {
        var needed = feed.Now.Position;
        if (customers is not null) return PutTogether(customers);
        if (_accounts is { } known && known.Journeys.Position >= needed) return known;
        lock (_grouping)
        {
            if (_accounts is { } made && made.Journeys.Position >= needed) return made;
            return _accounts = PutTogether(null);
        }
    }

    private AccountJourneys PutTogether(CustomerBitmap? customers)
    {
        JourneySnapshot now;
        int[] accountOf;
        int accounts;
        // Held by the writer for every row: who belongs to whom and the view are of one moment.
        lock (feed.Journeys.Gate)
        {
            now = new JourneySnapshot(feed.Journeys.Table.View(), feed.Journeys.Codes.SignatureCount, feed.Journeys.Position);
            accountOf = feed.Journeys.Accounts.OfCustomers(feed.Journeys.Identities);
            accounts = feed.Journeys.Accounts.Count;
        }

        var members = new int[accounts];
        for (var customer = 0; customer < accountOf.Length; customer++)
        {
            if (accountOf[customer] < 0) continue;
            members[accountOf[customer]]++;
            if (customers?.Contains(customer) == false) accountOf[customer] = JourneyGrouping.NoGroup;
        }

        return new AccountJourneys(now with { View = now.View.GroupBy(accountOf) }, members);
    }

    private CustomerLine AccountLine(Scope scope, int account)
    {
        string id;
        lock (feed.Journeys.Gate) id = feed.Journeys.Accounts.Text(account);
        return Line(scope.View, account, id) with { Members = scope.Accounts!.Members[account] };
    }
}
