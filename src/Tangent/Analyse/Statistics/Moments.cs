using MathNet.Numerics.LinearAlgebra;

namespace Tangent.Analyse;

/// <summary>
/// Counts and sums of rows of yes-or-no predictors and an outcome, kept for a number of groups of customers, so that a sample of groups is summed up without reading the rows again.
/// All rows of a customer are in one group: they are no independent observations.
/// </summary>
internal sealed class Moments(int predictors, int groups)
{
    // Per group: n, Σy, Σy², then Σx, Σxy, and Σxx of each pair, packed as a triangle.
    private readonly double[][] _sums = [.. Enumerable.Range(0, groups).Select(_ => new double[3 + (2 * predictors) + (predictors * (predictors + 1) / 2)])];

    public int Predictors => predictors;

    public int Groups => groups;

    /// <summary>Adds a row.</summary>
    /// <param name="group">The group of its customer.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="held">The predictors that hold, rising.</param>
    public void Add(int group, double outcome, ReadOnlySpan<int> held)
    {
        var sums = _sums[group];
        sums[0]++;
        sums[1] += outcome;
        sums[2] += outcome * outcome;
        for (var i = 0; i < held.Length; i++)
        {
            sums[3 + held[i]]++;
            sums[3 + predictors + held[i]] += outcome;
            var row = 3 + (2 * predictors) + (held[i] * (held[i] + 1) / 2);
            for (var j = 0; j <= i; j++) sums[row + held[j]]++;
        }
    }

    /// <summary>Variances and covariances of some predictors and the outcome.</summary>
    /// <param name="among">The predictors.</param>
    /// <param name="times">How often each group counts; null: once.</param>
    public Covariances Of(IReadOnlyList<int> among, int[]? times = null)
    {
        var total = new double[_sums[0].Length];
        for (var group = 0; group < groups; group++)
        {
            var weight = times?[group] ?? 1;
            if (weight == 0) continue;
            var sums = _sums[group];
            for (var i = 0; i < total.Length; i++) total[i] += weight * sums[i];
        }

        var n = total[0];
        var meanY = total[1] / n;
        var matrix = Matrix<double>.Build.Dense(among.Count, among.Count);
        var withOutcome = Vector<double>.Build.Dense(among.Count);
        for (var i = 0; i < among.Count; i++)
        {
            var meanI = total[3 + among[i]] / n;
            withOutcome[i] = (total[3 + predictors + among[i]] / n) - (meanI * meanY);
            for (var j = 0; j <= i; j++)
            {
                var (large, small) = among[i] > among[j] ? (among[i], among[j]) : (among[j], among[i]);
                var both = total[3 + (2 * predictors) + (large * (large + 1) / 2) + small] / n;
                matrix[i, j] = matrix[j, i] = both - (meanI * total[3 + among[j]] / n);
            }
        }

        return new Covariances(n, meanY, (total[2] / n) - (meanY * meanY), matrix, withOutcome, [.. among.Select(i => total[3 + i])], [.. among.Select(i => total[3 + predictors + i])]);
    }
}

/// <param name="N">Number of rows.</param>
/// <param name="Mean">Mean of the outcome.</param>
/// <param name="Variance">Its variance.</param>
/// <param name="Matrix">Covariances of the predictors.</param>
/// <param name="WithOutcome">Their covariances with the outcome.</param>
/// <param name="Held">Rows in which each holds.</param>
/// <param name="SumHeld">Sum of the outcomes of these rows.</param>
internal sealed record Covariances(double N, double Mean, double Variance, Matrix<double> Matrix, Vector<double> WithOutcome, double[] Held, double[] SumHeld)
{
    // Beyond what rounding leaves of nothing; of what varies at all it changes no digit that is shown.
    private const double Ridge = 1e-8;

    /// <summary>Coefficients of the linear regression of the outcome on all predictors: what each adds while the others are held fixed.</summary>
    public Vector<double> Coefficients() => Positive().Cholesky().Solve(WithOutcome);

    /// <summary>How much of the outcome's variance the predictors explain together.</summary>
    public double RSquared(Vector<double> coefficients) => Variance <= 0 ? 0 : Math.Clamp(coefficients * WithOutcome / Variance, 0, 1);

    /// <summary>Variance inflation of each predictor: how many times less sure its coefficient is because it goes along with others; 1 where it goes along with none.</summary>
    public double[] Inflations()
    {
        var inverse = Inverse();
        return [.. Enumerable.Range(0, Matrix.RowCount).Select(i => Math.Max(1, inverse[i, i] * Matrix[i, i]))];
    }

    /// <summary>Inverse of the predictors' covariances.</summary>
    public Matrix<double> Inverse() => Positive().Cholesky().Solve(Matrix<double>.Build.DenseIdentity(Matrix.RowCount));

    /// <summary>Johnson's weights of all predictors, which sum to R².</summary>
    public double[] Weights()
    {
        var deviations = Matrix.Diagonal().Map(v => Math.Sqrt(Math.Max(v, 0)));
        var scale = deviations.Map(d => d > 1e-12 ? 1 / d : 0);
        var correlations = Matrix.MapIndexed((i, j, c) => i == j ? 1 : c * scale[i] * scale[j]);
        return RelativeWeights.Of(correlations, WithOutcome.PointwiseMultiply(scale) / Math.Sqrt(Math.Max(Variance, 1e-300)));
    }

    private Matrix<double> Positive() => Matrix.MapIndexed((i, j, c) => i == j ? (c * (1 + Ridge)) + 1e-14 : c);
}
