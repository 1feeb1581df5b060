using MathNet.Numerics.LinearAlgebra;

namespace Tangent.Analyse;

/// <summary>Which predictors can be told apart, and of the others with which they go along.</summary>
internal static class Independent
{
    /// <summary>A predictor of which the ones before it explain nine tenths cannot be told from them.</summary>
    private const double LeastOwn = 0.1;

    /// <summary>Nor can one be told from all others, before or after it, whose variance they inflate so many times: what is left of it rests on a few rows, and seems surer than it is.</summary>
    private const double MostInflation = 5;

    /// <summary>Takes predictors in order, each that the ones taken before do not already tell (the steps of Cholesky's decomposition, skipping small pivots), and then sets those aside that go along with the others most.</summary>
    /// <param name="covariances">Covariances of the predictors.</param>
    /// <param name="order">Which come first.</param>
    /// <param name="mostInflation">Those whose variance the others inflate more than this are set aside.</param>
    /// <param name="leastOwn">Those of which the ones before leave less than this share are set aside.</param>
    /// <returns>Those taken, and for each of the others the taken one it goes along with most.</returns>
    public static (List<int> Taken, Dictionary<int, int> Along) Of(Matrix<double> covariances, IEnumerable<int> order, double mostInflation = MostInflation, double leastOwn = LeastOwn)
    {
        var (taken, aside) = (new List<int>(), new List<int>());
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

            if (rest < leastOwn * own || own <= 0)
            {
                aside.Add(candidate);
                continue;
            }

            row[^1] = Math.Sqrt(rest);
            rows.Add(row);
            taken.Add(candidate);
        }

        SetInflatedAside(covariances, taken, aside, mostInflation);
        return (taken, taken.Count == 0 ? [] : aside.ToDictionary(a => a, a => taken.MaxBy(t => Math.Abs(covariances[a, t]) / Math.Sqrt(covariances[t, t]))));
    }

    // One by one: each that goes leaves the others with less. Of equal ones the last in order goes.
    private static void SetInflatedAside(Matrix<double> covariances, List<int> taken, List<int> aside, double mostInflation)
    {
        while (taken.Count > 1)
        {
            var among = Matrix<double>.Build.Dense(taken.Count, taken.Count, (i, j) => covariances[taken[i], taken[j]]);
            var inverse = among.Cholesky().Solve(Matrix<double>.Build.DenseIdentity(taken.Count));
            var worst = 0;
            for (var i = 1; i < taken.Count; i++)
                if (inverse[i, i] * among[i, i] > (inverse[worst, worst] * among[worst, worst]) - 1e-9) worst = i;
            if (inverse[worst, worst] * among[worst, worst] <= mostInflation) return;
            aside.Add(taken[worst]);
            taken.RemoveAt(worst);
        }
    }
}
