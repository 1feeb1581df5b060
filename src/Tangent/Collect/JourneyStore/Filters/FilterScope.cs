using static Tangent.Web.Texts;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>One state of everything: a question and the customers behind its numbers see the same journeys and the same touchpoints.</summary>
    /// <param name="View">The journeys of the unit of analysis.</param>
    /// <param name="Accounts">The accounts whose journeys they are; null where they are persons'.</param>
    private readonly record struct Scope(Engine.JourneyView View, TouchpointTable Touchpoints, Engine.JourneyFilter Filter, AccountJourneys? Accounts = null)
    {
        public ushort[] OfSignature => Touchpoints.OfSignature;
    }

    private Scope All()
    {
        var now = feed.Now;
        return new Scope(now.View, TableOf(now), Engine.JourneyFilter.Everything);
    }

    private Scope? ScopeOf(JourneyFilter filter, out Refusal? refusal)
    {
        if (filter is { Within: null } && filter.Traits.Count + filter.Segments.Count + filter.Personas.Count > 0) throw new ArgumentException("Traits, segments or personas have not been made a set of customers.", nameof(filter));
        var customers = CustomersOf(filter, out refusal);
        if (filter is { From: { } first, To: { } last } && last < first) refusal = new Refusal("to", T("Collect.Refusal.To"));
        if (refusal is not null) return null;
        var accounts = filter.Unit == JourneyUnit.Account ? AccountsNow(customers) : null;
        var now = accounts?.Journeys ?? feed.Now;
        var table = TableOf(now);
        var allowed = SignaturesOf(filter, table, ref refusal);
        var conditions = ConditionsOf(filter, ref refusal);
        if (refusal is not null) return null;
        return new Scope(now.View, table, new Engine.JourneyFilter
        {
            FromMs = filter.From is { } from ? StartOf(from) : long.MinValue,
            ToMs = filter.To is { } to ? StartOf(to.AddDays(1)) : long.MaxValue,
            Signatures = allowed,
            Properties = conditions,
            // Which members of an account count is settled where their journeys are put together.
            Customers = accounts is null ? customers : null,
        }, accounts);
    }

    /// <summary>Whether a customer, by number of now, is among those whom a filter names or whose traits, segments and personas it asks for.</summary>
    public Asked<Predicate<int>> Chosen(JourneyFilter filter)
    {
        var customers = CustomersOf(filter, out var refusal);
        return refusal is not null ? refusal : new Asked<Predicate<int>>(customers is null ? _ => true : customers.Contains, null);
    }

    /// <summary>The customers a filter leaves, by their numbers of now; null where it leaves all.</summary>
    private Engine.CustomerBitmap? CustomersOf(JourneyFilter filter, out Refusal? refusal)
    {
        refusal = null;
        Engine.CustomerBitmap? named = null, within = null;
        foreach (var identifier in filter.Customers)
        {
            if (Named(identifier) is { } customer) (named ??= new()).Add(customer.Customer);
            else refusal = new Refusal("customer", T("Collect.Refusal.Customer", identifier));
        }

        if (filter.Within is { } set)
        {
            within = new Engine.CustomerBitmap();
            lock (feed.Journeys.Gate)
            {
                var graph = feed.Journeys.Identities;
                foreach (var number in set.Numbers)
                    if (number >= 0 && number < graph.Count && graph.CustomerOf(number) is var customer && (named is null || named.Contains(customer))) within.Add(customer);
            }
        }

        return within ?? named;
    }

    private static bool[]? SignaturesOf(JourneyFilter filter, TouchpointTable table, ref Refusal? refusal)
    {
        if (filter.Channels.Count + filter.Sources.Count + filter.Touchpoints.Count == 0) return null;
        var at = new HashSet<ushort>();
        foreach (var name in filter.Touchpoints)
        {
            if (table.Find(name) is { } code) at.Add(code);
            else refusal = Unknown("touchpoint", name);
        }

        var (channels, sources) = (AnyCase(filter.Channels), AnyCase(filter.Sources));
        var allowed = new bool[table.Signatures.Count];
        for (var s = 0; s < allowed.Length; s++)
        {
            allowed[s] = (channels.Count == 0 || channels.Contains(table.Channels[s]))
                && (sources.Count == 0 || sources.Contains(table.Signatures[s].Source))
                && (at.Count == 0 || at.Contains(table.OfSignature[s]));
        }

        return allowed;
    }

    private static HashSet<string> AnyCase(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);

    private List<Engine.PropertyCondition> ConditionsOf(JourneyFilter filter, ref Refusal? refusal)
    {
        var conditions = new List<Engine.PropertyCondition>();
        foreach (var property in filter.Properties.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase))
        {
            var column = Column(property.Key);
            if (Unusable(column, property.Key) is { } why) refusal = new Refusal("property." + property.Key, why);
            else conditions.Add(new Engine.PropertyCondition(column, CodesOf(column, property.Select(p => p.Value))));
        }

        return conditions;
    }

    /// <returns>Why whoever asks cannot ask by a property; null where it can be.</returns>
    private string? Unusable(int column, string property) =>
        column < 0 ? T("Collect.Refusal.Property", property, string.Join(", ", feed.Journeys.Codes.Properties)) : sensitivity.Now.HidesField(property) ? T("Collect.Refusal.Hidden", property) : null;

    private int Column(string property)
    {
        var names = feed.Journeys.Codes.Properties;
        for (var i = 0; i < names.Count; i++)
            if (string.Equals(names[i], property, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    private bool[] CodesOf(int column, IEnumerable<string> values)
    {
        List<int> codes;
        lock (feed.Journeys.Gate) codes = [.. values.Select(v => feed.Journeys.Codes.FindValue(column, v)).Where(c => c >= 0)];
        var allowed = new bool[codes.Count == 0 ? 0 : codes.Max() + 1];
        foreach (var code in codes) allowed[code] = true;
        return allowed;
    }
}
