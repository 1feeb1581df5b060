namespace Tangent.Engine;

/// <summary>Events and customers at each touchpoint, and over time. Cost: one pass.</summary>
public sealed record TouchpointsQuestion : JourneyQuestion
{
    /// <summary>The most cells (touchpoints × buckets) of a series.</summary>
    public const int MaxCells = 1 << 24;

    /// <summary>Bounds of days, weeks or the like in milliseconds, rising; bucket b is from bound b up to bound b + 1. Null: no series.</summary>
    public long[]? BucketBoundsMs { get; init; }

    /// <summary>Of the series only the customers at each touchpoint are wanted: all else of the answer is left out but the numbers of all events and customers.</summary>
    public bool OnlyCustomers { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">The bounds do not rise, there are fewer than two, or touchpoints × buckets exceeds <see cref="MaxCells"/>.</exception>
    public TouchpointsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var lens = LensOn(view);
        if (BucketBoundsMs is not null)
        {
            var buckets = new Buckets(BucketBoundsMs);
            if ((long)lens.Touchpoints * buckets.Count > MaxCells) throw new ArgumentException("Too many buckets for so many touchpoints.");
            return OnlyCustomers && lens.Touchpoints <= UniquesKernel.MostTouchpoints ? Uniques(view, lens, buckets, ct) : WithSeries(view, lens, buckets, ct);
        }

        var sum = VolumesKernel.Sum(Scan.Run(view, lens, () => new VolumesKernel(lens.Touchpoints), ct));
        return new TouchpointsAnswer(sum.Events, sum.Customers, sum.Listed(), null);
    }

    /// <summary>The customers who were at a touchpoint.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoint">Touchpoint.</param>
    /// <param name="bucket">Only in this bucket of the series.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Customers(JourneyView view, ushort touchpoint, int? bucket = null, int limit = int.MaxValue, CancellationToken ct = default)
    {
        long fromMs = long.MinValue, toMs = long.MaxValue;
        if (bucket is { } b) (fromMs, toMs) = (BucketBoundsMs![b], BucketBoundsMs[b + 1]);
        return CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            for (var i = first; i < end; i++)
                if (batch.Touchpoints[i] == touchpoint && batch.Times[i] >= fromMs && batch.Times[i] < toMs) return true;
            return false;
        }), limit, ct);
    }

    private static TouchpointsAnswer Uniques(JourneyView view, Lens lens, Buckets buckets, CancellationToken ct)
    {
        var table = new HourTable(buckets);
        var kernels = Scan.Run(view, lens, () => new UniquesKernel(lens.Touchpoints, table), ct);
        var customers = new long[lens.Touchpoints][];
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
        {
            customers[touchpoint] = new long[buckets.Count];
            foreach (var kernel in kernels) kernel.AddTo(touchpoint, customers[touchpoint]);
        }

        return new TouchpointsAnswer(kernels.Sum(kernel => kernel.Events), kernels.Sum(kernel => kernel.Customers), [], new BucketSeries([], customers, [], []));
    }

    private TouchpointsAnswer WithSeries(JourneyView view, Lens lens, Buckets buckets, CancellationToken ct)
    {
        var kernels = Scan.Run(view, lens, () => new SeriesKernel(lens.Touchpoints, buckets), ct);
        long[][] events = new long[lens.Touchpoints][], customers = new long[lens.Touchpoints][];
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
        {
            events[touchpoint] = SeriesKernel.Events(kernels, touchpoint);
            customers[touchpoint] = SeriesKernel.Customers(kernels, touchpoint);
        }

        if (OnlyCustomers)
            return new TouchpointsAnswer(kernels.Sum(kernel => kernel.Volumes.Events), kernels.Sum(kernel => kernel.Volumes.Customers), [], new BucketSeries([], customers, [], []));
        long[] all = [.. Enumerable.Range(0, buckets.Count).Select(bucket => events.Sum(row => row[bucket]))];
        var sum = VolumesKernel.Sum(kernels.ConvertAll(kernel => kernel.Volumes));
        return new TouchpointsAnswer(sum.Events, sum.Customers, sum.Listed(), new BucketSeries(events, customers, all, SeriesKernel.AllCustomers(kernels)));
    }
}

/// <summary>Volumes of touchpoints.</summary>
/// <param name="Events">Events in the filtered journeys.</param>
/// <param name="Customers">Customers with such an event.</param>
/// <param name="Touchpoints">Touchpoints with events, by code.</param>
/// <param name="Series">The same over time; null where no bounds were given.</param>
public sealed record TouchpointsAnswer(long Events, long Customers, Volume[] Touchpoints, BucketSeries? Series);

/// <summary>Volume of one touchpoint or signature.</summary>
/// <param name="Number">Its code.</param>
/// <param name="Events">Events.</param>
/// <param name="Customers">Customers with such an event.</param>
/// <param name="FirstMs">Time of the first.</param>
/// <param name="LastMs">Time of the last.</param>
public readonly record struct Volume(ushort Number, long Events, long Customers, long FirstMs, long LastMs);

/// <summary>Volumes over time; events outside all buckets are not in it.</summary>
/// <param name="Events">By touchpoint code, then bucket.</param>
/// <param name="Customers">By touchpoint code, then bucket: customers at the touchpoint in the bucket.</param>
/// <param name="AllEvents">By bucket.</param>
/// <param name="AllCustomers">By bucket: customers at any touchpoint.</param>
public sealed record BucketSeries(long[][] Events, long[][] Customers, long[] AllEvents, long[] AllCustomers);
