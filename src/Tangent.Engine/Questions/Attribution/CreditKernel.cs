using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>Credit by the models that look at one path at a time and its order.</summary>
internal sealed unsafe class CreditKernel : ConversionsKernel
{
    private readonly int[] touchpointOf;
    private readonly bool anySource;
    // Values and credit by position need more room for each touchpoint; without them sums are shorter.
    private readonly bool lean;
    private readonly Shares[] shares;
    // By code, and by whether the event is an odd one of its path: two sums, so that repeats do not wait for each other.
    private readonly Vector128<double>[] leanShares;
    private readonly Single[] singles;
    private double[] weights = new double[256];
    private long direct;
    private double directValue;

    public CreditKernel(AttributionPlan plan)
        : base(plan)
    {
        touchpointOf = plan.TouchpointOf;
        // By the scan's codes: their touchpoints are looked up once, at the end.
        anySource = plan.AnySource && plan.Models.HasFlag(AttributionModels.LastWithSource);
        lean = plan.Rates is null && !plan.Models.HasFlag(AttributionModels.PositionBased);
        shares = new Shares[touchpointOf.Length];
        leanShares = new Vector128<double>[touchpointOf.Length * 2];
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
            var leanShare = leanShares[code * 2] + leanShares[code * 2 + 1];
            sums.Add(AttributionModels.First, touchpoint, single.First, single.FirstValue);
            sums.Add(AttributionModels.Last, touchpoint, single.Last, single.LastValue);
            sums.Add(AttributionModels.LastWithSource, touchpoint, single.Sourced, single.SourcedValue);
            sums.Add(AttributionModels.Linear, touchpoint, share.LinearAndPosition[0] + leanShare[0], share.LinearAndPosition[1]);
            sums.Add(AttributionModels.PositionBased, touchpoint, share.LinearAndPosition[2], share.LinearAndPosition[3]);
            sums.Add(AttributionModels.TimeDecay, touchpoint, share.Decay[0] + leanShare[1], share.Decay[1]);
        }

        foreach (var model in AttributionSums.ByOrder) sums.Add(model, Plan.Direct, direct, directValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Converted(in JourneyBatch batch, in ConvertedPath path)
    {
        var (from, conversion, count, worth) = (path.From, path.At, path.Length, path.Value);
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

        var sum = Weights(batch.Times + from, count);
        if (lean) ShareLean(codes, count, 1 / sum);
        else Share(codes, count, worth, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ShareLean(ushort* codes, int count, double scale)
    {
        var linear = Vector128.CreateScalar(1.0 / count);
        var scales = Vector128.CreateScalar(scale);
        fixed (double* weight = weights)
        fixed (Vector128<double>* even = leanShares)
        {
            var odd = even + 1;
            var i = 0;
            for (; i + 2 <= count; i += 2)
            {
                even[codes[i] * 2] += Vector128.Create(linear.ToScalar(), weight[i] * scales.ToScalar());
                odd[codes[i + 1] * 2] += Vector128.Create(linear.ToScalar(), weight[i + 1] * scales.ToScalar());
            }

            if (i < count) even[codes[i] * 2] += Vector128.Create(linear.ToScalar(), weight[i] * scales.ToScalar());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Share(ushort* codes, int count, double worth, double sum)
    {
        // Each gets what those between get; what the ends have more comes on top of it.
        var between = count > 2 ? 0.2 / (count - 2) : 1.0 / count;
        var each = Vector256.Create(1.0 / count, worth / count, between, worth * between);
        var (shared, weight) = (shares, weights);
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
        shared[codes[0]].LinearAndPosition += more;
        shared[codes[count - 1]].LinearAndPosition += more;
    }

    /// <summary>
    /// Weights of time decay; their sum is returned. They begin at the last touchpoint, not at the conversion: the shares are the same, and a
    /// long wait does not take them below what a number can hold.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Weights(long* times, int count)
    {
        const int Lanes = 8;
        // The last eight are written whole.
        if (weights.Length < count + Lanes) weights = new double[(count + Lanes) * 2];
        var latest = Vector512.Create(times[count - 1]);
        var perMs = Vector512.Create(Plan.HalfLivesPerMs);
        var sums = Vector512<double>.Zero;
        fixed (double* all = weights)
            for (var i = 0; i < count; i += Lanes)
            {
                var weight = HalfLives.Weight(Vector512.ConvertToDouble(latest - Vector512.Load(times + i)) * perMs);
                // Times behind the path's last are read, but do not count.
                if (count - i < Lanes) weight = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)(count - i))).AsDouble(), weight, Vector512<double>.Zero);
                weight.Store(all + i);
                sums += weight;
            }

        return Vector512.Sum(sums);
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
    private const double MostHalfLives = 1022;

    // e^x: Taylor's series as far as half of ln 2, the first term left out is below 2e-16.
    private static readonly double[] Series = [.. Enumerable.Range(0, 13).Reverse().Select(power => 1 / Enumerable.Range(1, power).Aggregate(1.0, (product, factor) => product * factor))];

    /// <param name="counts">Half-lives, 0 or more (what is less has some weight too). From 1,022 on the weight is 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Weight(Vector512<double> counts)
    {
        var known = Vector512.Min(Vector512.Max(counts, Vector512<double>.Zero), Vector512.Create(MostHalfLives));
        var whole = Vector512.Round(known);
        var x = (whole - known) * Vector512.Create(0.693147180559945309417);
        ref var factor = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(Series);
        var series = Vector512.Create(factor);
        for (var term = 1; term < 13; term++) series = Vector512.FusedMultiplyAdd(series, x, Vector512.Create(Unsafe.Add(ref factor, term)));
        var power = (Vector512.Create(1023L) - Vector512.ConvertToInt64(whole)) << 52;
        return Vector512.ConditionalSelect(Vector512.LessThan(counts, Vector512.Create(MostHalfLives)), series * power.AsDouble(), Vector512<double>.Zero);
    }
}
