using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Tests.Measure;

/// <summary>The formulas against cases worked out by hand, and their intervals against the truth they must hold.</summary>
public sealed class ScoreFormulaTests
{
    private static long[] Counts(params (int Score, long Answers)[] given)
    {
        var counts = new long[ScoreFormulas.Scores];
        foreach (var (score, answers) in given) counts[score] = answers;
        return counts;
    }

    [Fact]
    public void Nps_is_promoters_minus_detractors_and_its_interval_the_adjusted_wald_one()
    {
        // 50 promoters, 30 passives, 20 detractors: 50 − 20 = 30. Adjusted: p = 50.75/103 = 0.492718, d = 20.75/103 = 0.201456,
        // p − d = 0.291262, variance (0.694175 − 0.084834)/103 = 0.0059159, 1.96·√ = 0.150752: 14.05 to 44.20.
        var figure = ScoreFormulas.Figure(Metric.Nps, Counts((10, 30), (9, 20), (8, 20), (7, 10), (6, 12), (0, 8)));
        figure.Value.ShouldBe(30, 1e-9);
        figure.Low.ShouldBe(14.05, 0.01);
        figure.High.ShouldBe(44.20, 0.01);
        figure.N.ShouldBe(100);
    }

    [Fact]
    public void An_interval_of_few_answers_that_all_agree_is_no_point()
    {
        var figure = ScoreFormulas.Figure(Metric.Nps, Counts((10, 3)));
        figure.Value.ShouldBe(100);
        figure.Low.ShouldBeLessThan(60);
        figure.High.ShouldBe(100);
        figure.TooFew.ShouldBeTrue();
        (ScoreFormulas.Figure(Metric.Nps, Counts((10, 1))).High, ScoreFormulas.Figure(Metric.Nps, Counts((0, 1))).Low).ShouldBe((100, -100), "an interval holds its score");
    }

    [Fact]
    public void Csat_is_the_share_of_the_top_two_with_its_wilson_interval()
    {
        // 80 of 100: Wilson's interval for 0.8 and n = 100 is 0.7112 to 0.8666 (R: prop.test(80, 100, correct = FALSE)).
        var figure = ScoreFormulas.Figure(Metric.Csat, Counts((5, 50), (4, 30), (3, 10), (2, 6), (1, 4)));
        figure.Value.ShouldBe(0.8, 1e-9);
        figure.Low.ShouldBe(0.7112, 1e-4);
        figure.High.ShouldBe(0.8666, 1e-4);
    }

    [Fact]
    public void Ces_is_the_mean_and_beside_it_the_share_of_five_and_more()
    {
        // (10·7 + 10·5 + 10·4 + 10·2) ÷ 40 = 4.5; 20 of 40 are 5 or more, 10 are 3 or less.
        var counts = Counts((7, 10), (5, 10), (4, 10), (2, 10));
        var figure = ScoreFormulas.Figure(Metric.Ces, counts);
        figure.Value.ShouldBe(4.5, 1e-9);
        (figure.Low < 4.5 && figure.High > 4.5 && figure.Low > 1 && figure.High < 7).ShouldBeTrue();
        ScoreFormulas.Good(Metric.Ces, counts).Share.ShouldBe(0.5, 1e-9);
        ScoreFormulas.Bad(Metric.Ces, counts).Answers.ShouldBe(10);
    }

    [Fact]
    public void A_change_is_called_one_only_where_chance_does_not_explain_it()
    {
        // 60 of 100 against 40 of 100: pooled p = 0.5, z = 0.2 ÷ √(0.25·0.02) = 2.83. 52 against 48: z = 0.57.
        ScoreFormulas.Change(Metric.Csat, Counts((5, 60), (1, 40)), Counts((5, 40), (1, 60))).Verdict.ShouldBe("rose");
        ScoreFormulas.Change(Metric.Csat, Counts((5, 52), (1, 48)), Counts((5, 48), (1, 52))).Verdict.ShouldBe("unclear");
        ScoreFormulas.Change(Metric.Csat, Counts((5, 20), (1, 5)), Counts((5, 40), (1, 60))).Verdict.ShouldBe("tooFew");
        ScoreFormulas.Change(Metric.Nps, Counts((10, 30), (0, 70)), Counts((10, 70), (0, 30))).Verdict.ShouldBe("fell");
        ScoreFormulas.Change(Metric.Ces, Counts((7, 50), (6, 50)), Counts((3, 50), (4, 50))).Verdict.ShouldBe("rose");
        // 60 − 40 of 100 by Newcombe's method 10, from the Wilson intervals 0.5020–0.6906 and 0.3094–0.4980: 0.0614 to 0.3266... both ends above 0.
        var change = ScoreFormulas.Change(Metric.Csat, Counts((5, 60), (1, 40)), Counts((5, 40), (1, 60)));
        change.Low.ShouldBe(0.2 - Math.Sqrt(2) * 0.0980, 1e-3);
        change.High.ShouldBe(0.2 + Math.Sqrt(2) * 0.0906, 1e-3);
    }

    [Theory]
    [InlineData(Metric.Nps)]
    [InlineData(Metric.Csat)]
    [InlineData(Metric.Ces)]
    public void Intervals_hold_the_truth_in_95_of_100_cases_on_average(Metric metric)
    {
        var random = new Random(7);
        var (least, most) = Metrics.Scale(metric);
        var (held, cases) = (0, 0);
        foreach (var n in new[] { 30, 50, 100, 300 })
        {
            foreach (var p in new[] { 0.1, 0.3, 0.5, 0.7, 0.9 })
            {
                // A share p answers from the top of the scale, the rest evenly from below.
                var top = Metrics.Good(metric);
                var (truth, weights) = Truth(metric, p, least, top, most);
                for (var run = 0; run < 400; run++)
                {
                    var counts = new long[ScoreFormulas.Scores];
                    for (var i = 0; i < n; i++) counts[Draw(random, weights)]++;
                    var figure = ScoreFormulas.Figure(metric, counts);
                    cases++;
                    if (figure.Low <= truth && truth <= figure.High) held++;
                }
            }
        }

        ((double)held / cases).ShouldBeInRange(0.93, 0.98);
    }

    private static (double Truth, double[] Weights) Truth(Metric metric, double p, int least, int top, int most)
    {
        var weights = new double[ScoreFormulas.Scores];
        for (var s = least; s <= most; s++) weights[s] = s >= top ? p / (most - top + 1) : (1 - p) / (top - least);
        var truth = metric switch
        {
            Metric.Nps => 100 * (weights[9..].Sum() - weights[..7].Sum()),
            Metric.Csat => weights[4..].Sum(),
            _ => weights.Select((w, s) => w * s).Sum(),
        };
        return (truth, weights);
    }

    private static int Draw(Random random, double[] weights)
    {
        var at = random.NextDouble();
        for (var s = 0; s < weights.Length; s++)
            if ((at -= weights[s]) < 0) return s;
        return Array.FindLastIndex(weights, w => w > 0);
    }
}
