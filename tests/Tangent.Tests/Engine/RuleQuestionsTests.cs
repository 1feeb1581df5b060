using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>The questions that take rules on events against their oracles, on seeded random journeys in a base, in overlay layers, and in both.</summary>
public sealed class RuleQuestionsTests
{
    private const long Origin = 1_700_000_000_000;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Funnels_of_rules_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var question = Funnel(given);
        Given.ShouldBeSame(question.Ask(view), RuleOracles.Funnel(question, given.Model), because);
        for (var step = 0; step < question.Steps.Count; step++)
        {
            var pick = new RuleFunnelPick(step, (FunnelOutcome)given.Next(2));
            if (question.Breakdown is not null && given.Next(2) == 0) pick = pick with { Group = new ushort[] { 0, 1, Code.None }[given.Next(3)] };
            if (question.TrendBoundsMs is not null && given.Next(2) == 0) pick = pick with { Bucket = given.Next(question.TrendBoundsMs.Length - 1) };
            if (step > 0 && given.Next(2) == 0) pick = pick with { FromMs = 1000, ToMs = 1000 * (2 + given.Next(10)) };
            Behind(question.Customers(view, pick), RuleOracles.FunnelCustomers(question, given.Model, pick), because + " " + pick);
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Retention_and_life_cycle_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var bound = Origin - given.Next(3000);
        // Some of more than 64 periods, and some that do not hold all events.
        var most = given.Next(4) == 0 ? 90 : 9;
        long[] bounds = [.. Enumerable.Range(0, 2 + given.Next(most)).Select(_ => bound += 1 + given.Next(40_000 / most))];
        var retention = new RetentionQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            BoundsMs = bounds,
            Starts = given.Next(2) == 0 ? null : Rules(given),
            Returns = given.Next(2) == 0 ? null : Rules(given),
            Recurring = given.Next(2) == 0,
            OrAfter = given.Next(2) == 0,
        };
        Given.ShouldBeSame(retention.Ask(view), RetentionOracles.Retention(retention, given.Model), because);
        var (cohort, absent) = (given.Next(bounds.Length - 1), given.Next(2) == 0);
        int? offset = given.Next(3) == 0 ? null : given.Next(bounds.Length - 1 - cohort);
        Behind(retention.Customers(view, cohort, offset, absent), RetentionOracles.RetentionCustomers(retention, given.Model, cohort, offset, absent), because);

