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

    /// <summary>Everybody who reaches the last step of a funnel.</summary>
    public Asked<CustomerSet> Reaching(FunnelQuestion question)
    {
        if (Prepare(question, out var refusal) is not { } plan) return refusal!;
        return new CustomerSet(plan.Engine.Customers(plan.Scope.View, new Engine.RuleFunnelPick(question.Steps.Count - 1, Engine.FunnelOutcome.Reached)).Customers);
    }
}
