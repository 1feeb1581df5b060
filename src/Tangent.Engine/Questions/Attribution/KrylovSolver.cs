namespace Tangent.Engine;

/// <summary>
/// BiCGSTAB (van der Vorst, 1992) for one touchpoint's equations, preconditioned by a Gauss–Seidel sweep: for chains where paths are long,
/// in which sweeps alone come near the solution only slowly. Begins again from what it has where it stops getting better.
/// </summary>
internal sealed class KrylovSolver(MarkovChain chain, int touchpoint, double enough)
{
    private const int Restarts = 20;
    private const int Steps = 300;
    private readonly int states = chain.States;

    /// <summary>Improves the visits that lie in every so-manieth place of an array.</summary>
    /// <returns>The residual they end with.</returns>
    public double Improve(double[] visits, int lane, int lanes, CancellationToken ct)
    {
        var x = new double[states];
        for (var state = 0; state < states; state++) x[state] = visits[state * lanes + lane];
        var best = (double[])x.Clone();
        var least = Residual(x).Sum(Math.Abs);
        for (var restart = 0; restart < Restarts && least > enough; restart++)
        {
            ct.ThrowIfCancellationRequested();
            Run(x);
            var now = Residual(x).Sum(Math.Abs);
            if (now < least)
            {
                least = now;
                x.CopyTo(best, 0);
            }
            else best.CopyTo(x, 0);

            // A sweep makes the next beginning another one.
            for (var sweep = 0; sweep < 10; sweep++) Sweep(x);
        }

        for (var state = 0; state < states; state++) visits[state * lanes + lane] = best[state];
        return least;
    }

    private void Run(double[] x)
    {
        var r = Residual(x);
        var shadow = (double[])r.Clone();
        double rho = 1, alpha = 1, omega = 1;
        double[] v = new double[states], p = new double[states];
        for (var step = 0; step < Steps; step++)
        {
            var next = Dot(shadow, r);
            if (next == 0 || omega == 0) return;
            var beta = next / rho * (alpha / omega);
            for (var i = 0; i < states; i++) p[i] = r[i] + beta * (p[i] - omega * v[i]);
            rho = next;
            var towards = Precondition(p);
            v = Times(towards);
            var along = Dot(shadow, v);
            if (along == 0) return;
            alpha = rho / along;
            for (var i = 0; i < states; i++) r[i] -= alpha * v[i];
            var correction = Precondition(r);
            var t = Times(correction);
            var length = Dot(t, t);
            omega = length == 0 ? 0 : Dot(t, r) / length;
            for (var i = 0; i < states; i++)
            {
                x[i] += alpha * towards[i] + omega * correction[i];
                r[i] -= omega * t[i];
            }

            if (!double.IsFinite(omega) || r.Sum(Math.Abs) <= enough / 2) return;
        }
    }

    private bool IsClosed(int state) => state == 0 || chain.EndsIn[state] == touchpoint;

    private double Inflow(double[] x, int state, int below)
    {
        double sum = 0;
        for (var at = chain.First[state]; at < chain.First[state + 1]; at++)
            if (chain.From[at] < below) sum += x[chain.From[at]] * chain.Share[at];
        return sum;
    }

    private double[] Residual(double[] x)
    {
        var residual = new double[states];
        for (var state = 1; state < states; state++)
            if (!IsClosed(state)) residual[state] = Inflow(x, state, states) + (chain.Stays[state] - 1) * x[state];
        return residual;
    }

    // The start is fixed: corrections are 0 there, as in closed states.
    private double[] Times(double[] x)
    {
        var product = Residual(x);
        for (var state = 0; state < states; state++) product[state] = -product[state];
        return product;
    }

    private double[] Precondition(double[] x)
    {
        var solved = new double[states];
        for (var state = 1; state < states; state++)
            if (!IsClosed(state)) solved[state] = (x[state] + Inflow(solved, state, state)) / (1 - chain.Stays[state]);
        return solved;
    }

    private void Sweep(double[] x)
    {
        for (var state = 1; state < states; state++)
            if (!IsClosed(state)) x[state] = Inflow(x, state, states) / (1 - chain.Stays[state]);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
