using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>
/// Reads a batch as one row of neighbouring events, without regard to journeys, many at a time. A pair of events of different journeys
/// belongs to an edge of its own that nobody asks for, so that nothing needs to branch.
/// </summary>
internal unsafe ref struct FlowPairs
{
    /// <summary>Pairs made ready at a time: they stay in the first-level cache.</summary>
    public const int Chunk = 256;

    /// <summary>Bytes of the buffer that the chunks are made ready in.</summary>
    public const int BufferBytes = Chunk * (sizeof(ushort) + sizeof(int));

    private readonly JourneyBatch batch;
    private readonly ushort touchpoints;
    private int nextRun = 1;

    public FlowPairs(in JourneyBatch batch, int touchpoints, byte* buffer)
    {
        this.batch = batch;
        this.touchpoints = (ushort)touchpoints;
        Bins = (int*)buffer;
        Edges = (ushort*)(Bins + Chunk);
        At = 1 - Chunk;
    }

    /// <summary>The edge of each pair of the chunk.</summary>
    public ushort* Edges { get; }

    /// <summary>The bin of the time between the two events of each pair of the chunk.</summary>
    public int* Bins { get; }

    /// <summary>The second event of the chunk's first pair.</summary>
    public int At { get; private set; }

    /// <summary>Pairs of the chunk.</summary>
    public readonly int Count => Math.Min(Chunk, batch.Events - At);

    /// <summary>The edge of pairs that are none.</summary>
    public static ushort Nobody(int touchpoints) => (ushort)(touchpoints * touchpoints);

    /// <summary>Makes the next chunk ready; false where there is none. A little behind the last event is read, but does not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next()
    {
        At += Chunk;
        var count = batch.Events - At;
        if (count <= 0) return false;
        var (codes, times, edges, bins) = (new Ptr<ushort>(batch.Touchpoints + At), new Ptr<long>(batch.Times + At), new Ptr<ushort>(Edges), new Ptr<int>(Bins));
        var width = Vector512.Create(touchpoints);
        count = Math.Min(count, Chunk);
        // The time before the chunk's first pair, in the last lane.
        var before = Vector512.Create(times.At[-1]);
        for (var pair = 0; pair < count; pair += 32)
        {
            if (Sse.IsSupported)
            {
                // While this chunk is worked on, the one after the next is on its way.
                const int Ahead = 2 * Chunk;
                Sse.Prefetch0(codes.At + pair + Ahead);
                Sse.Prefetch0(times.At + pair + Ahead);
                Sse.Prefetch0(times.At + pair + Ahead + 8);
                Sse.Prefetch0(times.At + pair + Ahead + 16);
                Sse.Prefetch0(times.At + pair + Ahead + 24);
            }

            (Vector512.Load(codes.At + pair - 1) * width + Vector512.Load(codes.At + pair)).Store(edges.At + pair);
            BinsOf(times.At + pair, ref before).Store(bins.At + pair);
            BinsOf(times.At + pair + 16, ref before).Store(bins.At + pair + 16);
        }

        var nobody = Nobody(touchpoints);
        var run = nextRun;
        for (; run < batch.Runs && batch.Starts[run] < At + count; run++) edges.At[batch.Starts[run] - At] = nobody;
        nextRun = run;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> BinsOf(long* time, ref Vector512<long> before)
    {
        Vector512<long> first = Vector512.Load(time), second = Vector512.Load(time + 8);
        var bins = DurationBins.Of(first - Shifted(first, before, time), second - Shifted(second, first, time + 8));
        before = second;
        return bins;
    }

    // The times one event earlier. Put together from what is loaded already: loads that are not aligned cost twice.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Shifted(Vector512<long> times, Vector512<long> before, long* time) =>
        Avx512F.IsSupported ? Avx512F.AlignRight64(times, before, 7) : Vector512.Load(time - 1);
}

/// <summary>First pass, over a sample: how the times of each edge are spread over bins.</summary>
internal sealed unsafe class FlowSampleKernel(int touchpoints) : Kernel
{
    // One more than there are edges: the pairs that are none.
    private readonly uint[] bins = Cleared((touchpoints * touchpoints + 1) * DurationBins.Count);

    public override Reads Reads => Reads.Journeys | Reads.Times;

    public ReadOnlySpan<uint> Bins(int edge) => bins.AsSpan(edge * DurationBins.Count, DurationBins.Count);

    public void Add(FlowSampleKernel other)
    {
        for (var index = 0; index < (touchpoints * touchpoints + 1) * DurationBins.Count; index++) bins[index] += other.bins[index];
    }

    /// <summary>Gives the memory back, for the next question: to get it from the system takes as long as to fill it.</summary>
    public void Return() => ArrayPool<uint>.Shared.Return(bins);

    private static uint[] Cleared(int count)
    {
        var bins = ArrayPool<uint>.Shared.Rent(count);
        bins.AsSpan(0, count).Clear();
        return bins;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var buffer = stackalloc byte[FlowPairs.BufferBytes];
        var pairs = new FlowPairs(batch, touchpoints, buffer);
        fixed (uint* histogram = bins)
            while (pairs.Next())
            {
                var (edges, bin, count) = (new Ptr<ushort>(pairs.Edges), new Ptr<int>(pairs.Bins), pairs.Count);
                for (var pair = 0; pair < count; pair++) histogram[edges.At[pair] * DurationBins.Count + bin.At[pair]]++;
            }
    }
}

/// <summary>
/// Second pass, over everything: how often each edge is gone and how often in less than some time, and the times around its median,
/// with how they are spread over slots. Customers and sums where they are wanted.
/// </summary>
/// <param name="ranges">By edge, the bins whose times are collected; one range more for the pairs that are none.</param>
/// <param name="expected">About so many times are found.</param>
/// <param name="more">Whether customers and sums are wanted.</param>
internal sealed unsafe class FlowGridKernel(int touchpoints, FlowBins[] ranges, int expected, bool more) : Kernel
{
    // Enough for 500 years; there are fewer edges than fit above.
    private const int TimeBits = 44;

    // Counts of 16 bits stay in the first-level cache with all else; they are added up before they can overflow.
    private const int MostPending = ushort.MaxValue - FlowPairs.Chunk;

    private const ulong OnePair = 1UL << 32;

    // By edge, 16 bits each from above: pairs below the range, pairs, the range's first bin and its number of bins.
    private readonly ulong[] tallies = [.. ranges.Select(range => (ulong)(range.First << 16 | range.Width))];
    private int pending;
    private readonly FlowSlots[] slotsOf = [.. ranges.Select(range => range.Slots)];
    private readonly FlowSums[] counted = new FlowSums[ranges.Length];
    private readonly uint[] slots = new uint[ranges.Length * FlowSlots.Count];
    private readonly Extra[] extras = new Extra[more ? ranges.Length : 0];
    // A list for each thread: one for all would be fought for at every time.
    private long[] found = ArrayPool<long>.Shared.Rent(expected + FlowPairs.Chunk);
    private int count;
    private int journey = 1;

    public override Reads Reads => Reads.Journeys | Reads.Times;

    /// <summary>Journeys.</summary>
    public long Runs { get; private set; }

    /// <summary>How the times collected of an edge are spread.</summary>
    public ReadOnlySpan<uint> Slots(int edge) => slots.AsSpan(edge * FlowSlots.Count, FlowSlots.Count);

    /// <summary>Gives the memory back.</summary>
    public void Return() => ArrayPool<long>.Shared.Return(found);

    public void AddTo(FlowSums[] sums)
    {
        AddUp();
        for (var edge = 0; edge < sums.Length; edge++)
        {
            ref var sum = ref sums[edge];
            sum.Count += counted[edge].Count;
            sum.Below += counted[edge].Below;
            if (!more) continue;
            sum.Ms += extras[edge].SumMs;
            sum.Customers += extras[edge].Customers;
        }
    }

    /// <summary>What was collected and kept: edge and time.</summary>
    public ReadOnlySpan<long> Found => found.AsSpan(0, count);

    public static (int Edge, long Ms) Unpack(long packed) => ((int)(packed >> TimeBits), packed & ((1L << TimeBits) - 1));

    /// <summary>Of what was collected keeps the times within some slots of each edge: the first in the upper half, their number in the lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Keep(uint[] wantedSlots)
    {
        var kept = 0;
        foreach (var packed in Found)
        {
            var (edge, ms) = Unpack(packed);
            var range = wantedSlots[edge];
            found[kept] = packed;
            kept += (uint)slotsOf[edge].Of(ms) - (range >> 16) < (range & 0xFFFF) ? 1 : 0;
        }

        count = kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        Runs += batch.Runs;
        var buffer = stackalloc byte[FlowPairs.BufferBytes];
        var near = stackalloc ushort[FlowPairs.Chunk];
        var pairs = new FlowPairs(batch, touchpoints, buffer);
        fixed (ulong* all = tallies)
            while (pairs.Next())
            {
                var pairsHere = pairs.Count;
                var nearHere = Count(all, pairs.Edges, pairs.Bins, pairsHere, near);
                pending += pairsHere;
                if (pending > MostPending) AddUp();

                Collect(pairs.Edges, batch.Times + pairs.At, near, nearHere);
                if (more) CountMore(pairs.Edges, batch.Times + pairs.At, pairsHere);
            }

        journey++;
    }

    // The pairs near a median are listed; their number is returned. A method of its own: beside others the compiler would keep that number in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Count(ulong* tallies, ushort* edges, int* bins, int pairs, ushort* near)
    {
        var next = near;
        for (nuint pair = 0; pair < (nuint)pairs; pair++)
        {
            var tally = tallies + edges[pair];
            var known = *tally;
            var above = (uint)bins[pair] - ((uint)known >> 16);
            // The highest bit, set below the range, counts beside the pair itself.
            *tally = known + OnePair + ((ulong)(above & 0x8000_0000) << 17);
            *next = (ushort)pair;
            // On by one where the range has the bin, without a branch.
            next += (above - (ushort)known & ~above) >> 31;
        }

        return (int)(next - near);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(ushort* edges, long* times, ushort* near, int nearHere)
    {
        if (count + nearHere >= found.Length) Grow();
        fixed (long* to = &found[count])
        fixed (uint* spread = slots)
        fixed (FlowSlots* of = slotsOf)
            for (var index = 0; index < nearHere; index++)
            {
                int pair = near[index], edge = edges[pair];
                var ms = times[pair] - times[pair - 1];
                to[index] = (long)edge << TimeBits | ms;
                spread[edge * FlowSlots.Count + of[edge].Of(ms)]++;
            }

        count += nearHere;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountMore(ushort* edges, long* times, int pairsHere)
    {
        var nobody = FlowPairs.Nobody(touchpoints);
        var stamp = journey;
        fixed (Extra* all = extras)
            for (var pair = 0; pair < pairsHere; pair++)
            {
                int edge = edges[pair];
                stamp += edge == nobody ? 1 : 0;
                var extra = all + edge;
                extra->SumMs += times[pair] - times[pair - 1];
                extra->Customers += extra->LastJourney != stamp ? 1 : 0;
                extra->LastJourney = stamp;
            }

        journey = stamp;
    }

    private void Grow()
    {
        var more = ArrayPool<long>.Shared.Rent(checked(found.Length * 2));
        found.AsSpan(0, count).CopyTo(more);
        ArrayPool<long>.Shared.Return(found);
        found = more;
    }

    private void AddUp()
    {
        for (var edge = 0; edge < tallies.Length; edge++)
        {
            ref var tally = ref tallies[edge];
            counted[edge].Count += (ushort)(tally >> 32);
            counted[edge].Below += (ushort)(tally >> 48);
            tally = (uint)tally;
        }

        pending = 0;
    }

    private struct Extra
    {
        public long SumMs;
        public int Customers;
        public int LastJourney;
    }
}

/// <summary>Bins from one on, so many.</summary>
internal readonly record struct FlowBins(uint First, uint Width)
{
    public static FlowBins All { get; } = new(0, DurationBins.Count);

    /// <summary>The slots of the times of these bins.</summary>
    public FlowSlots Slots
    {
        get
        {
            var first = DurationBins.LeastMs((int)First);
            var last = First + Width >= DurationBins.Count ? JourneyEvent.LatestMs - JourneyEvent.EarliestMs : DurationBins.LeastMs((int)(First + Width));
            return new FlowSlots(first, Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)Math.Max(1, last - first)) - FlowSlots.Bits));
        }
    }

    /// <summary>
    /// Where the median of all times will lie, given a sample's: as far around the sample's median as chance takes it in all but one of
    /// 100,000 cases. Whether it does is looked at afterwards.
    /// </summary>
    public static FlowBins Around(ReadOnlySpan<uint> sample)
    {
        const double Deviations = 4.5;
        long count = 0;
        foreach (var bin in sample) count += bin;
        if (count == 0) return All;
        var margin = (long)(Deviations / 2 * Math.Sqrt(count)) + 1;
        long low = (count - 1) / 2 - margin, high = count / 2 + margin;
        if (low < 0 || high >= count) return All;
        var first = BinOf(sample, low);
        return new FlowBins(first, BinOf(sample, high) - first + 1);
    }

    /// <summary>Where the median lies, given all times.</summary>
    public static FlowBins Of(ReadOnlySpan<uint> all)
    {
        long count = 0;
        foreach (var bin in all) count += bin;
        if (count == 0) return All;
        var first = BinOf(all, (count - 1) / 2);
        return new FlowBins(first, BinOf(all, count / 2) - first + 1);
    }

    private static uint BinOf(ReadOnlySpan<uint> histogram, long rank)
    {
        var bin = 0;
        for (long upTo = histogram[0]; upTo <= rank;) upTo += histogram[++bin];
        return (uint)bin;
    }
}

/// <summary>Cuts the times collected of an edge into slots of equal width.</summary>
internal readonly struct FlowSlots(long firstMs, int shift)
{
    public const int Bits = 6;
    public const int Count = 1 << Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long ms) => (int)((ms - firstMs) >> shift);
}

/// <summary>What the second pass found of an edge: how often it is gone, how often in less time than the range's, how long altogether, by how many customers.</summary>
internal struct FlowSums
{
    public long Count;
    public long Below;
    public long Ms;
    public long Customers;
}
