namespace Tangent.Engine;

/// <summary>Events and value at each touchpoint over time, without counting customers. Cost: one pass; of the values only those that there are.</summary>
public sealed record TotalsQuestion : JourneyQuestion
{
    /// <summary>Bounds of days, weeks or the like in milliseconds, rising; bucket b is from bound b up to bound b + 1.</summary>
    public required long[] BucketBoundsMs { get; init; }

    /// <summary>What one unit of each currency code is worth in the reporting currency; 256 entries, finite; 0 leaves a currency out.</summary>
    public required double[] Rates { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">The bounds do not rise, there are fewer than two, touchpoints × buckets exceeds <see cref="TouchpointsQuestion.MaxCells"/>, there are not 256 rates, or one is not finite.</exception>
    public TotalsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        ValuesQuestion.Check(Rates);
        var lens = LensOn(view);
        var buckets = new Buckets(BucketBoundsMs);
        if ((long)lens.Touchpoints * buckets.Count > TouchpointsQuestion.MaxCells) throw new ArgumentException("Too many buckets for so many touchpoints.");
        var table = new HourTable(buckets);
        var kernels = Scan.Run(view, lens, () => new TotalsKernel(lens.Touchpoints, table, Rates), ct);
        long[][] events = new long[lens.Touchpoints][];
        double[][] values = new double[lens.Touchpoints][];
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
        {
            events[touchpoint] = new long[buckets.Count];
            values[touchpoint] = new double[buckets.Count];
            foreach (var kernel in kernels) kernel.AddTo(touchpoint, events[touchpoint], values[touchpoint]);
        }

        return new TotalsAnswer(events, values);
    }
}

/// <summary>Totals over time; events outside all buckets are not in them.</summary>
/// <param name="Events">By touchpoint code, then bucket.</param>
/// <param name="Values">By touchpoint code, then bucket, in the reporting currency.</param>
public sealed record TotalsAnswer(long[][] Events, double[][] Values);
