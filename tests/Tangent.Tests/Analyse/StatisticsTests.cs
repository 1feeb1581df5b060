using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearRegression;
using Tangent.Analyse;
using Tangent.Collect;
using Xunit.Abstractions;

namespace Tangent.Tests.Analyse;

/// <summary>The statistics of drivers against other ways to the same numbers, and against chance.</summary>
public sealed class StatisticsTests(ITestOutputHelper output)
{
    // Standard errors above which one of a thousand means lies.
    private const double Unlikely = 3.09;

    [Fact]
    public void False_discoveries_are_those_of_the_paper()
    {
        // Benjamini and Hochberg 1995, section 4: of 15 comparisons the four smallest are named at 5 %.
        double[] p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0];
        var adjusted = FalseDiscoveries.Adjusted(p);
        adjusted.Count(q => q <= FalseDiscoveries.Accepted).ShouldBe(4);
        adjusted[3].ShouldBe(0.0095 * 15 / 4, 1e-12);
        // 0.0201·15/5 = 0.0603 is the least of what follows it.
        adjusted[4].ShouldBe(0.0603, 1e-12);
        adjusted[^1].ShouldBe(1);
        FalseDiscoveries.Adjusted([0.04, 0.01, 0.03]).ShouldBe([0.04, 0.03, 0.04], 1e-12);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    [InlineData(-0.95)]
    public void Relative_weights_of_two_predictors_are_worked_out_by_hand(double correlation)
    {
        // The root of [[1, c], [c, 1]] is [[a, b], [b, a]] with a ± b = √(1 ± c); its inverse is [[a, −b], [−b, a]] ÷ (a² − b²).
        var (a, b) = ((Math.Sqrt(1 + correlation) + Math.Sqrt(1 - correlation)) / 2, (Math.Sqrt(1 + correlation) - Math.Sqrt(1 - correlation)) / 2);
        var (first, second) = (0.2, 0.25);
        var (u, v) = (((a * first) - (b * second)) / ((a * a) - (b * b)), ((a * second) - (b * first)) / ((a * a) - (b * b)));
        var weights = RelativeWeights.Of(Matrix<double>.Build.DenseOfArray(new[,] { { 1, correlation }, { correlation, 1 } }), Vector<double>.Build.Dense([first, second]));
        weights[0].ShouldBe((a * a * u * u) + (b * b * v * v), 1e-12);
        weights[1].ShouldBe((b * b * u * u) + (a * a * v * v), 1e-12);
        var rSquared = ((first * first) + (second * second) - (2 * correlation * first * second)) / (1 - (correlation * correlation));
        weights.Sum().ShouldBe(rSquared, 1e-12);
    }

    [Fact]
    public void Relative_weights_are_those_of_the_singular_values_of_the_data()
    {
        // Johnson's own way (2000, equations 1 to 5): X = PΔQ′, Z = PQ′, regress y on Z and X on Z; no correlation matrix is made.
        var chance = new Random(5);
        var (n, k) = (400, 6);
        var common = Enumerable.Range(0, n).Select(_ => Normal.Sample(chance, 0, 1)).ToArray();
        var x = Standardized(Matrix<double>.Build.Dense(n, k, (i, j) => (0.3 * (j + 1) * common[i]) + Normal.Sample(chance, 0, 1)));
        var y = Standardized(Matrix<double>.Build.Dense(n, 1, (i, _) => x[i, 0] + (0.5 * x[i, 4]) + Normal.Sample(chance, 0, 2))).Column(0);
        var svd = x.Svd();
        var z = svd.U.SubMatrix(0, n, 0, k) * svd.VT;
        var (beta, lambda) = (z.TransposeThisAndMultiply(y), z.TransposeThisAndMultiply(x));
        var expected = lambda.Transpose().PointwisePower(2) * beta.PointwisePower(2);

        var weights = RelativeWeights.Of(x.TransposeThisAndMultiply(x), x.TransposeThisAndMultiply(y));
        weights.ShouldBe(expected.ToArray(), 1e-10);
        var fitted = x * MultipleRegression.QR(x, y);
        weights.Sum().ShouldBe(fitted * fitted, 1e-10);
    }

