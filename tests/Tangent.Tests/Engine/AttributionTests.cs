using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>Attribution against its oracle on random journeys, against figures worked out by hand, and on chains too large or too slow for elimination.</summary>
public sealed class AttributionTests
{
    private static readonly AttributionModels[] ByOrder =
    [
        AttributionModels.First, AttributionModels.Last, AttributionModels.LastWithSource, AttributionModels.Linear, AttributionModels.PositionBased, AttributionModels.TimeDecay,
    ];

    public static TheoryData<int> Seeds() => QuestionsTests.Seeds();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Credits_equal_the_oracle(int seed) => QuestionsTests.Repeat(seed, (given, view, because) =>
    {
        var question = Question(given);
        var paths = OraclesOfAttribution.Paths(question, given.Model);
        var answer = question.Ask(view);
        var touchpoints = answer.Direct + 1;
        var conversions = paths.Count(p => p.Converted);
        answer.Direct.ShouldBe(OraclesOfAttribution.Direct(question), because);
        answer.Conversions.ShouldBe(conversions, because);
        answer.LostPaths.ShouldBe(paths.Count(p => !p.Converted), because);
        answer.Value.ShouldBe(paths.Sum(p => p.Value), 1e-6, because);
        foreach (var model in ByOrder)
        {
            var expected = OraclesOfAttribution.Credit(model, paths, touchpoints, question.HalfLifeMs);
            ShouldBeNear(answer.Models[model].Conversions, expected.Conversions, $"{because} {model}");
            ShouldBeNear(answer.Models[model].Value, expected.Value, $"{because} {model} value");
        }

        foreach (var credits in answer.Models.Values)
        {
            credits.Conversions.Sum().ShouldBe(conversions, 1e-8, because);
            if (conversions > 0) credits.Value.Sum().ShouldBe(answer.Value, 1e-6, because);
        }

        var (effects, valueEffects) = OraclesOfAttribution.Markov(paths, touchpoints, question.MarkovOrder);
        ShouldBeNear(answer.Markov!.Effects, effects, because + " removal");
        ShouldBeNear(answer.Markov.ValueEffects, valueEffects, because + " removal of value", 1e-6);
        answer.Markov.Residual.ShouldBeLessThan(1e-10, because);

        var sets = paths.Where(p => p.Converted).Select(p => (p.Touches.Select(t => t.Touchpoint).Distinct().ToArray(), 1.0)).ToList();
        if (touchpoints <= 5) ShouldBeNear(answer.Models[AttributionModels.Shapley].Conversions, OraclesOfAttribution.Shapley(sets, touchpoints), because + " Shapley");
        for (var touchpoint = 0; touchpoint < touchpoints; touchpoint++)
        {
            var reach = answer.Reach![touchpoint];
            int[] converters = [.. paths.Where(p => p.Converted && p.Touches.Any(t => t.Touchpoint == touchpoint)).Select(p => p.Customer).Distinct()];
            reach.Conversions.ShouldBe(sets.Count(s => s.Item1.Contains(touchpoint)), because);
            reach.Lost.ShouldBe(paths.Count(p => !p.Converted && p.Touches.Any(t => t.Touchpoint == touchpoint)), because);
            reach.Converters.ShouldBe(converters.Length, because);
            question.Customers(view, touchpoint).Customers.ShouldBe(converters, because);
        }

        question.Customers(view, null).Customers.ShouldBe(paths.Where(p => p.Converted).Select(p => p.Customer).Distinct(), because);
        var transitions = question.Transitions(view);
        transitions.Where(t => t.To == PathTransition.Converted).Sum(t => t.Count).ShouldBe(conversions, because);
        Given.ShouldBeSame((question with { MostGrams = 0 }).Transitions(view), transitions, because);

        // Fewer models without values take a shorter way to the same credits.
        var fewer = question with { Rates = null, Models = AttributionModels.First | AttributionModels.Last | AttributionModels.Linear | AttributionModels.TimeDecay };
        foreach (var (model, credits) in fewer.Ask(view).Models) ShouldBeNear(credits.Conversions, answer.Models[model].Conversions, $"{because} {model} alone");
    });

