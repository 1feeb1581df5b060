using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using Tangent.Collect;
using Lanes = System.Numerics.Vector<double>;

namespace Tangent.Analyse;

/// <param name="Error">Standard error.</param>
/// <param name="Freedom">Degrees of freedom of it: as many as customers have a say, which are few where an experience is rare.</param>
internal readonly record struct RobustError(double Error, double Freedom)
{
    /// <summary>How likely so large an effect is by accident.</summary>
    public double P(double effect) => Error <= 0 ? 1 : 2 * StudentT.CDF(0, 1, Freedom, -Math.Abs(effect / Error));

    /// <summary>Half of the 95 % interval.</summary>
    public double Reach => Error <= 0 ? 0 : Error * StudentT.InvCDF(0, 1, Freedom, 0.975);
}

/// <summary>
/// How sure the coefficients of a regression are where outcomes are as lopsided as answers and purchases, a customer has several of them, and some experiences are rare. The
/// residuals themselves say it (the sandwich, summed by customer), each taken for larger by what its own row pulled the line to itself (HC3: J. G. MacKinnon and H. White,
/// Journal of Econometrics 29, 1985); Student's t has the degrees of freedom that W. E. Satterthwaite's rule gives to the weights of the customers (R. M. Bell and D. F. McCaffrey,
/// Survey Methodology 28, 2002). Where few had an experience and by accident all of them, or none, bought again, their residuals are nothing at all, and it would seem surer than anything, in a
/// bootstrap too: so an error is never smaller than the plain one of least squares (J. D. Angrist and J.-S. Pischke, Mostly Harmless Econometrics, 2009, 8.1).
/// </summary>
internal static class RobustErrors
{
    // Always as many, so that sums are the same on every machine.
    private const int Parts = 16;

    /// <summary>Passes the rows once: for each of them as many steps as it has experiences and the regression predictors.</summary>
    /// <param name="rows">The rows, those of a customer in a run.</param>
    /// <param name="place">The predictor of each experience; −1 where it is none.</param>
    /// <param name="covariances">Of the predictors.</param>
    /// <param name="coefficients">The regression's.</param>
    /// <param name="sums">Pairs of predictors whose coefficients are added up.</param>
    /// <returns>Of each predictor, then of each sum.</returns>
    public static RobustError[] Of(LivedRows rows, int[] place, Covariances covariances, Vector<double> coefficients, IReadOnlyList<(int One, int Other)>? sums = null)
    {
        var pull = new Pull(covariances, coefficients, sums ?? []);
        var starts = Cut(rows.CustomerOf);
        var parts = new Part[Parts];
        Parallel.For(0, Parts, p =>
        {
            parts[p] = new Part(pull);
            parts[p].Add(rows, place, starts[p], starts[p + 1]);
        });
        var spread = parts.Sum(p => p.Rest) / Math.Max(1, pull.N - pull.Predictors - 1);
        return [.. Enumerable.Range(0, pull.Width).Select(j =>
        {
            var (variance, first, second) = (parts.Sum(p => p.Variance[j]), parts.Sum(p => p.Squares[j]), parts.Sum(p => p.Fourths[j]));
            return new RobustError(Math.Sqrt(Math.Max(variance, spread * pull.Plain[j])), second <= 0 ? 1 : Math.Max(1, first * first / second));
        })];
    }

    /// <summary>Beginnings of the parts, none of them within a customer's rows.</summary>
    private static int[] Cut(int[] customers)
    {
        var starts = new int[Parts + 1];
        starts[Parts] = customers.Length;
        for (var p = 1; p < Parts; p++)
        {
            var at = Math.Max(starts[p - 1], (int)((long)customers.Length * p / Parts));
            while (at > 0 && at < customers.Length && customers[at] == customers[at - 1]) at++;
            starts[p] = at;
        }

        return starts;
    }

