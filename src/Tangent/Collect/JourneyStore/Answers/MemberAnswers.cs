using System.Collections;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Everybody who has an event, by customer number.</summary>
    public BitArray Everybody()
    {
        var scope = All();
        var customers = new Engine.TouchpointsQuestion { TouchpointOfSignature = new ushort[scope.Touchpoints.Signatures.Count] }.Customers(scope.View, 0).Customers;
        var bits = new BitArray(customers.Length == 0 ? 0 : customers.Max() + 1);
        foreach (var customer in customers) bits.Set(customer, true);
        return bits;
    }

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

    /// <summary>Everybody who reaches the last step of a funnel.</summary>
    public Asked<CustomerSet> Reaching(FunnelQuestion question)
    {
        if (Prepare(question, out var refusal) is not { } plan) return refusal!;
        return new CustomerSet(plan.Engine.Customers(plan.Scope.View, new Engine.RuleFunnelPick(question.Steps.Count - 1, Engine.FunnelOutcome.Reached)).Customers);
    }
}