    [Fact]
    public void Three_channels_worked_out_by_hand()
    {
        // C1>C2>C3 converts, C1 does not, C2>C3 does not: from the start C1 2/3, C2 1/3; C1 to C2 or nothing, half each; C2 to C3; C3 half.
        var paths = new AggregatedPaths();
        paths.Add([0, 1, 2], 1, 90, 0, 2);
        paths.Add([0], 0, 0, 1, 0);
        paths.Add([1, 2], 0, 0, 1, 1);
        var answer = paths.Ask();
        // Conversion 1/3. Without C1: C2, C3 and a half of the third: 1/6. Without C2 or C3: nothing.
        ShouldBeNear(answer.Markov!.Effects, [0.5, 1, 1], "removal");
        ShouldBeNear(answer.Models[AttributionModels.Markov].Conversions, [0.2, 0.4, 0.4], "credit");
        ShouldBeNear(answer.Models[AttributionModels.Markov].Value, [18, 36, 36], "value");
        ShouldBeNear(answer.Models[AttributionModels.Shapley].Conversions, [1 / 3.0, 1 / 3.0, 1 / 3.0], "Shapley");
        ShouldBeNear(answer.Models[AttributionModels.PositionBased].Conversions, [0.4, 0.2, 0.4], "position");
        answer.Models.Keys.ShouldNotContain(AttributionModels.TimeDecay);
    }

    [Fact]
    public void Paths_counted_elsewhere_equal_the_same_paths_one_by_one()
    {
        var random = new Random(11);
        for (var order = 1; order <= 3; order++)
        {
            var aggregated = new AggregatedPaths(order);
            var single = new List<PlainPath>();
            for (var i = 0; i < 40; i++)
            {
                int[] touchpoints = [.. Enumerable.Range(0, 1 + random.Next(6)).Select(_ => random.Next(5))];
                var (converted, lost, value) = (random.Next(4), random.Next(4), random.Next(1, 100));
                aggregated.Add(touchpoints, converted, converted * value, lost, touchpoints.Length - 1);
                var touches = touchpoints.Select((t, at) => new PlainTouch(t, false, at)).ToList();
                single.AddRange(Enumerable.Range(0, converted + lost).Select(n => new PlainPath(i, touches, n < converted, n < converted ? value : 0, 10)));
            }

            var answer = aggregated.Ask();
            foreach (var model in ByOrder.Where(m => m != AttributionModels.TimeDecay))
                ShouldBeNear(answer.Models[model].Value, OraclesOfAttribution.Credit(model, single, 5).Value, model.ToString(), 1e-8);
            var expected = OraclesOfAttribution.Markov(single, 5, order);
            ShouldBeNear(answer.Markov!.Effects, expected.Effects, $"order {order}");
            ShouldBeNear(answer.Markov.ValueEffects, expected.ValueEffects, $"order {order}");
            var sets = single.Where(p => p.Converted).Select(p => (p.Touches.Select(t => t.Touchpoint).Distinct().ToArray(), 1.0)).ToList();
            ShouldBeNear(answer.Models[AttributionModels.Shapley].Conversions, OraclesOfAttribution.Shapley(sets, 5), "Shapley");
        }
    }

    [Fact]
    public void A_thousand_touchpoints_and_a_hundred_thousand_states_are_solved()
    {
        var random = new Random(7);
        var paths = new AggregatedPaths(3);
        for (var i = 0; i < 30_000; i++)
        {
            int[] touchpoints = [.. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Math.Min(random.Next(1000), random.Next(1000)))];
            paths.Add(touchpoints, random.Next(2), 0, random.Next(1, 5), touchpoints.Length - 1);
        }

