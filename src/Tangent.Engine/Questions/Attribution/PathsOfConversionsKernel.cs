using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Cuts journeys into the paths of conversions and lost ones. One call for each path, none for each event.</summary>
internal abstract unsafe class PathsOfConversionsKernel(AttributionPlan plan) : Kernel
{
    protected AttributionPlan Plan { get; } = plan;

    public long Customers { get; private set; }
    public long Conversions { get; private set; }
    public double AllValue { get; private set; }
    public long LostPaths { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        var codes = batch.Touchpoints;
        var times = batch.Times;
        var conversion = Plan.Conversion;
        long conversions = 0, lost = 0;
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], to = batch.Starts[run + 1];
            for (var at = from; at < to; at++)
            {
                if (codes[at] != conversion) continue;
                var first = Within(times, from, at);
                if (first > from)
                {
                    lost++;
                    Lost(batch, from, first);
                }

                var value = Value(batch, at);
                conversions++;
                AllValue += value;
                Converted(batch, run, first, at, value);
                from = at + 1;
            }

            if (from == to) continue;
            lost++;
            Lost(batch, from, to);
        }

        Conversions += conversions;
        LostPaths += lost;
    }

    /// <summary>A conversion at an event whose path is the events from one up to it; none where they are equal.</summary>
    protected abstract void Converted(in JourneyBatch batch, int run, int from, int conversion, double value);

    /// <summary>Events that no conversion follows within the lookback.</summary>
    protected virtual void Lost(in JourneyBatch batch, int from, int to)
    {
    }

    private double Value(in JourneyBatch batch, int conversion)
    {
        if (Plan.Rates is not { } rates) return 0;
        var at = batch.Segment.ValueAt(batch.Row(conversion));
        return at < 0 ? 0 : batch.Segment.Values[at] * rates[batch.Segment.Currencies[at]];
    }

    private int Within(long* times, int from, int conversion)
    {
        var earliest = times[conversion] - Plan.LookbackMs;
        if (times[from] >= earliest) return from;
        // The first event that is not too early.
        int low = from + 1, high = conversion;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] >= earliest) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}

/// <summary>Finds the customers with a conversion whose path has a touchpoint.</summary>
internal sealed unsafe class ConvertersKernel(AttributionPlan plan, int? touchpoint, List<int> found) : PathsOfConversionsKernel(plan)
{
    private int last = -1;

    public static CustomersBehind Ask(JourneyView view, AttributionPlan plan, Lens lens, int? touchpoint, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var lists = new List<List<int>>();
        Scan.Run(view, lens, () =>
        {
            var list = new List<int>();
            lock (lists) lists.Add(list);
            return new ConvertersKernel(plan, touchpoint, list);
        }, ct);
        int[] all = [.. lists.SelectMany(list => list).Order()];
        return new CustomersBehind(all.Length <= limit ? all : all[..limit], all.Length);
    }

    protected override void Converted(in JourneyBatch batch, int run, int from, int conversion, double value)
    {
        if (batch.Customers[run] == last || !Has(batch, from, conversion)) return;
        last = batch.Customers[run];
        found.Add(last);
    }

    private bool Has(in JourneyBatch batch, int from, int to)
    {
        if (touchpoint is not { } wanted) return true;
        if (from == to) return wanted == Plan.Direct;
        for (var at = from; at < to; at++)
            if (Plan.TouchpointOf[batch.Touchpoints[at]] == wanted) return true;
        return false;
    }
}
