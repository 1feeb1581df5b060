using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>What a question allocates may grow with its answer, not with the customers it looks at.</summary>
[Collection(nameof(AloneTests))]
public sealed class AllocationTests
{
    [Fact]
    public void No_question_allocates_for_each_customer()
    {
        ushort[] touchpoints = [0, 1, 2, 3, 4, 5];
        var rates = new double[256];
        (string Name, Action<JourneyView> Ask)[] questions =
        [
            ("funnel", view => new FunnelQuestion { TouchpointOfSignature = touchpoints, Steps = [[0], [1], [2]], GroupOfSignature = touchpoints }.Ask(view)),
            ("funnel of rules", view => RuleFunnel(touchpoints).Ask(view)),
            ("retention", view => new RetentionQuestion { TouchpointOfSignature = touchpoints, BoundsMs = [0, 1_000_000, 9_000_000], Recurring = true }.Ask(view)),
            ("life cycle", view => new LifeCycleQuestion { TouchpointOfSignature = touchpoints, BoundsMs = [0, 1_000_000, 9_000_000] }.Ask(view)),
            ("recovery", view => new RecoveryQuestion { TouchpointOfSignature = touchpoints, Bad = [EventRule.Of([true])], EndMs = 9_000_000 }.Ask(view)),
            ("preceding", view => new PrecedingQuestion { TouchpointOfSignature = touchpoints, Cases = [EventRule.Of([true])] }.Ask(view)),
            ("paths", view => new PathsQuestion { TouchpointOfSignature = touchpoints }.Ask(view)),
            ("paths by visit", view => new PathsQuestion { TouchpointOfSignature = touchpoints, End = [2], VisitGapMs = 100, OpenFromMs = 9_000_000 }.Ask(view)),
            ("rework", view => new ReworkQuestion { TouchpointOfSignature = touchpoints }.Ask(view)),
            ("flow", view => new FlowQuestion { TouchpointOfSignature = touchpoints }.Ask(view)),
            ("variants", view => new VariantsQuestion { TouchpointOfSignature = touchpoints }.Ask(view)),
            ("touchpoints", view => new TouchpointsQuestion { TouchpointOfSignature = touchpoints, BucketBoundsMs = [0, 1_000_000, 9_000_000] }.Ask(view)),
            ("signatures", view => new SignaturesQuestion().Ask(view)),
            ("values", view => new ValuesQuestion { TouchpointOfSignature = touchpoints, Rates = rates }.Ask(view)),
            ("conformance", view => new ConformanceQuestion { TouchpointOfSignature = touchpoints, Rules = [new(RuleKind.Starts, [[0]]), new(RuleKind.Within, [[1], [2]]) { WithinMs = 5 }, new(RuleKind.Xor, [[3], [4]])] }.Ask(view)),
            ("stalled", view => new StalledQuestion { TouchpointOfSignature = touchpoints, AsOfMs = 9_000_000 }.Ask(view)),
            ("correlation", view => new CorrelationQuestion { TouchpointOfSignature = touchpoints, Goal = [2] }.Ask(view)),
            ("neighbours", view => new NeighboursQuestion { TouchpointOfSignature = touchpoints, Touchpoint = 1 }.Ask(view)),
            ("co-occurrence", view => new CoOccurrenceQuestion { TouchpointOfSignature = touchpoints }.Ask(view)),
            ("attribution", view => new AttributionQuestion { TouchpointOfSignature = touchpoints, ConversionOfSignature = [false, true], MarkovOrder = 2 }.Ask(view)),
            ("totals", view => new TotalsQuestion { TouchpointOfSignature = touchpoints, Rates = rates, BucketBoundsMs = [0, 1_000_000, 9_000_000] }.Ask(view)),
            ("customers", view => new CustomersQuestion { TouchpointOfSignature = touchpoints }.Ask(view)),
        ];
        const int Few = 20_000, Many = 620_000;
        using var few = Filled(Few);
        using var many = Filled(Many);
        foreach (var (name, ask) in questions)
        {
            var more = Allocated(() => ask(many.Table.View())) - Allocated(() => ask(few.Table.View()));
            // A second thread's counters come on top, once. One object for each customer would be 24 bytes and more for each;
            // lists of times (8 bytes a case, some doubling) are the answer's own.
            const long Counters = 6 << 20;
            // A flow holds the times near its medians, here all of them, in memory that is lent again: what is measured is the answer.
            // Variants hold the durations of those listed, here all of them, and for each thread some bits of places for every customer.
            // Rework holds the time of every journey in lists that double, and once more all together.
            // A funnel of rules does the same for each step, in lists of each thread: how far they double depends on who took more blocks.
            // Stalled journeys hold the open wait of every customer, and once more of those who wait too long.
            // What precedes holds the time of every case, here of half of the customers, in lists that double, and once more all together.
            var lists = name switch { "funnel" or "variants" => 23L, "preceding" => 24L, "stalled" => 32L, "funnel of rules" => 40L, "rework" => 56L, _ => 0L };
            more.ShouldBeLessThan(Counters + lists * (Many - Few), name);
        }
    }

    private static RuleFunnelQuestion RuleFunnel(ushort[] touchpoints) => new()
    {
        TouchpointOfSignature = touchpoints,
        Steps = [[EventRule.Of([true])], [new EventRule([false, true], [new PropertyCondition(0, [true])])], [EventRule.Of([false, false, true])]],
        Order = FunnelOrder.Any,
        Exclusions = [new FunnelExclusion([EventRule.Of([false, false, false, true])], 0, 2)],
        Breakdown = new FunnelBreakdown(Column: 1, Touch: FunnelTouch.Last),
        TrendBoundsMs = [0, 1_000_000, 9_000_000],
        Histogram = true,
    };

    // Journeys of the same few sequences, three events each.
    private static Given Filled(int customers)
    {
        var given = new Given(1);
        for (var i = 0; i < customers * 3; i++)
            given.Table.Append(new JourneyEvent(i % customers, i, (ushort)((i / customers + i % 5) % 6), 1, 1, i), [0, 0]);
        given.Table.Compact(customers * 3);
        return given;
    }

    private static long Allocated(Action ask)
    {
        ask();
        var least = long.MaxValue;
        for (var repeat = 0; repeat < 5; repeat++)
        {
            // Other tests may allocate meanwhile: the least of several is this question's own.
            var before = GC.GetTotalAllocatedBytes(precise: true);
            ask();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}

[CollectionDefinition(nameof(AloneTests), DisableParallelization = true)]
public sealed class AloneTests;
