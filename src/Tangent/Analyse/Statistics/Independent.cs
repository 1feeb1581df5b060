using MathNet.Numerics.LinearAlgebra;

namespace Tangent.Analyse;

/// <summary>Which predictors can be told apart, and of the others with which they go along.</summary>
internal static class Independent
{
    /// <summary>A predictor of which the ones before it explain nine tenths (a variance inflation of ten, the usual bound) cannot be told from them.</summary>
    private const double LeastOwn = 0.1;

    /// <summary>Takes predictors in order, each that the ones taken before do not already tell: the steps of Cholesky's decomposition, skipping small pivots.</summary>
    /// <param name="covariances">Covariances of the predictors.</param>
    /// <param name="order">Which come first.</param>
    /// <returns>Those taken, and for each of the others the taken one it goes along with most.</returns>
    public static (List<int> Taken, Dictionary<int, int> Along) Of(Matrix<double> covariances, IEnumerable<int> order)
    {
        var (taken, along) = (new List<int>(), new Dictionary<int, int>());
        var rows = new List<double[]>();
        foreach (var candidate in order)
        {
            var row = new double[taken.Count + 1];
            var own = covariances[candidate, candidate];
            var rest = own;
            for (var i = 0; i < taken.Count; i++)
            {
                var sum = covariances[candidate, taken[i]];
                for (var k = 0; k < i; k++) sum -= row[k] * rows[i][k];
                row[i] = sum / rows[i][i];
                rest -= row[i] * row[i];
            }

            if (rest < LeastOwn * own || own <= 0)
            {
                if (taken.Count > 0) along[candidate] = taken.MaxBy(t => Math.Abs(covariances[candidate, t]) / Math.Sqrt(covariances[t, t]));
                continue;
            }

            row[^1] = Math.Sqrt(rest);
            rows.Add(row);
            taken.Add(candidate);
        }

        return (taken, along);
    }
}