        var answer = paths.Ask();
        answer.Markov!.States.ShouldBeGreaterThan(100_000);
        answer.Markov.Residual.ShouldBeLessThan(1e-10);
        answer.Models[AttributionModels.Markov].Conversions.Sum().ShouldBe(answer.Conversions, 1e-6 * answer.Conversions);
    }

    [Fact]
    public void Paths_that_go_round_for_long_are_solved_as_well()
    {
        // Two touchpoints in turn, thousands of times, beside two others in turn: sweeps alone would take many thousands.
        var paths = new AggregatedPaths(2);
        var single = new List<PlainPath>();
        foreach (var (length, first, converts) in new[] { (3000, 0, true), (2001, 0, false), (2500, 2, false), (1501, 2, true) })
        {
            int[] touchpoints = [.. Enumerable.Range(0, length).Select(at => first + at % 2), 4];
            paths.Add(touchpoints, converts ? 1 : 0, 0, converts ? 0 : 1, 0);
            single.Add(new PlainPath(0, [.. touchpoints.Select(t => new PlainTouch(t, false, 0))], converts, 0, 0));
        }

        var answer = paths.Ask();
        answer.Markov!.Residual.ShouldBeLessThan(1e-10);
        ShouldBeNear(answer.Markov.Effects, OraclesOfAttribution.Markov(single, 5, 2).Effects, "long", 1e-7);
    }

    [Theory]
    [InlineData(20, 3)]
    [InlineData(300, 1)]
    public void Many_states_are_counted_alike_in_an_array_and_in_tables_that_grow(int touchpoints, int order)
    {
        using var given = new Given(9);
        var random = new Random(9);
        for (var position = 0; position < 30_000; position++)
        {
            var e = new JourneyEvent(position % 40, 1_700_000_000_000 + position, (ushort)random.Next(touchpoints), 2, 1, 1_000_000 + position);
            given.Table.Append(e, [0, 0]);
            given.Model.Append(e, [0, 0]);
        }

        var rates = new double[256];
        rates[1] = 1;
        var question = new AttributionQuestion
        {
            TouchpointOfSignature = [.. Enumerable.Range(0, touchpoints).Select(code => (ushort)code)],
            ConversionOfSignature = [.. Enumerable.Range(0, touchpoints).Select(code => code == touchpoints - 1)],
            Models = AttributionModels.Markov,
            MarkovOrder = order,
            Rates = rates,
        };
        var answer = question.Ask(given.Table.View());
        var transitions = question.Transitions(given.Table.View());
        transitions.Length.ShouldBeGreaterThan(10_000);
        Given.ShouldBeSame((question with { MostGrams = 0 }).Transitions(given.Table.View()), transitions, "by hash");
        var direct = transitions.Where(t => t.From.Length == 0 && t.To == answer.Direct).Sum(t => t.Count);
        transitions.Sum(t => t.Count).ShouldBe(30_000 + direct + answer.LostPaths);
        answer.Value.ShouldBe(2 * answer.Conversions);
        answer.Models[AttributionModels.Markov].Value.Sum().ShouldBe(answer.Value, 1e-6);
        answer.Markov!.Residual.ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void Nothing_gives_an_empty_answer()
    {
        using var given = new Given(4);
        var answer = new AttributionQuestion { TouchpointOfSignature = given.Touchpoints(), ConversionOfSignature = [true] }.Ask(given.Table.View());
        answer.Conversions.ShouldBe(0);
        answer.Models.Values.ShouldAllBe(credits => credits.Conversions.All(c => c == 0));
        new AggregatedPaths().Ask().Markov!.States.ShouldBe(0);
    }

    private static AttributionQuestion Question(Given given)
    {
        var rates = new double[256];
        (rates[1], rates[2]) = (1, 0.25);
        return new AttributionQuestion
        {
            TouchpointOfSignature = given.Touchpoints(1 + given.Next(6)),
            ConversionOfSignature = [.. Enumerable.Range(0, Given.Signatures).Select(_ => given.Next(6) == 0)],
            Filter = given.Filter(),
            LookbackMs = given.Next(3) switch { 0 => 300 * (1 + given.Next(30)), 1 => 1 + given.Next(60_000), _ => 100_000_000 },
            HalfLifeMs = 1 + given.Next(20_000),
            MarkovOrder = 1 + given.Next(3),
            Rates = given.Next(4) == 0 ? null : rates,
            SourceOfSignature = given.Next(2) == 0 ? null : [.. Enumerable.Range(0, 10).Select(_ => given.Next(3) == 0)],
            SourceColumn = given.Next(2) == 0 ? null : given.Next(2),
            NoSource = 1,
        };
    }

    private static void ShouldBeNear(double[] actual, double[] expected, string because, double tolerance = 1e-8)
    {
        actual.Length.ShouldBe(expected.Length, because);
        for (var i = 0; i < actual.Length; i++) actual[i].ShouldBe(expected[i], tolerance, $"{because} [{i}]");
    }
}