    /// <summary>What each predictor pulls: the inverse of the predictors' cross products, row by row, and behind it the sums that are asked for.</summary>
    private sealed class Pull
    {
        public Pull(Covariances covariances, Vector<double> coefficients, IReadOnlyList<(int One, int Other)> sums)
        {
            var (inverse, k) = (covariances.Inverse(), coefficients.Count);
            (N, Predictors, Width) = (covariances.N, k, k + sums.Count);
            Means = [.. covariances.Held.Select(h => h / N)];
            Coefficients = [.. coefficients];
            Offset = covariances.Mean - Enumerable.Range(0, k).Sum(j => Means[j] * coefficients[j]);
            Of = [.. Enumerable.Range(0, k).Select(j => new double[Width])];
            Middle = new double[Width];
            for (var j = 0; j < k; j++)
                for (var i = 0; i < Width; i++)
                {
                    var of = i < k ? inverse[i, j] : inverse[sums[i - k].One, j] + inverse[sums[i - k].Other, j];
                    Of[j][i] = of / N;
                    Middle[i] += Of[j][i] * Means[j];
                }

            for (var j = 0; j < k; j++) MiddlePull += Means[j] * Middle[j];
            Plain = [.. Enumerable.Range(0, Width).Select(i => i < k ? Of[i][i] : Of[sums[i - k].One][i] + Of[sums[i - k].Other][i])];
        }

        public double N { get; }

        public int Predictors { get; }

        public int Width { get; }

        public double[] Means { get; }

        public double[] Coefficients { get; }

        /// <summary>What is expected of a row that holds nothing.</summary>
        public double Offset { get; }

        public double[][] Of { get; }

        public double[] Middle { get; }

        public double MiddlePull { get; }

        /// <summary>The plain variance of each coefficient, and of each sum, over that of the residuals.</summary>
        public double[] Plain { get; }
    }

    private sealed class Part(Pull pull)
    {
        private readonly double[] _weight = new double[pull.Width];
        private readonly double[] _score = new double[pull.Width];
        private readonly double[] _square = new double[pull.Width];

        /// <summary>Sum of the squared residuals.</summary>
        public double Rest { get; private set; }

        public double[] Variance { get; } = new double[pull.Width];

        public double[] Squares { get; } = new double[pull.Width];

        public double[] Fourths { get; } = new double[pull.Width];

        public void Add(LivedRows rows, int[] place, int from, int to)
        {
            for (var row = from; row < to; row++)
            {
                AddRow(rows.Outcomes[row], rows.Lived.AsSpan(rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]), place);
                if (row + 1 == to || rows.CustomerOf[row + 1] != rows.CustomerOf[row]) EndCustomer();
            }
        }

        private void AddRow(double outcome, ReadOnlySpan<ushort> lived, int[] place)
        {
            for (var i = 0; i < _weight.Length; i++) _weight[i] = -pull.Middle[i];
            var (expected, middle) = (pull.Offset, 0.0);
            foreach (var experience in lived)
            {
                if (place[experience] is not (>= 0 and var held)) continue;
                AddTo(_weight, pull.Of[held]);
                expected += pull.Coefficients[held];
                middle += pull.Middle[held];
            }

            var leverage = (1 / pull.N) + pull.MiddlePull - middle;
            foreach (var experience in lived)
                if (place[experience] is >= 0 and var held) leverage += _weight[held];
            var rest = outcome - expected;
            Rest += rest * rest;
            rest /= Math.Max(1 - leverage, 1e-6);
            for (var i = 0; i < _weight.Length; i++)
            {
                _score[i] += _weight[i] * rest;
                _square[i] += _weight[i] * _weight[i];
            }
        }

        private void EndCustomer()
        {
            for (var i = 0; i < _score.Length; i++)
            {
                Variance[i] += _score[i] * _score[i];
                Squares[i] += _square[i];
                Fourths[i] += _square[i] * _square[i];
                (_score[i], _square[i]) = (0, 0);
            }
        }

        private static void AddTo(double[] sum, double[] more)
        {
            var i = 0;
            for (; i <= sum.Length - Lanes.Count; i += Lanes.Count) (new Lanes(sum, i) + new Lanes(more, i)).CopyTo(sum, i);
            for (; i < sum.Length; i++) sum[i] += more[i];
        }
    }
}
