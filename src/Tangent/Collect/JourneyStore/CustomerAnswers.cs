using System.Text;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Customers, the most recently active first.</summary>
    public CustomersAnswer Customers(Paging page)
    {
        var scope = All();
        var (skip, take) = Limits(page);
        var answer = new Engine.CustomersQuestion { TouchpointOfSignature = scope.OfSignature, Skip = skip, Take = take }.Ask(scope.View);
        return new CustomersAnswer(answer.Total, [.. answer.Items.Select(c => new CustomerLine(c.Customer, DisplayId(c.Customer), c.Events, Utc(c.FirstMs), Utc(c.LastMs)))]);
    }

    /// <summary>Number of the customer who has this user id or anonymous id.</summary>
    public int? FindCustomer(string identifier)
    {
        var id = Encoding.UTF8.GetBytes(identifier);
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var identity = graph.Find(IdentityGraph.User, id);
            if (identity < 0) identity = graph.Find(IdentityGraph.Anonymous, id);
            return identity < 0 ? null : graph.CustomerOf(identity);
        }
    }

    /// <summary>Lines of the named customers, in the order given; numbers that are not (any more) a customer are left out.</summary>
    public IReadOnlyList<CustomerLine> Lines(IReadOnlyList<int> customers)
    {
        var view = feed.Now.View;
        return [.. customers.Where(IsCustomer).Select(c => Line(view, c))];
    }

    /// <summary>One customer's journey; null where there is no such customer. A number that was merged away leads to the customer it is part of now.</summary>
    public CustomerJourney? Journey(int customer, Paging page)
    {
        List<int> members;
        string[] identifiers;
        string? account;
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            if (customer < 0 || customer >= graph.Count) return null;
            customer = graph.CustomerOf(customer);
            members = graph.Members(customer);
            identifiers = [.. members.Select(m => (graph.IsUser(m) ? "user:" : "anonymous:") + graph.Text(m))];
            account = feed.Journeys.Accounts.Of(members);
        }

        var now = feed.Now;
        var table = TableOf(now);
        var line = Line(now.View, customer);
        var (skip, take) = Limits(page);
        // Pages count from the latest event, the engine's from the first.
        var end = (int)Math.Max(0, line.Events - skip);
        var start = Math.Max(0, end - take);
        var events = Engine.CustomerJourney.Of(now.View, customer, start, end - start).Events.Reverse().Select(e => Timeline(e.Event, table));
        return new CustomerJourney(line, identifiers, account, [.. events]);
    }

    private CustomersAnswer Page(Scope scope, Engine.CustomersBehind behind, Paging page)
    {
        var (skip, take) = Limits(page);
        return new CustomersAnswer(behind.Total, [.. behind.Customers.Skip(skip).Take(take).Select(c => Line(scope.View, c))]);
    }

    private static (int Skip, int Take) Limits(Paging page) => (Math.Max(0, page.Skip), Math.Clamp(page.Take, 1, 1000));

    private CustomerLine Line(Engine.JourneyView view, int customer)
    {
        var first = Engine.CustomerJourney.Of(view, customer, 0, 1);
        var last = first.Total == 0 ? first : Engine.CustomerJourney.Of(view, customer, first.Total - 1, 1);
        return first.Total == 0
            ? new CustomerLine(customer, DisplayId(customer), 0, default, default)
            : new CustomerLine(customer, DisplayId(customer), first.Total, Utc(first.Events[0].Event.TimestampMs), Utc(last.Events[0].Event.TimestampMs));
    }

    private bool IsCustomer(int number)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return number >= 0 && number < graph.Count && graph.CustomerOf(number) == number;
        }
    }

    private string DisplayId(int customer)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var members = graph.Members(graph.CustomerOf(customer));
            var user = members.FindIndex(graph.IsUser);
            return graph.Text(user >= 0 ? members[user] : members[0]);
        }
    }

    private TimelineEvent Timeline(Engine.JourneyEvent e, TouchpointTable table)
    {
        lock (feed.Journeys.Gate)
        {
            var codes = feed.Journeys.Codes;
            return new TimelineEvent(e.Position, Utc(e.TimestampMs), table.Name(table.OfSignature[e.Signature]), table.Signatures[e.Signature],
                e.Value, codes.CurrencyText(e.Currency), feed.Journeys.Identities.Text(e.Identity));
        }
    }
}
