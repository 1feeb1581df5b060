using System.Collections;

namespace Tangent.Collect;

internal sealed partial class JourneyStore
{
    /// <summary>Everybody who has an event or, by records of a CRM for example, a user id, by customer number. Of who has neither, such as a visitor whose events are over their retention period, nothing is known.</summary>
    public BitArray Everybody()
    {
        var scope = All();
        var customers = new Engine.TouchpointsQuestion { TouchpointOfSignature = new ushort[scope.Touchpoints.Signatures.Count] }.Customers(scope.View, 0).Customers;
        var bits = new BitArray(customers.Length == 0 ? 0 : customers.Max() + 1);
        foreach (var customer in customers) bits.Set(customer, true);
        lock (feed.Journeys.Gate)
        {
            var graph = feed.Journeys.Identities;
            bits.Length = Math.Max(bits.Length, graph.Count);
            for (var i = 0; i < graph.Count; i++)
                if (graph.IsUser(i) && !graph.IsErased(i)) bits.Set(graph.CustomerOf(i), true);
        }

        return bits;
    }

    /// <summary>Everybody who reaches the last step of a funnel.</summary>
    public Asked<CustomerSet> Reaching(FunnelQuestion question)
    {
        if (Prepare(question, out var refusal) is not { } plan) return refusal!;
        return new CustomerSet(plan.Engine.Customers(plan.Scope.View, new Engine.RuleFunnelPick(question.Steps.Count - 1, Engine.FunnelOutcome.Reached)).Customers);
    }
}
