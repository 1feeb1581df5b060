using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>
/// Counts which scan codes follow each other, in one array over all possible grams. A batch is read as one row of neighbouring events,
/// many at a time and without regard to journeys; the grams that reach over the beginning of a journey, or of a path that the lookback cut,
/// are put right afterwards: they are few. Before a beginning stands a code of its own.
/// </summary>
internal sealed unsafe class GramKernel(AttributionPlan plan) : ConversionsKernel(plan)
{
    /// <summary>An array of more counts would leave all caches.</summary>
    public const long Most = 1 << 24;

    /// <summary>So many counts cost nothing worth mentioning, however few events there are.</summary>
    public const long Few = 1 << 18;

    private readonly int order = plan.Order;
    private readonly int width = WidthOf(plan);
    // Modulo 2^32 while a batch is being put right; there are fewer events in all.
    private readonly uint[] counts = Cleared((int)GramsOf(plan));
    private readonly int grams = (int)GramsOf(plan);
    private readonly Dictionary<int, double> values = [];

    /// <summary>The codes of touchpoints, then that of conversions, then that of a beginning.</summary>
    public static int WidthOf(AttributionPlan plan) => plan.Conversion + 2;

    public static long GramsOf(AttributionPlan plan)
    {
        long grams = 1;
        for (var place = 0; place <= plan.Order && grams <= Most; place++) grams *= WidthOf(plan);
        return grams;
    }

    public ReadOnlySpan<uint> Counts => counts.AsSpan(0, grams);

    /// <summary>Gives the memory back, for the next question.</summary>
    public void Return() => ArrayPool<uint>.Shared.Return(counts);

    /// <summary>The value of the conversions by gram, its last code that of conversions.</summary>
    public IReadOnlyDictionary<int, double> Values => values;

    public override void Visit(in JourneyBatch batch)
    {
        fixed (uint* all = counts)
        {
            if (order == 1 && width <= byte.MaxValue) CountPairs(batch.Touchpoints, batch.Events, (ushort)width, all);
            else CountWide(batch.Touchpoints, batch.Events, all);
            if (order == 1) BeginPairs(batch, (uint)width, all);
            else Begin(batch, all);
        }

        base.Visit(batch);
    }

    private static uint[] Cleared(int count)
    {
        var counts = ArrayPool<uint>.Shared.Rent(count);
        counts.AsSpan(0, count).Clear();
        return counts;
    }

    protected override void Converted(in JourneyBatch batch, in ConvertedPath path)
    {
        for (var at = path.From; path.From > path.Begin && at < path.From + order && at <= path.At; at++)
        {
            counts[Gram(batch.Touchpoints, at, batch.Starts[path.Run])]--;
            counts[Gram(batch.Touchpoints, at, path.From)]++;
        }

        if (path.Value != 0) CollectionsMarshal.GetValueRefOrAddDefault(values, Gram(batch.Touchpoints, path.At, path.From), out _) += path.Value;
    }

    // The gram that ends at an event of a path with this beginning. What a conversion resets is told from the gram itself later.
    private int Gram(ushort* codes, int at, int begin)
    {
        var gram = 0;
        for (var place = at - order; place <= at; place++) gram = gram * width + (place < begin ? width - 1 : codes[place]);
        return gram;
    }

    // Pairs as 16-bit numbers: 32 at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountPairs(ushort* codes, int events, ushort width, uint* counts)
    {
        var times = Vector512.Create(width);
        var lanes = stackalloc ulong[8];
        var at = 1;
        for (; at + 32 <= events; at += 32)
        {
            (Vector512.Load(codes + at - 1) * times + Vector512.Load(codes + at)).AsUInt64().Store(lanes);
            for (var lane = 0; lane < 8; lane++)
            {
                var four = lanes[lane];
                counts[(ushort)four]++;
                counts[(ushort)(four >> 16)]++;
                counts[(ushort)(four >> 32)]++;
                counts[four >> 48]++;
            }
        }

        for (; at < events; at++) counts[codes[at - 1] * width + codes[at]]++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BeginPairs(in JourneyBatch batch, uint width, uint* counts)
    {
        var (codes, starts, runs) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<int>(batch.Starts), batch.Runs);
        var beginning = counts + (width - 1) * width;
        beginning[codes.At[0]]++;
        for (var run = 1; run < runs; run++)
        {
            var pair = codes.At + starts.At[run];
            counts[pair[-1] * width + pair[0]]--;
            beginning[pair[0]]++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountWide(ushort* codes, int events, uint* counts)
    {
        var (before, each) = (order, (uint)width);
        var times = Vector512.Create(each);
        var lanes = stackalloc uint[32];
        var at = before;
        for (; at + 32 <= events; at += 32)
        {
            var (low, high) = Vector512.Widen(Vector512.Load(codes + at - before));
            for (var place = before - 1; place >= 0; place--)
            {
                var (nextLow, nextHigh) = Vector512.Widen(Vector512.Load(codes + at - place));
                (low, high) = (low * times + nextLow, high * times + nextHigh);
            }

            low.Store(lanes);
            high.Store(lanes + 16);
            for (var lane = 0; lane < 32; lane++) counts[lanes[lane]]++;
        }

        for (; at < events; at++) counts[Gram(codes, at, at - before)]++;
    }

    private void Begin(in JourneyBatch batch, uint* counts)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int begin = batch.Starts[run], end = Math.Min(begin + order, batch.Starts[run + 1]);
            for (var at = begin; at < end; at++)
            {
                // The very first events of a batch have not been counted.
                if (at >= order) counts[Gram(batch.Touchpoints, at, at - order)]--;
                counts[Gram(batch.Touchpoints, at, begin)]++;
            }
        }
    }
}