    [Fact]
    public void Coefficients_explained_variance_and_inflations_are_those_of_the_rows()
    {
        var chance = new Random(6);
        var (n, k) = (500, 5);
        var moments = new Moments(k, 7);
        var (x, y) = (Matrix<double>.Build.Dense(n, k + 1, 1), Vector<double>.Build.Dense(n));
        for (var row = 0; row < n; row++)
        {
            var held = Enumerable.Range(0, k).Where(j => chance.NextDouble() < 0.2 + (0.1 * j)).ToList();
            if (held.Contains(0) && chance.Next(3) > 0 && !held.Contains(1)) held.Add(1);
            held.Sort();
            for (var j = 0; j < k; j++) x[row, j] = held.Contains(j) ? 1 : 0;
            y[row] = x[row, 0] - (2 * x[row, 3]) + Normal.Sample(chance, 5, 1);
            moments.Add(row % 7, y[row], [.. held]);
        }

        var covariances = moments.Of([.. Enumerable.Range(0, k)]);
        var coefficients = MultipleRegression.QR(x, y);
        covariances.Coefficients().ToArray().ShouldBe(coefficients.SubVector(0, k).ToArray(), 1e-6);
        var rest = y - (x * coefficients);
        covariances.RSquared(covariances.Coefficients()).ShouldBe(1 - ((rest * rest) / (y - y.Average()).L2Norm() / (y - y.Average()).L2Norm()), 1e-6);
        covariances.Held[3].ShouldBe(x.Column(3).Sum());

        // Of a predictor regressed on the others, 1 ÷ (1 − R²).
        var (own, others) = (x.Column(1), Matrix<double>.Build.DenseOfColumnVectors(new[] { 0, 2, 3, 4, 5 }.Select(x.Column)));
        var left = own - (others * MultipleRegression.QR(others, own));
        covariances.Inflations()[1].ShouldBe((own - own.Average()).L2Norm() * (own - own.Average()).L2Norm() / (left * left), 1e-5);

        // Some groups twice, others never, is as if their rows were there twice or never.
        var twice = Enumerable.Range(0, n).Where(r => r % 7 == 2).SelectMany(r => new[] { r, r }).Concat(Enumerable.Range(0, n).Where(r => r % 7 == 5)).ToList();
        moments.Of([3], [0, 0, 2, 0, 0, 1, 0]).Mean.ShouldBe(twice.Average(r => y[r]), 1e-12);
    }

    [Fact]
    public void What_nearly_the_same_customers_had_is_not_told_apart()
    {
        // The third is nearly the sum of the first two, which exclude each other; the last never varies.
        var matrix = Matrix<double>.Build.DenseOfArray(new[,] { { 0.20, -0.05, 0.15, 0 }, { -0.05, 0.15, 0.10, 0 }, { 0.15, 0.10, 0.255, 0 }, { 0, 0, 0, 0 } });
        var (taken, along) = Independent.Of(matrix, [0, 1, 2, 3]);
        taken.ShouldBe([0, 1]);
        along[2].ShouldBe(0);
        Independent.Of(matrix, [2, 0]).Taken.ShouldBe([2, 0]);

        // Three alike by 0.88: each is inflated 1.88 ÷ (0.12 · 2.76) = 5.7 times, of two 1 ÷ (1 − 0.88²) = 4.4 times.
        var alike = Matrix<double>.Build.Dense(3, 3, (i, j) => i == j ? 1 : 0.88);
        Independent.Of(alike, [0, 1, 2]).Taken.ShouldBe([0, 1]);
        Independent.Of(alike, [2, 1, 0]).Along.ShouldBe(new Dictionary<int, int> { [0] = 2 });
    }