        var lifeCycle = new LifeCycleQuestion { TouchpointOfSignature = retention.TouchpointOfSignature, Filter = retention.Filter, BoundsMs = bounds, Active = retention.Returns };
        Given.ShouldBeSame(lifeCycle.Ask(view), RetentionOracles.LifeCycle(lifeCycle, given.Model), because);
        foreach (var part in Enum.GetValues<LifePart>())
            Behind(lifeCycle.Customers(view, cohort, part), RetentionOracles.LifeCycleCustomers(lifeCycle, given.Model, cohort, part), because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Recovery_equals_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var question = new RecoveryQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Bad = Rules(given),
            Goals = given.Next(2) == 0 ? null : Rules(given),
            WindowMs = given.Next(2) == 0 ? 300 * (1 + given.Next(30)) : 1 + given.Next(20_000),
            EndMs = Origin + given.Next(60_000),
        };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, RetentionOracles.Recovery(question, given.Model), because);
        foreach (var outcome in Enum.GetValues<RecoveryOutcome>())
        {
            ushort? next = given.Next(2) == 0 ? null : (ushort)given.Next(6);
            Behind(question.Customers(view, [outcome], next), RetentionOracles.RecoveryCustomers(question, given.Model, outcome, next), because);
        }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_precedes_equals_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var question = new PrecedingQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = given.Filter(), Cases = Rules(given), WindowMs = 1 + given.Next(30_000) };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, RetentionOracles.Preceding(question, given.Model), because);
        var rows = question.Rows(view);
        Given.ShouldBeSame(rows, RetentionOracles.PrecedingRows(question, given.Model), because);
        var some = question.Rows(view, oneOf: 3).Customers;
        some.Except(rows.Customers).ShouldBeEmpty(because);
        some.Length.ShouldBeLessThanOrEqualTo(rows.Customers.Length, because);
        foreach (var isCase in new[] { true, false })
        {
            ushort? touchpoint = given.Next(2) == 0 ? null : (ushort)given.Next(6);
            Behind(question.Customers(view, isCase, touchpoint), RetentionOracles.PrecedingCustomers(question, given.Model, isCase, touchpoint), because);
        }
    });

    [Fact]
    public void An_excluded_event_ends_an_attempt_only_between_its_two_steps()
    {
        Reached("a x b c", exclusion: (0, 1)).ShouldBe(1);
        Reached("x a b c x", exclusion: (0, 2)).ShouldBe(3);
        Reached("a b x c", exclusion: (0, 1)).ShouldBe(3);
        Reached("a b x c", exclusion: (0, 2)).ShouldBe(2);
        Reached("a x b c", exclusion: (0, 2)).ShouldBe(1);
        // A later start, or a later choice of the same step, goes on.
        Reached("a x a b c", exclusion: (0, 2)).ShouldBe(3);
        Reached("a b x b c", exclusion: (1, 2)).ShouldBe(3);
        Reached("a b x b c", exclusion: (0, 2)).ShouldBe(2);
    }

    [Fact]
    public void Strict_steps_touch_unless_what_lies_between_is_ignored()
    {
        Reached("a x b c", FunnelOrder.Strict).ShouldBe(1);
        Reached("a x b c", FunnelOrder.Strict, ignored: true).ShouldBe(3);
        Reached("a b a b c", FunnelOrder.Strict).ShouldBe(3);
        Reached("c b a", FunnelOrder.Any).ShouldBe(3);
        Reached("c c a", FunnelOrder.Any).ShouldBe(2);
        Reached("c x b a", FunnelOrder.Any, exclusion: (0, 2)).ShouldBe(2);
    }

    // Signatures a, b, c are the three steps; x is excluded or ignored. One second between two events.
    private static int Reached(string journey, FunnelOrder order = FunnelOrder.Ordered, (int After, int Before)? exclusion = null, bool ignored = false)
    {
        using var given = new Given(1);
        var position = 0;
        foreach (var name in journey.Split(' '))
            given.Table.Append(new JourneyEvent(0, Origin + position * 1000, (ushort)"abcx".IndexOf(name[0], StringComparison.Ordinal), 0, 0, position++), [0, 0]);
        EventRule[] x = [EventRule.Of([false, false, false, true])];
        var question = new RuleFunnelQuestion
        {
            TouchpointOfSignature = [0, 1, 2, 3],
            Steps = [[EventRule.Of([true])], [EventRule.Of([false, true])], [EventRule.Of([false, false, true])]],
            Order = order,
            Exclusions = exclusion is { } between ? [new FunnelExclusion(x, between.After, between.Before)] : [],
            Ignored = ignored ? x : [],
        };
        return question.Ask(given.Table.View()).Steps.Count(step => step.Customers == 1);
    }

    private static RuleFunnelQuestion Funnel(Given given)
    {
        var question = new RuleFunnelQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Steps = [.. Enumerable.Range(0, 1 + given.Next(4)).Select(_ => Rules(given))],
            Order = (FunnelOrder)given.Next(3),
            WindowMs = given.Next(4) switch { 0 => 300 * (1 + given.Next(20)), 1 => 3000 * (1 + given.Next(20)), 2 => 1 + given.Next(40_000), _ => 100_000_000 },
            Ignored = given.Next(4) == 0 ? Rules(given) : [],
            Histogram = given.Next(2) == 0,
            TrendBoundsMs = given.Next(2) == 0 ? null : [Origin - 20_000, Origin + given.Next(10_000), Origin + 10_000 + given.Next(10_000), Origin + 20_000 + given.Next(10_000_000)],
            Breakdown = given.Next(4) switch
            {
                0 => new FunnelBreakdown(OfSignature: [.. Enumerable.Range(0, 10).Select(_ => given.Next(5) == 0 ? Code.None : (ushort)given.Next(3))]),
                1 => new FunnelBreakdown(Column: given.Next(2)),
                2 => new FunnelBreakdown(OfCustomer: [.. Enumerable.Range(0, 20).Select(_ => given.Next(5) == 0 ? Code.None : (ushort)given.Next(3))]),
                _ => null,
            },
        };
        if (question.Breakdown is not null) question = question with { Breakdown = question.Breakdown with { Touch = (FunnelTouch)given.Next(3), Step = given.Next(question.Steps.Count) } };
        if (question.Steps.Count == 1) return question;
        return question with
        {
            Exclusions = [.. Enumerable.Range(0, given.Next(3)).Select(_ => given.Next(question.Steps.Count - 1) is var after
                ? new FunnelExclusion(Rules(given), after, after + 1 + given.Next(question.Steps.Count - 1 - after)) : null!)],
        };
    }

    // A few signatures; some with a condition on a property.
    private static EventRule[] Rules(Given given) => [.. Enumerable.Range(0, 1 + given.Next(2)).Select(_ => new EventRule(
        given.Next(12) == 0 ? null : [.. Enumerable.Range(0, Given.Signatures).Select(_ => given.Next(6) == 0)],
        given.Next(3) > 0 ? [] : [new PropertyCondition(given.Next(2), [true, given.Next(2) == 0])]))];

    internal static void Behind(CustomersBehind actual, int[] expected, string because)
    {
        actual.Customers.ShouldBe(expected, because);
        actual.Total.ShouldBe(expected.Length, because);
    }

    internal static void Repeat(int seed, Action<Given, JourneyView, string> check)
    {
        using var given = new Given(seed, identities: 1 + seed * 3);
        given.Events(seed * 20);
        if (seed % 3 > 0) given.Move().Compact();
        if (seed % 2 == 0)
            for (var batch = 0; batch < 5; batch++)
            {
                given.Events(given.Next(50)).Move();
                given.Table.View();
            }

        for (var repeat = 0; repeat < 12; repeat++) check(given, given.Table.View(), $"seed {seed}, repeat {repeat}");
    }
}
