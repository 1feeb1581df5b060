using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>Credit by the models that look at one path at a time and its order.</summary>
internal sealed unsafe class CreditKernel : PathsOfConversionsKernel
{
    private readonly int[] touchpointOf;
    private readonly bool anySource;
    private readonly Shares[] shares;
    private readonly Single[] singles;
    private double[] weights = new double[256];
    private long direct;
    private double directValue;

    public CreditKernel(AttributionPlan plan)
        : base(plan)
    {
        touchpointOf = plan.TouchpointOf;
        // By the scan's codes: their touchpoints are looked up once, at the end.
        anySource = plan.AnySource;
        shares = new Shares[touchpointOf.Length];
        singles = new Single[touchpointOf.Length];
    }

    public static List<CreditKernel> Sum(List<CreditKernel> kernels, AttributionSums sums)
    {
        foreach (var kernel in kernels) kernel.AddTo(sums);
        return kernels;
    }

    private void AddTo(AttributionSums sums)
    {
        for (var code = 0; code < touchpointOf.Length; code++)
        {
            var touchpoint = touchpointOf[code];
            var (share, single) = (shares[code], singles[code]);
            sums.Add(AttributionModels.First, touchpoint, single.First, single.FirstValue);
            sums.Add(AttributionModels.Last, touchpoint, single.Last, single.LastValue);
            sums.Add(AttributionModels.LastWithSource, touchpoint, single.Sourced, single.SourcedValue);
            sums.Add(AttributionModels.Linear, touchpoint, share.LinearAndPosition[0], share.LinearAndPosition[1]);
            sums.Add(AttributionModels.PositionBased, touchpoint, share.LinearAndPosition[2], share.LinearAndPosition[3]);
            sums.Add(AttributionModels.TimeDecay, touchpoint, share.Decay[0], share.Decay[1]);
        }

        foreach (var model in AttributionSums.ByOrder) sums.Add(model, Plan.Direct, direct, directValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Converted(in JourneyBatch batch, int run, int from, int conversion, double worth)
    {
        var count = conversion - from;
        if (count == 0)
        {
            direct++;
            directValue += worth;
            return;
        }

        var codes = batch.Touchpoints + from;
        ushort first = codes[0], last = codes[count - 1];
        singles[first].First++;
        singles[first].FirstValue += worth;
        singles[last].Last++;
        singles[last].LastValue += worth;
        var sourced = codes[LastWithSource(batch, from, conversion) - from];
        singles[sourced].Sourced++;
        singles[sourced].SourcedValue += worth;

        // Each gets what those between get; what the ends have more comes on top of it.
        var between = count > 2 ? 0.2 / (count - 2) : 1.0 / count;
        var each = Vector256.Create(1.0 / count, worth / count, between, worth * between);
        var shared = shares;
        var weight = Weights(batch.Times + from, count, out var sum);
        var scale = Vector128.Create(1 / sum, worth / sum);
        for (var i = 0; i < count; i++)
        {
            ref var share = ref shared[codes[i]];
            share.LinearAndPosition += each;
            share.Decay += scale * Vector128.Create(weight[i]);
        }

        if (count <= 2) return;
        var end = 0.4 - between;
        var more = Vector256.Create(0, 0, end, worth * end);
        shared[first].LinearAndPosition += more;
        shared[last].LinearAndPosition += more;
    }

    /// <summary>Weights of time decay. They begin at the last touchpoint, not at the conversion: the shares are the same, and a long wait does not take them below what a number can hold.</summary>
    private double[] Weights(long* times, int count, out double sum)
    {
        if (weights.Length < count) weights = new double[count * 2];
        var (all, latest, perMs) = (weights, times[count - 1], Plan.HalfLivesPerMs);
        sum = 0;
        for (var i = 0; i < count; i++) sum += all[i] = HalfLives.Weight((latest - times[i]) * perMs);
        return all;
    }

    private int LastWithSource(in JourneyBatch batch, int from, int conversion)
    {
        if (!anySource) return conversion - 1;
        var column = Plan.SourceColumn is { } number ? batch.Segment.Property(number) : null;
        for (var at = conversion - 1; at >= from; at--)
            if (Plan.HasSource[batch.Touchpoints[at]] || (column != null && column[batch.Row(at)] > Plan.NoSource)) return at;
        return conversion - 1;
    }

    private struct Shares
    {
        public Vector256<double> LinearAndPosition;
        public Vector128<double> Decay;
    }

    private struct Single
    {
        public double First, FirstValue, Last, LastValue, Sourced, SourcedValue;
    }
}

/// <summary>Two to the power of minus a number of half-lives.</summary>
internal static class HalfLives
{
    private const int Steps = 1024;
    private static readonly double[] Table = [.. Enumerable.Range(0, Steps).Select(step => Math.Pow(2, -step / (double)Steps))];

    /// <param name="count">Half-lives, 0 or more. From 1,022 on the weight is 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Weight(double count)
    {
        if (count >= 1022) return 0;
        var whole = (int)count;
        var rest = count - whole;
        var step = (int)(rest * Steps);
        // Taylor's series from the nearest step below: the next term is below 2e-18.
        var x = (step * (1.0 / Steps) - rest) * 0.693147180559945309417;
        var series = 1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24))));
        return Table[step] * series * BitConverter.Int64BitsToDouble((1023L - whole) << 52);
    }
}