    [Fact]
    public void Accidents_are_rarely_named_and_what_is_there_is_found()
    {
        // Answers of the same customer are alike, and so are the customer's experiences: as plain rows they would seem surer than they are.
        const int Companies = 400;
        var (named, found, shares) = (0, 0, new double[Companies]);
        for (var seed = 0; seed < Companies; seed++)
        {
            var answer = DriverAnalysis.Of(Company(new Random(seed)));
            var drivers = answer.Items.Where(d => d.IsDriver).Select(d => d.Key).ToList();
            named += drivers.Count;
            shares[seed] = drivers.Count == 0 ? 0 : (double)drivers.Count(k => k is not ("reached:0" or "reached:1")) / drivers.Count;
            found += drivers.Count(k => k is "reached:0" or "reached:1");
            if (drivers.Count > 0) answer.Items.Sum(d => d.Weight ?? 0).ShouldBe(answer.RSquaredOfDrivers, 1e-9);
        }

        output.WriteLine($"mean share of accidents {shares.Average():0.0000} ± {1.96 * Error(shares):0.0000}");
        shares.Average().ShouldBeLessThanOrEqualTo(0.05 + (Unlikely * Error(shares)), "of all that is named 5 % are expected to be accidents");
        found.ShouldBeGreaterThan((int)(Companies * 2 * 0.95));
        named.ShouldBeGreaterThanOrEqualTo(found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_nothing_is_true_one_company_in_twenty_has_a_driver_and_one_p_in_a_hundred_is_below_1_percent(bool isLopsided)
    {
        // Of a company's forty experiences half go along with a habit, half of the rest are had by about forty of two thousand. Outcomes are those of the same customers: the 0 to 10 of a temper, or
        // purchases of one in twelve, some customers more often. None does anything.
        const int Companies = 400, Customers = 1200, Experiences = 40;
        var (anyNamed, below5, below1) = (new double[Companies], new double[Companies], new double[Companies]);
        Parallel.For(0, Companies, seed =>
        {
            var chance = new Random(seed + (isLopsided ? 10_000 : 0));
            var (customers, outcomes, starts, lived) = (new List<int>(), new List<double>(), new List<int> { 0 }, new List<ushort>());
            for (var customer = 0; customer < Customers; customer++)
            {
                var (temper, habit) = (Normal.Sample(chance, 0, 1), chance.Next(3) == 0);
                for (var answer = chance.Next(1, 4); answer > 0; answer--)
                {
                    for (var e = 0; e < Experiences; e++)
                        if (chance.NextDouble() < (e % 2 == 0 ? habit ? 0.5 : 0.15 : e % 4 == 1 ? 0.02 : 0.3)) lived.Add((ushort)e);
                    starts.Add(lived.Count);
                    customers.Add(customer);
                    outcomes.Add(isLopsided ? chance.NextDouble() < (temper > 1 ? 0.25 : 0.05) ? 1 : 0 : Math.Clamp(Math.Round(8 + temper + Normal.Sample(chance, 0, 1.5)), 0, 10));
                }
            }

            var experiences = Enumerable.Range(0, Experiences).Select(e => new LivedExperience("reached", $"{e}", null, null, null, null, null)).ToList();
            var answers = DriverAnalysis.Of(new LivedRows(Customers, 1, 0, experiences, [.. customers], new long[customers.Count], [.. outcomes], [.. starts], [.. lived]));
            anyNamed[seed] = answers.Items.Any(d => d.IsDriver) ? 1 : 0;
            below5[seed] = answers.Items.Average(d => d.P <= 0.05 ? 1.0 : 0);
            below1[seed] = answers.Items.Average(d => d.P <= 0.01 ? 1.0 : 0);
        });

        output.WriteLine($"any named {anyNamed.Average():0.000}, p ≤ 5 % {below5.Average():0.0000}, p ≤ 1 % {below1.Average():0.0000}");
        anyNamed.Sum().ShouldBeLessThanOrEqualTo(MostOf(Companies, 0.05));
        below5.Average().ShouldBeInRange(0.03, 0.05 + (Unlikely * Error(below5)), "an error that is too large finds nothing, either; of rare experiences and lopsided outcomes it is a little larger than need be");
        below1.Average().ShouldBeLessThanOrEqualTo(0.01 + (Unlikely * Error(below1)));
    }

    [Fact]
    public void What_is_said_to_come_more_often_before_is_no_more_often_an_accident()
    {
        // Three hundred who did it and three thousand who did not were at forty touchpoints, frequent and rare, as often as each other; at two of them the former twice as often.
        const int Companies = 400, Touchpoints = 40, Cases = 300, Others = 3000, True = 2;
        var (nothing, something, found) = (0, new double[Companies], 0);
        for (var seed = 0; seed < Companies; seed++)
        {
            var chance = new Random(seed);
            var shares = Enumerable.Range(0, Touchpoints).Select(t => t < True ? 0.1 : 0.01 + (0.5 * chance.NextDouble() * chance.NextDouble())).ToArray();
            string[] Named(int twice)
            {
                var items = shares.Select((share, t) => Preceding.Of($"{t}", Binomial.Sample(chance, t < twice ? 2 * share : share, Cases), Binomial.Sample(chance, share, Others), Cases, Others)).ToList();
                var none = new LivedRows(0, 1, 0, [], [], [], [], [0], []);
                return [.. LivedBefore.Of(new PrecedingAnswer(0, Cases, Cases, Others, items, none)).Where(b => b.Verdict is LivedBefore.More or LivedBefore.Less).Select(b => b.Name)];
            }

            if (Named(0).Length > 0) nothing++;
            var named = Named(True);
            var right = named.Count(n => n is "0" or "1");
            found += right;
            something[seed] = named.Length == 0 ? 0 : 1 - ((double)right / named.Length);
        }

        output.WriteLine($"any named {(double)nothing / Companies:0.000}, mean share of accidents {something.Average():0.0000}");
        nothing.ShouldBeLessThanOrEqualTo((int)MostOf(Companies, 0.05));
        something.Average().ShouldBeLessThanOrEqualTo(0.05 + (Unlikely * Error(something)));
        found.ShouldBeGreaterThan((int)(Companies * True * 0.95));
    }

    [Fact]
    public void Penalties_and_rewards_are_those_of_a_regression_worked_out_elsewhere()
    {
        // The same 900 rows were regressed by normal equations and Gauss-Jordan in Python, with the larger of HC3 and plain errors by their definitions; the chance is C's old generator, so that both see the same.
        long state = 12345;
        int Next(int below) => (int)(((state = ((1103515245 * state) + 12345) % (1L << 31)) >> 16) % below);
        double[,] planted = { { -20, 3 }, { -9, 10 }, { -1, 15 } };
        var (lived, starts, outcomes) = (new List<ushort>(), new List<int> { 0 }, new double[900]);
        for (var row = 0; row < outcomes.Length; row++)
        {
            var value = 70.0;
            for (var t = 0; t < 3; t++)
            {
                if (Next(10) >= (t == 0 ? 6 : 8)) continue;
                var answer = Next(6);
                lived.Add((ushort)(3 * t));
                if (answer > 3) lived.Add((ushort)((3 * t) + 1));
                if (answer < 2) lived.Add((ushort)((3 * t) + 2));
                value += answer < 2 ? planted[t, 0] : answer > 3 ? planted[t, 1] : 0;
            }

            starts.Add(lived.Count);
            outcomes[row] = (value + Next(21) - 10) / 10;
        }

        string[] kinds = [AnsweredExperiences.Answered, AnsweredExperiences.Pleased, AnsweredExperiences.Displeased];
        var experiences = Enumerable.Range(0, 9).Select(i => new LivedExperience(kinds[i % 3], $"{i / 3}", null, null, null, null, null)).ToList();
        var factors = PenaltyReward.Of(new LivedRows(900, 1, 0, experiences, [.. Enumerable.Range(0, 900)], new long[900], outcomes, [.. starts], [.. lived])).OrderBy(f => f.Touchpoint, StringComparer.Ordinal).ToList();
        factors.Select(f => f.Kind).ShouldBe([PenaltyReward.Basic, PenaltyReward.Performance, PenaltyReward.Excitement]);
        (double Reward, double Penalty, double RewardError, double PenaltyError, double ContrastError)[] elsewhere =
        [
            (0.24132318715006995, 1.9318685918518597, 0.061055189756022414, 0.06637356744303606, 0.10972021498915539),
            (0.9685221068578328, 0.8953315861596609, 0.055442714565130856, 0.05368987177677269, 0.09391895890393545),
            (1.5174722756683616, 0.09689523135505773, 0.05513738022417084, 0.05434540441656467, 0.0940818074803523),
        ];
        foreach (var (factor, expected) in factors.Zip(elsewhere))
        {
            factor.Reward.Value.ShouldBe(expected.Reward, 1e-6);
            factor.Penalty.Value.ShouldBe(expected.Penalty, 1e-6);
            // Half of an interval is the error times Student's t, which is 1.960 of very many and 1.984 of a hundred customers.
            foreach (var (effect, error) in new[] { (factor.Reward, expected.RewardError), (factor.Penalty, expected.PenaltyError), (factor.Contrast, expected.ContrastError) })
                ((effect.High - effect.Low) / 2 / error).ShouldBeInRange(1.9599, 1.984);
        }
    }

    /// <summary>Standard error of a mean of independent companies.</summary>
    private static double Error(double[] of) => MathNet.Numerics.Statistics.Statistics.StandardDeviation(of) / Math.Sqrt(of.Length);

    /// <summary>The most of <paramref name="n"/> that chance allows where each comes with <paramref name="p"/>: more than that happen in one of a thousand tries.</summary>
    internal static double MostOf(int n, double p) => Enumerable.Range(0, n + 1).First(k => Binomial.CDF(p, n, k) >= 0.999);

    private static LivedRows Company(Random chance)
    {
        const int Experiences = 20, Customers = 600;
        var (customers, outcomes, starts, lived) = (new List<int>(), new List<double>(), new List<int> { 0 }, new List<ushort>());
        for (var customer = 0; customer < Customers; customer++)
        {
            var temper = Normal.Sample(chance, 0, 1);
            var habits = Enumerable.Range(0, Experiences).Where(_ => chance.Next(3) == 0).ToList();
            for (var answer = chance.Next(4); answer >= 0; answer--)
            {
                // The third goes along with the first and does nothing.
                var had = habits.Where(_ => chance.Next(5) > 0).ToList();
                if (had.Contains(0) && !had.Contains(2) && chance.Next(4) > 0) had.Add(2);
                outcomes.Add(temper + (had.Contains(0) ? 0.6 : 0) - (had.Contains(1) ? 0.6 : 0) + Normal.Sample(chance, 0, 1));
                customers.Add(customer);
                lived.AddRange(had.Select(e => (ushort)e));
                starts.Add(lived.Count);
            }
        }

        var experiences = Enumerable.Range(0, Experiences).Select(e => new LivedExperience("reached", $"{e}", null, null, null, null, null)).ToList();
        return new LivedRows(Customers, 1, 0, experiences, [.. customers], new long[customers.Count], [.. outcomes], [.. starts], [.. lived]);
    }

    private static Matrix<double> Standardized(Matrix<double> columns)
    {
        var result = columns.Clone();
        for (var j = 0; j < columns.ColumnCount; j++)
        {
            var centred = columns.Column(j) - columns.Column(j).Average();
            result.SetColumn(j, centred / centred.L2Norm());
        }

        return result;
    }
}
