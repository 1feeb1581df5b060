using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>What a table should hold, kept in the plainest way: a list of events and who belongs to whom.</summary>
internal sealed class Model
{
    private readonly List<CustomerEvent> events = [];
    private readonly Dictionary<int, int> customers = [];

    public IReadOnlyList<CustomerEvent> Events => events;

    public void Append(JourneyEvent e, ushort[] properties) => events.Add(new CustomerEvent(e, properties));

    public void Assign(int identity, int customer) => customers[identity] = customer;

    public void Erase(int identity) => events.RemoveAll(e => e.Event.Identity == identity);

    /// <returns>The events taken out.</returns>
    public List<CustomerEvent> Withdraw(long from, long to)
    {
        var withdrawn = events.FindAll(e => e.Event.Position >= from && e.Event.Position < to);
        events.RemoveAll(withdrawn.Contains);
        return withdrawn;
    }

    public int CustomerOf(int identity) => customers.GetValueOrDefault(identity, identity);

    public Model Copy()
    {
        var copy = new Model();
        copy.events.AddRange(events);
        foreach (var (identity, customer) in customers) copy.customers[identity] = customer;
        return copy;
    }

    /// <summary>Whole journeys by customer, in order.</summary>
    public SortedDictionary<int, List<CustomerEvent>> Journeys()
    {
        var journeys = new SortedDictionary<int, List<CustomerEvent>>();
        foreach (var group in events.GroupBy(e => CustomerOf(e.Event.Identity)))
            journeys[group.Key] = [.. group.OrderBy(e => e.Event.TimestampMs).ThenBy(e => e.Event.Position)];
        return journeys;
    }

    /// <summary>Journeys as a question sees them.</summary>
    public List<ModelJourney> Journeys(ushort[] touchpointOf, JourneyFilter filter)
    {
        var seen = new List<ModelJourney>();
        foreach (var (customer, journey) in Journeys())
        {
            if (filter.Customers is { } segment && !segment.Contains(customer)) continue;
            var steps = journey.Where(e => Passes(e, filter) && Touchpoint(e, touchpointOf) != Code.None)
                .Select(e => new ModelStep(Touchpoint(e, touchpointOf), e.Event.TimestampMs, e)).ToList();
            if (steps.Count > 0) seen.Add(new ModelJourney(customer, steps));
        }

        return seen;
    }

    private static ushort Touchpoint(CustomerEvent e, ushort[] touchpointOf) =>
        e.Event.Signature < touchpointOf.Length ? touchpointOf[e.Event.Signature] : Code.None;

    private static bool Passes(CustomerEvent e, JourneyFilter filter) =>
        e.Event.TimestampMs >= filter.FromMs && e.Event.TimestampMs < filter.ToMs
        && (filter.Signatures is not { } allowed || (e.Event.Signature < allowed.Length && allowed[e.Event.Signature]))
        && filter.Properties.All(condition => e.Properties[condition.Column] < condition.Allowed.Length && condition.Allowed[e.Properties[condition.Column]]);
}

internal sealed record ModelStep(ushort Touchpoint, long Ms, CustomerEvent Source);

internal sealed record ModelJourney(int Customer, List<ModelStep> Steps)
{
    public List<ModelStep> Collapsed(bool collapse) =>
        collapse ? [.. Steps.Where((step, index) => index == 0 || Steps[index - 1].Touchpoint != step.Touchpoint)] : Steps;
}
