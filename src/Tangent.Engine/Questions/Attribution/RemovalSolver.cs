using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>
/// Removal effects of a Markov chain. Where touchpoint x is taken out, a path that comes to x is lost; a path comes to x by way of a state
/// that ends in x, so these states are closed. With y the expected visits to the other states, y = start + y Q without the closed ones,
/// and y times the probabilities of conversion is the probability to convert without x.
/// <para>
/// The visits with nothing taken out are known, and those of a chain with closed states are never more. So the Gauss–Seidel iteration begins
/// there and comes down; eight touchpoints go through the transitions together, one in each lane. A chain that leads nowhere for long is
/// finished by a Krylov method. What counts is the residual at the end: summed over the states it bounds the error of the probability,
/// since nobody converts with more than certainty.
/// </para>
/// </summary>
internal sealed unsafe class RemovalSolver
{
    private const int Lanes = 8;
    private const int Sweeps = 200;
    private const int SweepsBetweenChecks = 8;

    private readonly MarkovChain chain;
    private readonly int[] removed;
    private readonly double[] effects;
    private readonly double[] valueEffects;
    private readonly double conversion;
    private readonly double worth;
    private readonly double enough;

    public RemovalSolver(MarkovChain chain, int touchpoints)
    {
        this.chain = chain;
        (effects, valueEffects) = (new double[touchpoints], new double[touchpoints]);
        removed = [.. chain.EndsIn.Where(touchpoint => touchpoint >= 0).Distinct().Order()];
        for (var state = 0; state < chain.States; state++)
        {
            conversion += chain.Visits[state] * chain.Converts[state];
            worth += chain.Visits[state] * chain.Worth[state];
        }

        // Far below what is promised, but not below the rounding of the sums.
        enough = Math.Max(1e-13 * conversion, 1e-15 * chain.Visits.Sum());
    }

    public MarkovRemoval Solve(CancellationToken ct)
    {
        var residual = 0.0;
        var batches = (removed.Length + Lanes - 1) / Lanes;
        var gate = new Lock();
        if (conversion > 0)
            Parallel.For(0, batches, new ParallelOptions { CancellationToken = ct }, batch =>
            {
                var worst = SolveBatch(removed.AsSpan(batch * Lanes, Math.Min(Lanes, removed.Length - batch * Lanes)), ct);
                lock (gate) residual = Math.Max(residual, worst);
            });
        return new MarkovRemoval(chain.Order, Math.Max(0, chain.States - 1), chain.From.Length, effects, valueEffects, residual);
    }

    private double SolveBatch(ReadOnlySpan<int> touchpoints, CancellationToken ct)
    {
        var laneOf = new int[effects.Length];
        Array.Fill(laneOf, -1);
        for (var lane = 0; lane < touchpoints.Length; lane++) laneOf[touchpoints[lane]] = lane;
        var visits = new double[chain.States * Lanes];
        for (var state = 0; state < chain.States; state++)
        {
            visits.AsSpan(state * Lanes, Lanes).Fill(chain.Visits[state]);
            if (chain.EndsIn[state] is >= 0 and var touchpoint && laneOf[touchpoint] is >= 0 and var lane) visits[state * Lanes + lane] = 0;
        }

        var residuals = Iterate(visits, laneOf, touchpoints.Length, ct);
        for (var lane = 0; lane < touchpoints.Length; lane++)
        {
            if (residuals[lane] > enough) residuals[lane] = new KrylovSolver(chain, touchpoints[lane], enough).Improve(visits, lane, Lanes, ct);
            double converts = 0, value = 0;
            for (var state = 0; state < chain.States; state++)
            {
                converts += visits[state * Lanes + lane] * chain.Converts[state];
                value += visits[state * Lanes + lane] * chain.Worth[state];
            }

            effects[touchpoints[lane]] = Math.Clamp(1 - converts / conversion, 0, 1);
            valueEffects[touchpoints[lane]] = worth == 0 ? 0 : 1 - value / worth;
        }

        return residuals[..touchpoints.Length].Max();
    }

    private double[] Iterate(double[] visits, int[] laneOf, int lanes, CancellationToken ct)
    {
        var residuals = new double[Lanes];
        fixed (double* all = visits)
            for (var sweep = 0; sweep < Sweeps; sweep += SweepsBetweenChecks)
            {
                ct.ThrowIfCancellationRequested();
                for (var more = 0; more < SweepsBetweenChecks; more++) Sweep(all, laneOf);
                Residuals(all, laneOf).CopyTo(residuals);
                if (residuals[..lanes].Max() <= enough) break;
            }

        return residuals;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sweep(double* visits, int[] laneOf)
    {
        fixed (int* from = chain.From, first = chain.First, endsIn = chain.EndsIn)
        fixed (double* share = chain.Share, stays = chain.Stays)
            for (var state = 1; state < chain.States; state++)
            {
                var sum = Inflow(visits, from, share, first[state], first[state + 1]) * Vector512.Create(1 / (1 - stays[state]));
                sum.Store(visits + (long)state * Lanes);
                var lane = laneOf[endsIn[state]];
                if (lane >= 0) visits[(long)state * Lanes + lane] = 0;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector512<double> Residuals(double* visits, int[] laneOf)
    {
        var residuals = Vector512<double>.Zero;
        fixed (int* from = chain.From, first = chain.First)
        fixed (double* share = chain.Share)
            for (var state = 1; state < chain.States; state++)
            {
                var here = Vector512.Load(visits + (long)state * Lanes);
                var off = Vector512.Abs(Inflow(visits, from, share, first[state], first[state + 1]) + here * Vector512.Create(chain.Stays[state]) - here);
                var lane = laneOf[chain.EndsIn[state]];
                residuals += lane >= 0 ? off.WithElement(lane, 0) : off;
            }

        return residuals;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Inflow(double* visits, int* from, double* share, int first, int end)
    {
        var sum = Vector512<double>.Zero;
        for (var at = first; at < end; at++) sum += Vector512.Load(visits + (long)from[at] * Lanes) * Vector512.Create(share[at]);
        return sum;
    }
}
