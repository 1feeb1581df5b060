using MathNet.Numerics.LinearAlgebra;

namespace Tangent.Analyse;

/// <summary>
/// How much of what a regression explains is due to each of its predictors, where these go along with each other: J. W. Johnson, "A heuristic method for estimating the relative
/// weight of predictor variables in multiple regression", Multivariate Behavioral Research 35, 2000. The weights sum to R².
/// </summary>
internal static class RelativeWeights
{
    /// <summary>The weights.</summary>
    /// <param name="predictors">Correlations of the predictors with each other, R.</param>
    /// <param name="outcome">Their correlations with the outcome, r.</param>
    /// <returns>With Λ = R^½, the predictors' loadings on the nearest uncorrelated variables: Λ² · (Λ⁻¹r)², both squared by element.</returns>
    public static double[] Of(Matrix<double> predictors, Vector<double> outcome)
    {
        // A symmetric root by eigenvalues; those that are 0 belong to what nothing varies in, and explain nothing.
        var evd = predictors.Evd(Symmetricity.Symmetric);
        var values = evd.EigenValues.Map(v => Math.Max(v.Real, 0));
        var largest = values.Maximum();
        var root = evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(values.PointwiseSqrt()) * evd.EigenVectors.Transpose();
        var inverse = evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(values.Map(v => v > 1e-10 * largest ? 1 / Math.Sqrt(v) : 0)) * evd.EigenVectors.Transpose();
        return [.. root.PointwisePower(2) * (inverse * outcome).PointwisePower(2)];
    }
}
