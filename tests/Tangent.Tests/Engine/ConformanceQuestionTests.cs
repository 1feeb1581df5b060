using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Conformance and stalled journeys against their oracles, and a kernel's answer where it can be read off.</summary>
public sealed class ConformanceQuestionTests
{
    public static TheoryData<int> Seeds() => QuestionsTests.Seeds();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Conformance_equals_the_oracle(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        var question = new ConformanceQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Rules = [.. Enumerable.Range(0, 1 + given.Next(9)).Select(_ => Rule(given))],
        };
        var (answer, expected) = (question.Ask(view), ConformanceOracle.Ask(question, given.Model));
        answer.Fitness.ShouldBe(expected.Fitness, 1e-12, because);
        answer.Variance.ShouldBe(expected.Variance, 1e-12, because);
        Given.ShouldBeSame(answer with { Fitness = 0, Variance = 0 }, expected with { Fitness = 0, Variance = 0 }, because);
        foreach (var pick in Picks(given, answer, question.Rules.Count))
            QuestionsTests.Behind(question.Customers(view, pick), ConformanceOracle.Customers(question, given.Model, pick), $"{because}, {pick}");
        int[] some = [.. Enumerable.Range(0, 20).Select(_ => given.Next(60)).Distinct()];
        Given.ShouldBeSame(question.Journeys(view, some), ConformanceOracle.Journeys(question, given.Model, some), because);
        foreach (var deviation in answer.FirstDeviations)
            question.Customers(view, new ConformancePick(RuleOutcome.First, deviation.Rule, deviation.Touchpoint)).Total.ShouldBe(deviation.Customers, because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Sixty_four_rules_at_once_equal_each_by_itself(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        if (!because.EndsWith('1')) return;
        var question = new ConformanceQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = given.Filter(), Rules = [.. Enumerable.Range(0, 64).Select(_ => Rule(given))] };
        var all = question.Ask(view).Rules;
        for (var rule = 0; rule < 64; rule++) (question with { Rules = [question.Rules[rule]] }).Ask(view).Rules[0].ShouldBe(all[rule], because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Stalled_journeys_equal_the_oracle(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        var latest = given.Model.Events.Count == 0 ? 0 : given.Model.Events.Max(e => e.Event.TimestampMs);
        var question = new StalledQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            AsOfMs = latest + given.Next(20_000) - 5000,
            Quantile = given.Next(3) switch { 0 => 0.9, 1 => 0.5, _ => (1 + given.Next(99)) / 100.0 },
        };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, StalledOracle.Ask(question, given.Model), because);
        foreach (var item in answer.Touchpoints)
        {
            var (waiting, stalled) = (question.Customers(view, [item.Touchpoint], false), question.Customers(view, [item.Touchpoint], true));
            (waiting.Total, stalled.Total).ShouldBe((item.Waiting, item.Stalled), because);
            stalled.Customers.ShouldBe(StalledOracle.Customers(question, given.Model, item.Touchpoint, true), because);
        }

        question.Customers(view, null, true).Total.ShouldBe(answer.Touchpoints.Sum(item => item.Stalled), because);
        question.Customers(view, [0, 3], false).Total.ShouldBe(answer.Touchpoints.Where(item => item.Touchpoint is 0 or 3).Sum(item => item.Waiting), because);
    });

    [Fact]
    public void What_cannot_be_a_rule_is_refused_and_nothing_has_no_fitness()
    {
        using var given = new Given(1);
        var view = given.Table.View();
        ConformanceQuestion With(params ConformanceRule[] rules) => new() { TouchpointOfSignature = [0, 1, 2], Rules = rules };
        foreach (var rule in new ConformanceRule[]
        {
            new(RuleKind.Starts, []), new(RuleKind.Starts, [[]]), new(RuleKind.Starts, [[0], [1]]), new(RuleKind.Response, [[0]]), new(RuleKind.Response, [[0], [1, 0]]), new(RuleKind.And, [[0]]),
            new(RuleKind.Between, [[0]]) { Least = 2, Most = 1 }, new(RuleKind.Between, [[0]]) { Least = -1 }, new(RuleKind.Within, [[0], [1]]), new(RuleKind.Xor, [.. Enumerable.Range(0, 17).Select(t => new[] { (ushort)t })]),
        })
            Should.Throw<ArgumentException>(() => With(rule).Ask(view), rule.ToString());
        Should.Throw<ArgumentException>(() => With().Ask(view));
        Should.Throw<ArgumentException>(() => With([.. Enumerable.Repeat(new ConformanceRule(RuleKind.Ends, [[0]]), 65)]).Ask(view));
        var nothing = With(new ConformanceRule(RuleKind.Ends, [[0]])).Ask(view);
        (nothing.Customers, nothing.Applicable, nothing.Fitness, nothing.Variance).ShouldBe((0, 0, 0, 0));
        new StalledQuestion { TouchpointOfSignature = [0, 1, 2], AsOfMs = long.MaxValue }.Ask(view).Touchpoints.ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => new StalledQuestion { TouchpointOfSignature = [0], AsOfMs = 0, Quantile = double.NaN }.Ask(view));
    }

    [Fact]
    public void Open_waits_make_the_usual_wait_longer_than_the_completed_ones_say()
    {
        // From touchpoint 0 one goes on after 1, 2, 3 and 4 hours each; a fifth has waited 3½ hours so far, a sixth a hundred.
        using var given = new Given(1);
        const long hour = 3_600_000, now = 1000 * hour;
        long position = 0;
        void Journey(int customer, params (long Hours, ushort At)[] events)
        {
            foreach (var (hours, at) in events) given.Table.Append(new JourneyEvent(customer, (long)(hours * (hour / 2)), at, 0, 0, position++), [0, 0]);
        }

        for (var customer = 1; customer <= 4; customer++) Journey(customer, (100, 0), (100 + 2 * customer, 1));
        Journey(5, (2000 - 7, 0));
        Journey(6, (2000 - 200, 0));
        var question = new StalledQuestion { TouchpointOfSignature = [0, 1], AsOfMs = now, Quantile = 0.7 };
        var at0 = question.Ask(given.Table.View()).Touchpoints.Single(item => item.Touchpoint == 0);
        // Product-limit by hand: 5/6 · 4/5 · 3/4 · (the fifth leaves) · 1/2 = 1/4 never go on. Of the 3/4 who do, 70 % are 0.525:
        // 1 − 3/6 = 0.5 have gone on after three hours, 0.75 after four.
        at0.GoesOn.ShouldBe(0.75, 1e-12);
        at0.UsualMs.ShouldBe(4 * hour);
        (at0.Visits, at0.WentOn, at0.Waiting, at0.Stalled, at0.MedianWaitMs).ShouldBe((6, 4, 2, 1, 100.0 * hour));
        question.Customers(given.Table.View(), [0], stalled: true).Customers.ShouldBe([6]);
    }

    private static ConformanceRule Rule(Given given)
    {
        var kind = Enum.GetValues<RuleKind>()[given.Next(12)];
        var sets = kind switch
        {
            RuleKind.Starts or RuleKind.Ends or RuleKind.Absent or RuleKind.Contains or RuleKind.Between => 1,
            RuleKind.And or RuleKind.Xor => 2 + given.Next(3),
            _ => 2,
        };
        // Touchpoints 0 to 5 are of the journeys, 6 never happens.
        var order = Enumerable.Range(0, 7).OrderBy(_ => given.Next(1000)).Select(touchpoint => (ushort)touchpoint).ToArray();
        var touchpoints = Enumerable.Range(0, sets).Select(set => set == 0 && given.Next(2) == 0 ? [order[0], order[6]] : new[] { order[set] }).ToArray();
        var least = given.Next(4);
        return new ConformanceRule(kind, touchpoints) { Least = least, Most = given.Next(3) == 0 ? int.MaxValue : least + given.Next(3), WithinMs = 300 * (1 + given.Next(60)) };
    }

    private static IEnumerable<ConformancePick> Picks(Given given, ConformanceAnswer answer, int rules)
    {
        foreach (var outcome in Enum.GetValues<RuleOutcome>())
        {
            yield return new ConformancePick(outcome);
            yield return new ConformancePick(outcome, given.Next(rules));
            yield return new ConformancePick(outcome, given.Next(2) == 0 ? null : given.Next(rules), Bin: given.Next(11));
        }

        if (answer.FirstDeviations is [.., var last]) yield return new ConformancePick(RuleOutcome.First, last.Rule, last.Touchpoint);
    }
}
