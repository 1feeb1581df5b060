using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>Cuts journeys into the paths of conversions and lost ones. One call for each path, none for each event.</summary>
internal abstract unsafe class PathsOfConversionsKernel(AttributionPlan plan) : Kernel
{
    protected AttributionPlan Plan { get; } = plan;

    public long Customers { get; protected set; }
    public long Conversions { get; protected set; }
    public double AllValue { get; protected set; }
    public long LostPaths { get; protected set; }

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
                Converted(batch, new ConvertedPath(run, from, first, at, value));
                from = at + 1;
            }

            if (from == to) continue;
            lost++;
            Lost(batch, from, to);
        }

        Conversions += conversions;
        LostPaths += lost;
    }

    protected abstract void Converted(in JourneyBatch batch, in ConvertedPath path);

    /// <summary>Events that no conversion follows within the lookback.</summary>
    protected virtual void Lost(in JourneyBatch batch, int from, int to)
    {
    }

    protected double Value(in JourneyBatch batch, int conversion)
    {
        if (Plan.Rates is not { } rates) return 0;
        var at = batch.Segment.ValueAt(batch.Row(conversion));
        return at < 0 ? 0 : batch.Segment.Values[at] * rates[batch.Segment.Currencies[at]];
    }

    protected int Within(long* times, int from, int conversion)
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

/// <summary>A conversion and its path.</summary>
/// <param name="Run">Run of the batch.</param>
/// <param name="Begin">The first event of the run after the conversion before.</param>
/// <param name="From">The first event within the lookback: the path is the events from here up to the conversion, none where they are equal.</param>
/// <param name="At">The conversion.</param>
/// <param name="Value">What it is worth in the reporting currency.</param>
internal readonly record struct ConvertedPath(int Run, int Begin, int From, int At, double Value)
{
    public int Length => At - From;
}

/// <summary>The same where lost paths need only be counted: conversions are found many events at a time, and most customers have none.</summary>
internal abstract unsafe class ConversionsKernel(AttributionPlan plan) : PathsOfConversionsKernel(plan)
{
    private (int Run, int Begin, int At)[] found = new (int, int, int)[1024];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var count = Find(batch);
        var lost = batch.Runs;
        foreach (ref var conversion in found.AsSpan(0, count))
        {
            var first = Within(batch.Times, conversion.Begin, conversion.At);
            var value = Value(batch, conversion.At);
            AllValue += value;
            Converted(batch, new ConvertedPath(conversion.Run, conversion.Begin, first, conversion.At, value));
            // What lies behind the last conversion of a run is lost, and what the lookback cut off.
            lost += first > conversion.Begin ? 1 : 0;
            lost -= conversion.At + 1 == batch.Starts[conversion.Run + 1] ? 1 : 0;
        }

        Customers += batch.Runs;
        Conversions += count;
        LostPaths += lost;
    }

    // Few events lie where the times of conversions and of their paths' beginnings do: they are called for together.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(in JourneyBatch batch)
    {
        var (codes, starts, times, events) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<int>(batch.Starts), new Ptr<long>(batch.Times), batch.Events);
        var wanted = Vector512.Create(Plan.Conversion);
        int run = 0, begin = 0, count = 0;
        for (var word = 0; word < events; word += Selection.Word)
        {
            var low = Vector512.Equals(Vector512.Load(codes.At + word), wanted).ExtractMostSignificantBits();
            var high = Vector512.Equals(Vector512.Load(codes.At + word + 32), wanted).ExtractMostSignificantBits();
            if (count + Selection.Word > found.Length) Array.Resize(ref found, found.Length * 2);
            for (var bits = low | high << 32; bits != 0; bits &= bits - 1)
            {
                var at = word + BitOperations.TrailingZeroCount(bits);
                // Codes behind the last event mean nothing.
                if (at >= events) break;
                while (starts.At[run + 1] <= at) run++;
                begin = Math.Max(begin, starts.At[run]);
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(times.At + begin);
                    Sse.Prefetch0(times.At + at);
                }

                found[count++] = (run, begin, at);
                begin = at + 1;
            }
        }

        return count;
    }
}

/// <summary>Finds the customers with a conversion whose path has a touchpoint.</summary>
internal sealed unsafe class ConvertersKernel(AttributionPlan plan, int? touchpoint, List<int> found) : ConversionsKernel(plan)
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

    protected override void Converted(in JourneyBatch batch, in ConvertedPath path)
    {
        if (batch.Customers[path.Run] == last || !Has(batch, path.From, path.At)) return;
        last = batch.Customers[path.Run];
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
