using System.Collections;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Everybody who has an event, by customer number.</summary>
    public BitArray Everybody() => feed.Now.View.Everybody();

    /// <summary>Whether somebody has a user id and no event, as persons in files of a CRM have.</summary>
    /// <param name="everybody">Who has an event.</param>
    public bool AnyEventless(BitArray everybody)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            for (var i = 0; i < graph.Count; i++)
                if (graph.IsUser(i) && !graph.IsErased(i) && graph.CustomerOf(i) is var customer && (customer >= everybody.Length || !everybody[customer])) return true;
            return false;
        }
    }

    /// <summary>Adds the customers of identities to some; those of erased ones are nobody.</summary>
    /// <param name="identities">By number of the identity.</param>
    /// <param name="customers">By number of the customer; grows as far as it must.</param>
    public void AddCustomersOf(BitArray identities, BitArray customers)
    {
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            var (count, last) = (Math.Min(graph.Count, identities.Length), customers.Length - 1);
            for (var i = 0; i < count; i++)
                if (identities[i] && !graph.IsErased(i)) last = Math.Max(last, graph.CustomerOf(i));
            customers.Length = last + 1;
            for (var i = 0; i < count; i++)
                if (identities[i] && !graph.IsErased(i)) customers.Set(graph.CustomerOf(i), true);
        }
    }

    /// <summary>Everybody who reaches the last step of a funnel.</summary>
    public Asked<CustomerSet> Reaching(FunnelQuestion question)
    {
        if (Prepare(question, out var refusal) is not { } plan) return refusal!;
        return new CustomerSet(plan.Engine.Customers(plan.Scope.View, new Engine.RuleFunnelPick(question.Steps.Count - 1, Engine.FunnelOutcome.Reached)).Customers);
    }
}
