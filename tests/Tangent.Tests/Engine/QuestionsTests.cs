using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Every question against its oracle on seeded random journeys, in a base, in overlay layers, and in both.</summary>
public sealed class QuestionsTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Funnels_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var steps = Enumerable.Range(0, 1 + given.Next(5)).Select(_ => Enumerable.Range(0, 1 + given.Next(2)).Select(_ => (ushort)given.Next(6)).ToArray()).ToArray();
        // Touchpoints that serve one step at most take a way of their own.
        if (given.Next(2) == 0) steps = [.. steps.Select((_, step) => given.Next(4) == 0 ? new ushort[] { (ushort)step, (ushort)(step + 5) } : [(ushort)step])];
        var question = new FunnelQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Steps = steps,
            // Times are multiples of 300 ms: some windows end exactly on one.
            WindowMs = given.Next(4) switch { 0 => 300 * (1 + given.Next(20)), 1 => 3000 * (1 + given.Next(20)), 2 => 1 + given.Next(40_000), _ => 100_000_000 },
            GroupOfSignature = given.Next(2) == 0 ? null : [.. Enumerable.Range(0, 10).Select(_ => given.Next(5) == 0 ? Code.None : (ushort)given.Next(3))],
        };
        if (given.Next(3) == 0) question = question with { OnlyCustomers = true };
        Given.ShouldBeSame(question.Ask(view), Oracles.Funnel(question, given.Model), because);
        for (var step = 0; step < steps.Length; step++)
            foreach (var outcome in Enum.GetValues<FunnelOutcome>())
            {
                ushort? group = question.GroupOfSignature is null ? null : new ushort?[] { null, 1, Code.None }[given.Next(3)];
                Behind(question.Customers(view, step, outcome, group), Oracles.FunnelCustomers(question, given.Model, step, outcome, group), because);
            }
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Paths_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var question = new PathsQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = given.Filter(),
            Steps = 2 + given.Next(6),
            CollapseRepeats = given.Next(2) == 0,
            Start = given.Next(2) == 0 ? null : [(ushort)given.Next(6), (ushort)given.Next(6)],
            EdgeLimit = given.Next(40),
        };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, Oracles.Paths(question, given.Model), because);
        foreach (var node in answer.Nodes.Take(6))
            foreach (var fate in new[] { PathFate.Any, PathFate.Ended, PathFate.Continues })
                Behind(question.Customers(view, node.Position, node.Touchpoint, fate), Oracles.PathCustomers(question, given.Model, node.Position, node.Touchpoint, fate, 0), because);
        foreach (var edge in answer.Edges.Take(6))
            question.Customers(view, edge.Position, edge.From, PathFate.WentOn, edge.To).Customers
                .ShouldBe(Oracles.PathCustomers(question, given.Model, edge.Position, edge.From, PathFate.WentOn, edge.To), because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Variants_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var touchpoints = given.Touchpoints(1 + given.Next(3));
        // Large codes leave room for shorter sequences only before hashes are needed.
        var spread = new[] { 1, 30, 9000 }[given.Next(3)];
        touchpoints = [.. touchpoints.Select(code => code == Code.None ? code : (ushort)(code * spread))];
        var question = new VariantsQuestion
        {
            TouchpointOfSignature = touchpoints,
            FewCustomers = given.Next(2) * 1000,
            Filter = given.Filter(),
            CollapseRepeats = given.Next(2) == 0,
            Limit = given.Next(30),
            // Some with colliding hashes: all that is left is the comparison.
            HashMask = given.Next(2) == 0 ? ulong.MaxValue : 0x8000_0000_0000_0003,
        };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, Oracles.Variants(question, given.Model), because);
        Given.ShouldBeSame((question with { CountTotal = false }).Ask(view), answer with { Total = 0 }, because + ", without their number");
        foreach (var variant in answer.Items.Take(3))
            Behind(question.Customers(view, variant.Touchpoints), Oracles.VariantCustomers(question, given.Model, variant.Touchpoints), because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Flows_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var touchpoints = given.Touchpoints();
        // Codes far apart take the hashed way.
        if (given.Next(3) == 0) touchpoints = [.. touchpoints.Select(code => code == Code.None ? code : (ushort)(code * 9000))];
        var question = new FlowQuestion
        {
            TouchpointOfSignature = touchpoints,
            Filter = given.Filter(),
            CollapseRepeats = given.Next(2) == 0,
            // So that some medians are found by way of histograms, which large counts take.
            HistogramFrom = 1 + given.Next(60),
            GridUpTo = given.Next(3) == 0 ? 0 : FlowGrid.MostTouchpoints,
            SampleBlocks = 1,
        };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, Oracles.Flow(question, given.Model), because);
        FlowEdge[] bare = [.. answer.Edges.Select(edge => edge with { Customers = 0, MeanSeconds = 0 })];
        Given.ShouldBeSame((question with { CustomersAndMeans = false }).Ask(view), answer with { Edges = bare }, because + ", no more");
        foreach (var edge in answer.Edges.Take(4))
            Behind(question.Customers(view, edge.From, edge.To), Oracles.FlowCustomers(question, given.Model, edge.From, edge.To), because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Touchpoint_volumes_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        long[]? bounds = null;
        if (given.Next(3) > 0)
        {
            var bound = 1_700_000_000_000L - 20_000;
            bounds = [.. Enumerable.Range(0, 2 + given.Next(12)).Select(_ => bound += 1 + given.Next(20_000))];
        }

        var question = new TouchpointsQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = given.Filter(), BucketBoundsMs = bounds };
        var answer = question.Ask(view);
        Given.ShouldBeSame(answer, Oracles.Touchpoints(question, given.Model), because);
        foreach (var volume in answer.Touchpoints) question.Customers(view, volume.Number).Total.ShouldBe(volume.Customers, because);
        if (answer.Series is { } series)
            for (ushort code = 0; code < series.Customers.Length; code++) question.Customers(view, code, 0).Total.ShouldBe(series.Customers[code][0], because);
    });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Signature_volumes_values_and_lists_of_customers_equal_the_oracle(int seed) => Repeat(seed, (given, view, because) =>
    {
        var filter = given.Filter();
        ushort[] itself = [.. Enumerable.Range(0, Given.Signatures).Select(code => (ushort)code)];
        var expected = Oracles.Touchpoints(new TouchpointsQuestion { TouchpointOfSignature = itself, Filter = filter }, given.Model);
        var signatures = new SignaturesQuestion { Filter = filter };
        Given.ShouldBeSame(signatures.Ask(view), new SignaturesAnswer(expected.Events, expected.Customers, expected.Touchpoints), because);
        foreach (var volume in expected.Touchpoints) signatures.Customers(view, volume.Number).Total.ShouldBe(volume.Customers, because);

        var rates = new double[256];
        (rates[1], rates[2]) = (1, 0.25);
        var values = new ValuesQuestion { TouchpointOfSignature = given.Touchpoints(), Filter = filter, Rates = rates };
        var (actual, oracle) = (values.Ask(view), Oracles.Values(values, given.Model));
        actual.Touchpoints.Select(item => (item.Touchpoint, item.Events)).ShouldBe(oracle.Touchpoints.Select(item => (item.Touchpoint, item.Events)), because);
        foreach (var (a, b) in actual.Touchpoints.Zip(oracle.Touchpoints)) a.Value.ShouldBe(b.Value, 1e-6, because);

        long[] bounds = [.. Enumerable.Range(0, 3 + given.Next(5)).Select(bucket => bucket * (1 + given.Next(400) * 7_000L)).Distinct().Order()];
        if (bounds.Length > 1)
        {
            var totals = new TotalsQuestion { TouchpointOfSignature = values.TouchpointOfSignature, Filter = filter, Rates = rates, BucketBoundsMs = bounds };
            var (events, sums) = (totals.Ask(view), Oracles.Totals(totals, given.Model));
            events.Events.ShouldBe(sums.Events, because);
            foreach (var (a, b) in events.Values.SelectMany(row => row).Zip(sums.Values.SelectMany(row => row))) a.ShouldBe(b, 1e-6, because);
        }

        var customers = new CustomersQuestion
        {
            TouchpointOfSignature = given.Touchpoints(),
            Filter = filter,
            Order = given.Next(2) == 0 ? CustomerOrder.Events : CustomerOrder.LastActivity,
            Skip = given.Next(10),
            Take = given.Next(20),
        };
        Given.ShouldBeSame(customers.Ask(view), Oracles.Customers(customers, given.Model), because);
    });

    [Fact]
    public void The_customers_behind_a_number_are_cut_at_the_limit_but_all_counted()
    {
        using var given = new Given(3).Events(500);
        var question = new TouchpointsQuestion { TouchpointOfSignature = given.Touchpoints() };
        var all = question.Customers(given.Table.View(), 1);
        var some = question.Customers(given.Table.View(), 1, limit: 3);
        some.Total.ShouldBe(all.Total);
        some.Customers.ShouldBe(all.Customers[..3]);
    }

    [Fact]
    public void Nothing_gives_empty_answers_without_NaN()
    {
        using var given = new Given(4);
        var view = given.Table.View();
        var touchpoints = given.Touchpoints();
        var funnel = new FunnelQuestion { TouchpointOfSignature = touchpoints, Steps = [[0], [1]] }.Ask(view);
        funnel.Customers.ShouldBe(0);
        funnel.Steps[1].ShouldBe(new FunnelStep(0, 0, 0, default));
        new PathsQuestion { TouchpointOfSignature = [] }.Ask(view).Nodes.ShouldBeEmpty();
        new VariantsQuestion { TouchpointOfSignature = touchpoints }.Ask(view).Total.ShouldBe(0);
        new FlowQuestion { TouchpointOfSignature = [] }.Ask(view).Edges.ShouldBeEmpty();
        new ValuesQuestion { TouchpointOfSignature = touchpoints, Rates = new double[256] }.Ask(view).Value.ShouldBe(0);
    }

    internal static void Behind(CustomersBehind actual, int[] expected, string because)
    {
        actual.Customers.ShouldBe(expected, because);
        actual.Total.ShouldBe(expected.Length, because);
    }

    internal static void Repeat(int seed, Action<Given, JourneyView, string> check)
    {
        using var given = new Given(seed, identities: 1 + seed * 2);
        given.Events(seed * 15);
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
