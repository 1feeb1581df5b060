using System.Buffers;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

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

/// <summary>What the second pass found of an edge: how often it is gone, how often in less time than the range's, how long altogether, by how many customers.</summary>
internal struct FlowSums
{
    public long Count;
    public long Below;
    public long Ms;
    public long Customers;
}
