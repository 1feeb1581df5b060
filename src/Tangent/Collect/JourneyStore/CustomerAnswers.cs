using System.Globalization;
using System.Text;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Customers, the most recently active first.</summary>
    public CustomersAnswer Customers(Paging page)
    {
        var scope = All();
        var (skip, take) = Limits(page);
        var after = page.After?.Split(' ') is [var number, var lastMs]
            ? new Engine.CustomerActivity(int.Parse(number, CultureInfo.InvariantCulture), 0, 0, long.Parse(lastMs, CultureInfo.InvariantCulture)) : (Engine.CustomerActivity?)null;
        var answer = new Engine.CustomersQuestion { TouchpointOfSignature = scope.OfSignature, Skip = skip, Take = take + 1, After = after }.Ask(scope.View);
        return new CustomersAnswer(answer.Total, [.. answer.Items.Take(take).Select(c => new CustomerLine(c.Customer, DisplayId(c.Customer), c.Events, Utc(c.FirstMs), Utc(c.LastMs)))])
        {
            Next = answer.Items.Length > take ? string.Create(CultureInfo.InvariantCulture, $"{answer.Items[take - 1].Customer} {answer.Items[take - 1].LastMs}") : null,
        };
    }

    /// <summary>Number of the customer who has this user id or anonymous id; nobody's where it is an address that who asks may not see.</summary>
    public int? FindCustomer(string identifier)
    {
        if (!sensitivity.Now.Shows(identifier)) return null;
        var id = Encoding.UTF8.GetBytes(identifier);
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var identity = graph.Find(IdentityGraph.User, id);
            if (identity < 0) identity = graph.Find(IdentityGraph.Anonymous, id);
            return identity < 0 ? null : graph.CustomerOf(identity);
        }
    }

    /// <summary>
    /// The customer somebody names: by <c>user:…</c>, <c>anonymous:…</c> or <c>number:…</c>, or by the id alone; a number alone where no id is like it.
    /// What stands before the colon decides: anybody can send an id that reads <c>number:5</c> or <c>user:5</c>, which only <c>anonymous:number:5</c> names.
    /// An id that is an address which who asks may not see names nobody; what the program itself kept is looked up by <see cref="FindCustomers"/>.
    /// </summary>
    public NamedCustomer? Named(string name)
    {
        if (!sensitivity.Now.Shows(name)) return null;
        var (kind, rest) = name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (name[..colon], name[(colon + 1)..]) : ("", name);
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var identity = kind switch
            {
                "user" => graph.Find(IdentityGraph.User, Encoding.UTF8.GetBytes(rest)),
                "anonymous" => graph.Find(IdentityGraph.Anonymous, Encoding.UTF8.GetBytes(rest)),
                "number" => Numbered(graph, rest),
                _ => graph.Find(IdentityGraph.User, Encoding.UTF8.GetBytes(name)) is >= 0 and var user ? user
                    : graph.Find(IdentityGraph.Anonymous, Encoding.UTF8.GetBytes(name)) is >= 0 and var device ? device : Numbered(graph, name),
            };
            return identity < 0 || graph.IsErased(identity) ? null : new NamedCustomer(graph.CustomerOf(identity), Identifier(graph, identity));
        }
    }

    /// <summary>Who a customer is; the number is that of a customer, or was one.</summary>
    public CustomerIdentity Identity(int customer)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var now = graph.CustomerOf(customer);
            return new CustomerIdentity(now, graph.Text(Representative(graph, now)), [.. graph.Members(now).Select(m => Identifier(graph, m))]);
        }
    }

    /// <summary>All identifiers (<c>user:…</c> or <c>anonymous:…</c>) that are something.</summary>
    public IReadOnlyList<string> IdentifiersThat(Func<string, bool> are)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return [.. Enumerable.Range(0, graph.Count).Where(i => !graph.IsErased(i)).Select(i => Identifier(graph, i)).Where(are)];
        }
    }

    /// <summary>Customers with an id that begins so, at most so many, with that id.</summary>
    /// <remarks>Goes through all ids in memory: some milliseconds for each million.</remarks>
    public IReadOnlyList<(int Customer, string Id)> Beginning(string beginning, int most)
    {
        var bytes = Encoding.UTF8.GetBytes(beginning);
        var found = new List<(int, string)>();
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            for (var identity = 0; identity < graph.Count && found.Count < most; identity++)
                if (graph.Begins(identity, bytes)) found.Add((graph.CustomerOf(identity), graph.Text(identity)));
        }

        return found;
    }

    /// <summary>The joins that hold a customer together, the latest first; those of one position are one.</summary>
    public IReadOnlyList<IdentityJoin> Joins(int customer)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return [.. graph.Joins(graph.CustomerOf(customer)).GroupBy(j => j.Position).OrderByDescending(g => g.Key).Select(g => new IdentityJoin(
                g.Key, [.. g.SelectMany(j => (int[])[j.A, j.B]).Distinct().Select(i => Identifier(graph, i))], g.Any(j => j.IsStated)))];
        }
    }

    /// <summary>Log positions of the decisions that concerned a customer, the latest first, and whether it is a split that can be taken back.</summary>
    public IReadOnlyList<(long Position, bool CanRestore)> Decisions(int customer)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return [.. graph.Decisions(graph.CustomerOf(customer)).OrderDescending().Select(p => (p, graph.CanRestore(p)))];
        }
    }

    /// <summary>Which of a customer's identifiers (<c>user:…</c> or <c>anonymous:…</c>) were said to be part of another of them.</summary>
    public IReadOnlySet<string> Absorbed(IEnumerable<string> identifiers)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return identifiers.Where(i => graph.Find(i) is >= 0 and var identity && graph.IsAbsorbed(identity)).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Whether somebody said of two customers, by one of the identifiers of each, that they are not one.</summary>
    public bool AreKeptApart(string one, string other)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return (graph.Find(one), graph.Find(other)) is ( >= 0 and var a, >= 0 and var b) && graph.AreKeptApart(graph.CustomerOf(a), graph.CustomerOf(b));
        }
    }

    /// <summary>Numbers of the customers who have these identifiers (<c>user:…</c> or <c>anonymous:…</c>), in the same order; −1 where there is none.</summary>
    public int[] FindCustomers(IReadOnlyList<string> identifiers) => CustomersOf(FindIdentities(identifiers));

    /// <summary>Number of the customer who has an identifier that the program itself kept, whoever asks; null where there is none.</summary>
    public int? CustomerOf(string identifier) => FindCustomers([identifier])[0] is >= 0 and var customer ? customer : null;

    /// <summary>Numbers of the identities with these identifiers (<c>user:…</c> or <c>anonymous:…</c>), in the same order; −1 where there is none (yet). An identity keeps its number, whichever customer it is part of.</summary>
    public int[] FindIdentities(IReadOnlyList<string> identifiers)
    {
        var identities = new int[identifiers.Count];
        lock (feed.Journeys.Gate)
        {
            for (var i = 0; i < identities.Length; i++) identities[i] = feed.Journeys.Identities.Find(identifiers[i]);
        }

        return identities;
    }

    /// <summary>The identifiers of these identities; those that were erased are left out.</summary>
    public List<string> IdentifiersOf(IReadOnlyList<int> identities)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return [.. identities.Where(i => !graph.IsErased(i)).Select(i => Identifier(graph, i))];
        }
    }

    /// <summary>Turns numbers of identities into those of their customers; −1 stays, and is said of those that were erased.</summary>
    public int[] CustomersOf(int[] identities)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            for (var i = 0; i < identities.Length; i++)
                if (identities[i] >= 0) identities[i] = graph.IsErased(identities[i]) ? -1 : graph.CustomerOf(identities[i]);
        }

        return identities;
    }

    /// <summary>Lines of the named customers, in the order given; numbers that are not (any more) a customer are left out.</summary>
    public IReadOnlyList<CustomerLine> Lines(IReadOnlyList<int> customers)
    {
        var view = feed.Now.View;
        return [.. customers.Where(IsCustomer).Select(c => Line(view, c))];
    }

    /// <summary>A page of those of some customers who are known, by their numbers.</summary>
    public CustomersAnswer Customers(CustomerSet some, Paging page)
    {
        return Customers([.. some.Numbers.Where(IsCustomer).Order()], page);
    }

    /// <summary>A page of these customers, by their numbers, rising.</summary>
    public CustomersAnswer Customers(IReadOnlyList<int> numbers, Paging page)
    {
        var (some, next) = Page(numbers, page);
        return new CustomersAnswer(numbers.Count, Lines(some)) { Next = next };
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
            if (customer < 0 || customer >= graph.Count || graph.IsErased(customer)) return null;
            customer = graph.CustomerOf(customer);
            members = graph.Members(customer);
            identifiers = [.. members.Select(m => Identifier(graph, m))];
            account = feed.Journeys.Accounts.Of(members);
        }

        var now = feed.Now;
        var table = TableOf(now);
        var line = Line(now.View, customer);
        var (skip, take) = Limits(page);
        // Pages count from the latest event, the engine's from the first; a page that goes on does so before the event it came to, whatever was added behind.
        var end = (int)Math.Max(0, Math.Min(line.Events, page.After is { } before ? int.Parse(before, CultureInfo.InvariantCulture) : line.Events) - skip);
        var start = Math.Max(0, end - take);
        var events = Engine.CustomerJourney.Of(now.View, customer, start, end - start).Events.Reverse().Select(e => Timeline(e.Event, table));
        return new CustomerJourney(line, identifiers, account, [.. events]) { Next = start > 0 ? start.ToString(CultureInfo.InvariantCulture) : null };
    }

    /// <summary>Where a customer was and how often, the most frequent first; empty where there is no such customer.</summary>
    public IReadOnlyList<CustomerPlace> Places(int customer)
    {
        var now = feed.Now;
        var table = TableOf(now);
        return [.. Engine.CustomerJourney.Of(now.View, customer, 0, int.MaxValue).Events
            .GroupBy(e => (Touchpoint: table.Name(table.OfSignature[e.Event.Signature]), table.Signatures[e.Event.Signature].Channel))
            .Select(g => new CustomerPlace(g.Key.Touchpoint, g.Key.Channel, g.Count(), Utc(g.Min(e => e.Event.TimestampMs)), Utc(g.Max(e => e.Event.TimestampMs))))
            .OrderByDescending(p => p.Events).ThenBy(p => p.Touchpoint, StringComparer.Ordinal)];
    }

    private CustomersAnswer Page(Scope scope, Engine.CustomersBehind behind, Paging page)
    {
        var (some, next) = Page(behind.Customers, page);
        return scope.Accounts is null
            ? new CustomersAnswer(behind.Total, [.. some.Select(c => Line(scope.View, c))]) { Next = next }
            : new CustomersAnswer(behind.Total, [.. some.Select(a => AccountLine(scope, a))], JourneyUnit.Account) { Next = next };
    }

    /// <param name="numbers">All of the list, rising.</param>
    /// <param name="page">The page.</param>
    private static (IReadOnlyList<int> Some, string? Next) Page(IReadOnlyList<int> numbers, Paging page)
    {
        var (skip, take) = Limits(page);
        var rest = page.After is { } after ? numbers.SkipWhile(n => n <= int.Parse(after, CultureInfo.InvariantCulture)) : numbers;
        int[] some = [.. rest.Skip(skip).Take(take + 1)];
        return some.Length > take ? (some[..take], some[take - 1].ToString(CultureInfo.InvariantCulture)) : (some, null);
    }

    private static (int Skip, int Take) Limits(Paging page) => (Math.Max(0, page.Skip), Math.Clamp(page.Take, 1, Paging.Most));

    private CustomerLine Line(Engine.JourneyView view, int customer) => Line(view, customer, DisplayId(customer));

    private static CustomerLine Line(Engine.JourneyView view, int customer, string id)
    {
        var first = Engine.CustomerJourney.Of(view, customer, 0, 1);
        var last = first.Total == 0 ? first : Engine.CustomerJourney.Of(view, customer, first.Total - 1, 1);
        return first.Total == 0
            ? new CustomerLine(customer, id, 0, default, default)
            : new CustomerLine(customer, id, first.Total, Utc(first.Events[0].Event.TimestampMs), Utc(last.Events[0].Event.TimestampMs));
    }

    private bool IsCustomer(int number)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return number >= 0 && number < graph.Count && graph.CustomerOf(number) == number && !graph.IsErased(number);
        }
    }

    private string DisplayId(int customer)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            return graph.Text(Representative(graph, graph.CustomerOf(customer)));
        }
    }

    /// <returns>The identity people know the customer with this number by, or −1.</returns>
    private static int Numbered(IdentityGraph graph, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < graph.Count ? Representative(graph, graph.CustomerOf(number)) : -1;

    /// <summary>The identity people know a customer by: the oldest user id, else the oldest anonymous id.</summary>
    private static int Representative(IdentityGraph graph, int customer)
    {
        var members = graph.Members(customer);
        return members.FindIndex(graph.IsUser) is >= 0 and var user ? members[user] : members[0];
    }

    private static string Identifier(IdentityGraph graph, int identity) => (graph.IsUser(identity) ? "user:" : "anonymous:") + graph.Text(identity);

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
