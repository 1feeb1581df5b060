using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Waits by touchpoint: completed ones counted on a grid of 256 parts of each power of two, open ones listed.</summary>
internal sealed unsafe class StalledKernel(int touchpoints, long asOfMs) : Kernel
{
    private const int Bits = 8;
    private const int Parts = 1 << Bits;

    // All times the engine takes are less than 2⁴⁴ ms apart; the first row holds what is shorter than 256 ms.
    private const int Rows = 44 - Bits + 1;

    // Rows are made when the first wait falls into them: most touchpoints need few.
    private readonly Cell[]?[] rows = new Cell[touchpoints * Rows][];
    private readonly GrowingList<long>[] open = new GrowingList<long>[touchpoints];

    public long Customers { get; private set; }

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            var last = batch.Starts[run + 1] - 1;
            for (var at = batch.Starts[run]; at < last; at++) Completed(batch.Touchpoints[at], batch.Times[at + 1] - batch.Times[at]);
            open[batch.Touchpoints[last]].Add(asOfMs - batch.Times[last]);
        }
    }

    /// <summary>Adds the completed waits of another thread; open ones stay where they are.</summary>
    public void AddCompleted(StalledKernel other)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            if (other.rows[row] is not { } cells) continue;
            if (rows[row] is not { } own)
            {
                rows[row] = cells;
                continue;
            }

            for (var part = 0; part < Parts; part++)
            {
                own[part].Count += cells[part].Count;
                own[part].Longest = Math.Max(own[part].Longest, cells[part].Longest);
            }
        }
    }

    /// <param name="kernels">All threads' kernels; the first holds the completed waits of all.</param>
    /// <param name="touchpoint">Touchpoint.</param>
    /// <param name="quantile">What is usual.</param>
    public static StalledTouchpoint? At(List<StalledKernel> kernels, int touchpoint, double quantile)
    {
        var wentOn = 0L;
        for (var row = 0; row < Rows; row++)
            foreach (var cell in kernels[0].rows[touchpoint * Rows + row] ?? []) wentOn += cell.Count;
        var waiting = kernels.Sum(kernel => kernel.open[touchpoint].Count);
        if (wentOn + waiting == 0) return null;
        var (goesOn, usual) = Estimate(kernels, touchpoint, wentOn + waiting, quantile);
        var stalled = 0;
        foreach (var kernel in kernels)
            foreach (var wait in kernel.open[touchpoint].Items) stalled += wait > usual ? 1 : 0;
        var longer = new long[stalled];
        foreach (var kernel in kernels)
            foreach (var wait in kernel.open[touchpoint].Items)
                if (wait > usual) longer[--stalled] = wait;
        return new StalledTouchpoint((ushort)touchpoint, wentOn + waiting, wentOn, goesOn, usual, waiting, longer.Length, Quantile.Of(longer, 0.5));
    }

    private static (double GoesOn, long? Usual) Estimate(List<StalledKernel> kernels, int touchpoint, long visits, double quantile)
    {
        var rows = kernels[0].rows.AsSpan(touchpoint * Rows, Rows);
        var censored = new int[Rows * Parts];
        foreach (var kernel in kernels)
            foreach (var wait in kernel.open[touchpoint].Items) censored[Place(wait)]++;
        // The share that has not gone on after each place that completed waits fall into.
        var steps = new List<(double Left, long Longest)>();
        var left = 1.0;
        var atRisk = visits;
        for (var place = 0; place < censored.Length; place++)
        {
            if (rows[place / Parts] is { } cells && cells[place % Parts] is { Count: > 0 } cell)
            {
                left *= 1 - (double)cell.Count / atRisk;
                atRisk -= cell.Count;
                steps.Add((left, cell.Longest));
            }

            atRisk -= censored[place];
        }

        var goesOn = 1 - left;
        // The tolerance is for what the product lost by rounding.
        return (goesOn, steps.Count == 0 ? null : steps.First(step => 1 - step.Left >= quantile * goesOn - 1e-12).Longest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Completed(int touchpoint, long wait)
    {
        var place = Place(wait);
        ref var row = ref rows[touchpoint * Rows + place / Parts];
        row ??= new Cell[Parts];
        ref var cell = ref row[place % Parts];
        cell.Count++;
        if (wait > cell.Longest) cell.Longest = wait;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Place(long wait)
    {
        if (wait < Parts) return (int)wait;
        var shift = BitOperations.Log2((ulong)wait) - Bits;
        return (shift << Bits) + (int)(wait >> shift);
    }

    private struct Cell
    {
        public long Count;
        public long Longest;
    }
}

internal sealed unsafe class StalledCustomersKernel(long[] longerThanMs, long asOfMs) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var last = batch.Starts[run + 1] - 1;
            if (asOfMs - batch.Times[last] > longerThanMs[batch.Touchpoints[last]]) Found(batch.Customers[run]);
        }
    }
}
