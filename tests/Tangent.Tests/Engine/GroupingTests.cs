using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Journeys of groups against regrouping every event by hand, over a base, overlay layers and merges.</summary>
public sealed class GroupingTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Journeys_of_groups_are_the_events_of_their_members_in_order(int seed)
    {
        using var given = Filled(seed);
        for (var repeat = 0; repeat < 5; repeat++)
        {
            var (groupOf, model) = Grouped(given);
            var view = given.Table.View().GroupBy(groupOf);
            given.Events(20).Move();

            var journeys = model.Journeys();
            view.Events.ShouldBe(model.Events.Count);
            for (var group = 0; group < 8; group++)
                Given.ShouldBeSame(CustomerJourney.Of(view, group).Events, journeys.TryGetValue(group, out var journey) ? [.. journey] : [], $"seed {seed}, group {group}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Questions_asked_of_groups_equal_the_oracle(int seed)
    {
        using var given = Filled(seed);
        var (groupOf, model) = Grouped(given);
        var view = given.Table.View().GroupBy(groupOf);
        var filter = given.Filter();
        var touchpoints = given.Touchpoints();

        var flows = new FlowQuestion { TouchpointOfSignature = touchpoints, Filter = filter };
        Given.ShouldBeSame(flows.Ask(view), Oracles.Flow(flows, model), $"seed {seed}");
        var variants = new VariantsQuestion { TouchpointOfSignature = touchpoints, Filter = filter };
        Given.ShouldBeSame(variants.Ask(view), Oracles.Variants(variants, model), $"seed {seed}");
        var funnel = new FunnelQuestion { TouchpointOfSignature = touchpoints, Filter = filter, Steps = [[0], [1]] };
        Given.ShouldBeSame(funnel.Ask(view), Oracles.Funnel(funnel, model), $"seed {seed}");
        funnel.Customers(view, 1, FunnelOutcome.Reached).Customers.ShouldBe(Oracles.FunnelCustomers(funnel, model, 1, FunnelOutcome.Reached, null));
    }

    [Fact]
    public void Customers_without_a_group_and_groups_without_customers_have_no_journey()
    {
        using var given = new Given(1).Events(200).Compact().Events(50);
        var view = given.Table.View();
        view.GroupBy([]).Events.ShouldBe(0);
        view.GroupBy([.. Enumerable.Repeat(JourneyGrouping.NoGroup, 60)]).Events.ShouldBe(0);
        var one = view.GroupBy([.. Enumerable.Repeat(70, 60)]);
        (one.Events, one.Customers).ShouldBe((250, 71));
        Should.Throw<ArgumentException>(() => view.GroupBy([-2]));
    }

    private static Given Filled(int seed)
    {
        var given = new Given(seed, identities: 5 + seed);
        given.Events(seed * 20).Move();
        if (seed % 3 > 0) given.Compact();
        given.Events(60).Move();
        given.Table.View();
        return given.Events(30).Move();
    }

    /// <summary>Some customers to eight groups, and what the groups' journeys should be: the model with every identity assigned to its group.</summary>
    private static (int[] GroupOf, Model Model) Grouped(Given given)
    {
        // Shorter than there are customers: those beyond its end have no group.
        int[] groupOf = [.. Enumerable.Range(0, 30).Select(_ => given.Next(9) - 1)];
        var model = new Model();
        foreach (var e in given.Model.Events)
        {
            var customer = given.Model.CustomerOf(e.Event.Identity);
            if (customer >= groupOf.Length || groupOf[customer] < 0) continue;
            model.Append(e.Event, e.Properties);
            model.Assign(e.Event.Identity, groupOf[customer]);
        }

        return (groupOf, model);
    }
}
