using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Paths with ends, visits and fates told apart, against their oracle on seeded random journeys; and against funnels where both mean the same.</summary>
public sealed class PathWalkTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Paths_with_ends_visits_and_fates_equal_the_oracle(int seed)
    {
        using var given = Filled(seed);
        for (var repeat = 0; repeat < 12; repeat++)
        {
            var view = given.Table.View();
            var because = $"seed {seed}, repeat {repeat}";
            var question = Question(given);
            var answer = question.Ask(view);
            Given.ShouldBeSame(answer, PathWalkOracle.Paths(question, given.Model), because);
            foreach (var node in answer.Nodes.Take(5))
                foreach (var fate in new[] { PathFate.Any, PathFate.Ended, PathFate.Open, PathFate.Continues })
                    question.Customers(view, node.Position, node.Touchpoint, fate).Customers
                        .ShouldBe(PathWalkOracle.Customers(question, given.Model, node.Position, node.Touchpoint, fate, 0), because);
            foreach (var edge in answer.Edges.Take(5))
            {
                var behind = question.Customers(view, edge.Position, edge.From, PathFate.WentOn, edge.To);
                behind.Customers.ShouldBe(PathWalkOracle.Customers(question, given.Model, edge.Position, edge.From, PathFate.WentOn, edge.To), because);
                behind.Total.ShouldBe(edge.Customers, because);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Where_nothing_more_is_asked_the_fast_way_gives_the_same_paths(int seed)
    {
        using var given = Filled(seed);
        var view = given.Table.View();
        var plain = new PathsQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = given.Filter(), Steps = 2 + given.Next(5), CollapseRepeats = given.Next(2) == 0, LeastCustomers = given.Next(4), EdgeLimit = given.Next(30) };
        var fast = plain.Ask(view);
        // So long a gap splits nothing, but takes the other way.
        var walked = (plain with { VisitGapMs = long.MaxValue }).Ask(view);
        Given.ShouldBeSame(
            walked with { Paths = 0, Nodes = [.. walked.Nodes.Select(n => n with { Paths = 0 })], Edges = [.. walked.Edges.Select(e => e with { Paths = 0 })] }, fast, $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Paths_and_funnels_agree_where_they_mean_the_same(int seed)
    {
        using var given = Filled(seed);
        var view = given.Table.View();
        var (touchpoints, filter) = (given.Touchpoints(), given.Filter());
        // Two different ones: the same one twice is collapsed in a path and must happen twice in a funnel.
        ushort[] a = [0], b = [1];
        var funnel = new FunnelQuestion { TouchpointOfSignature = touchpoints, Filter = filter, Steps = [a, b], WindowMs = long.MaxValue };
        var starting = new PathsQuestion { TouchpointOfSignature = touchpoints, Filter = filter, Start = a, OpenFromMs = long.MaxValue };
        var reached = funnel.Ask(view).Steps;

        starting.Ask(view).Customers.ShouldBe(reached[0].Customers);
        var between = starting with { End = b, Steps = PathsQuestion.MaxSteps };
        between.Ask(view).Customers.ShouldBe(reached[1].Customers);
        between.Customers(view, 1, 0).Customers.ShouldBe(funnel.Customers(view, 1, FunnelOutcome.Reached).Customers);
        var to = new PathsQuestion { TouchpointOfSignature = touchpoints, Filter = filter, End = b, OpenFromMs = long.MaxValue };
        to.Ask(view).Customers.ShouldBe((funnel with { Steps = [b] }).Ask(view).Steps[0].Customers);
    }

    private static PathsQuestion Question(Given given)
    {
        ushort[] Some() => [(ushort)given.Next(6), (ushort)given.Next(6)];
        var latest = given.Model.Events.Count == 0 ? 0 : given.Model.Events.Max(e => e.Event.TimestampMs);
        var question = new PathsQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Steps = 2 + given.Next(5),
            CollapseRepeats = given.Next(2) == 0,
            Start = given.Next(2) == 0 ? null : Some(),
            End = given.Next(3) == 0 ? null : Some(),
            // Times are multiples of 300 ms: some gaps are exactly as long.
            VisitGapMs = given.Next(2) == 0 ? null : 300 * given.Next(30),
            OpenFromMs = given.Next(3) == 0 ? null : latest - 300 * given.Next(50),
            EdgeLimit = given.Next(40),
            LeastCustomers = given.Next(4),
        };
        return question is { End: null, VisitGapMs: null, OpenFromMs: null } ? question with { OpenFromMs = latest - 3000 } : question;
    }

    private static Given Filled(int seed)
    {
        var given = new Given(seed, identities: 1 + seed * 2);
        given.Events(seed * 15);
        if (seed % 3 > 0) given.Move().Compact();
        if (seed % 2 != 0) return given;
        for (var batch = 0; batch < 5; batch++)
        {
            given.Events(given.Next(50)).Move();
            given.Table.View();
        }

        return given;
    }
}
