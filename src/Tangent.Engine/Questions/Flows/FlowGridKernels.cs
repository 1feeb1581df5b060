using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>
/// Reads a batch as one row of neighbouring events, without regard to journeys, many at a time. A pair of events of different journeys
/// belongs to an edge of its own that nobody asks for, so that nothing needs to branch.
/// </summary>
internal unsafe ref struct FlowPairs
{
    /// <summary>Pairs made ready at a time: they stay in the first-level cache.</summary>
    public const int Chunk = 512;

    private readonly JourneyBatch batch;
    private readonly int touchpoints;
    private readonly int* edges;
    private readonly int* bins;
    private readonly long* times;
    private readonly ulong[] starts;
    private int at = 1;

    /// <param name="buffers">Room for <see cref="Chunk"/> edges, bins and times, in this order.</param>
    /// <param name="starts">Room for a bit an event; kept from batch to batch.</param>
    public FlowPairs(in JourneyBatch batch, int touchpoints, long* buffers, ref ulong[] starts)
    {
        this.batch = batch;
        this.touchpoints = touchpoints;
        times = buffers;
        edges = (int*)(buffers + Chunk);
        bins = edges + Chunk;
        var words = (batch.Events + Chunk) / 64 + 2;
        if (starts.Length < words) starts = new ulong[words * 2];
        // Everything behind the last event is a start, so that it counts for nothing.
        starts.AsSpan(0, words).Clear();
        for (var run = 1; run < batch.Runs; run++)
        {
            var pair = batch.Starts[run] - 1;
            starts[pair >> 6] |= 1UL << (pair & 63);
        }

        var behind = batch.Events - 1;
        starts[behind >> 6] |= ulong.MaxValue << (behind & 63);
        starts.AsSpan((behind >> 6) + 1, words - (behind >> 6) - 1).Fill(ulong.MaxValue);
        this.starts = starts;
    }

    public readonly int* Edges => edges;
    public readonly int* Bins => bins;
    public readonly long* Times => times;

    /// <summary>The chunk's bit of a pair says that its second event begins a journey.</summary>
    public readonly ulong StartsOf(int word) => starts[((at - 1) >> 6) - Chunk / 64 + word];

    /// <summary>Makes the next chunk ready; false where there is none. The last one is filled up with pairs that count for nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Next()
    {
        if (at >= batch.Events) return false;
        var width = Vector512.Create((uint)touchpoints);
        var nobody = Vector512.Create((uint)(touchpoints * touchpoints));
        var bit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768u);
        fixed (ulong* bits = starts)
        {
            var words = (ushort*)(bits + ((at - 1) >> 6));
            for (var pair = 0; pair < Chunk; pair += 32)
            {
                var codes = batch.Touchpoints + at + pair;
                // The buffers behind the last event are read, but not far: what lies there counts for nothing.
                if (at + pair >= batch.Events + 32)
                {
                    Fill(pair, nobody);
                    continue;
                }

                var (fromLow, fromHigh) = Vector512.Widen(Vector512.Load(codes - 1));
                var (toLow, toHigh) = Vector512.Widen(Vector512.Load(codes));
                Store(pair, Edge(fromLow * width + toLow, words[pair / 16]), TimesOf(pair));
                Store(pair + 16, Edge(fromHigh * width + toHigh, words[pair / 16 + 1]), TimesOf(pair + 16));
            }
        }

        at += Chunk;
        return true;

        Vector512<uint> Edge(Vector512<uint> edge, ushort isStart) =>
            Vector512.ConditionalSelect(Vector512.Equals(Vector512.Create((uint)isStart) & bit, bit), nobody, edge);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector512<int> TimesOf(int pair)
    {
        var time = batch.Times + at + pair;
        var low = Vector512.Load(time) - Vector512.Load(time - 1);
        var high = Vector512.Load(time + 8) - Vector512.Load(time + 7);
        low.Store(times + pair);
        high.Store(times + pair + 8);
        return Vector512.Narrow(DurationBins.Of(low), DurationBins.Of(high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store(int pair, Vector512<uint> edge, Vector512<int> bin)
    {
        edge.AsInt32().Store(edges + pair);
        bin.Store(bins + pair);
    }

    private readonly void Fill(int pair, Vector512<uint> nobody)
    {
        Store(pair, nobody, Vector512<int>.Zero);
        Store(pair + 16, nobody, Vector512<int>.Zero);
        new Span<long>(times + pair, 32).Clear();
    }
}

/// <summary>First pass: counts, customers, sums, and how the times of each edge are spread over bins.</summary>
internal sealed unsafe class FlowGridCountKernel(int touchpoints) : Kernel
{
    // One more than there are edges: the pairs that are none.
    private readonly uint[] bins = new uint[(touchpoints * touchpoints + 1) * DurationBins.Count];
    private readonly Tally[] tallies = new Tally[touchpoints * touchpoints + 1];
    private ulong[] starts = [];
    private int journey = 1;

    /// <summary>Journeys.</summary>
    public long Runs { get; private set; }

    public ReadOnlySpan<uint> Bins(int edge) => bins.AsSpan(edge * DurationBins.Count, DurationBins.Count);

    public long Customers(int edge) => tallies[edge].Customers;

    public long SumMs(int edge) => tallies[edge].SumMs;

    public void Add(FlowGridCountKernel other)
    {
        Runs += other.Runs;
        for (var index = 0; index < bins.Length; index++) bins[index] += other.bins[index];
        for (var edge = 0; edge < tallies.Length; edge++)
        {
            tallies[edge].SumMs += other.tallies[edge].SumMs;
            tallies[edge].Customers += other.tallies[edge].Customers;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        Runs += batch.Runs;
        var buffers = stackalloc long[FlowPairs.Chunk * 2];
        var pairs = new FlowPairs(batch, touchpoints, buffers, ref starts);
        var stamp = journey;
        fixed (uint* histogram = bins)
        fixed (Tally* all = tallies)
            while (pairs.Next())
            {
                var (edges, bin, times) = (new Ptr<int>(pairs.Edges), new Ptr<int>(pairs.Bins), new Ptr<long>(pairs.Times));
                for (var word = 0; word < FlowPairs.Chunk / 64; word++)
                {
                    var isStart = pairs.StartsOf(word);
                    for (var pair = word * 64; pair < word * 64 + 64; pair++)
                    {
                        stamp += (int)(isStart & 1);
                        isStart >>= 1;
                        var edge = edges.At[pair];
                        histogram[edge * DurationBins.Count + bin.At[pair]]++;
                        var tally = all + edge;
                        tally->SumMs += times.At[pair];
                        tally->Customers += tally->LastJourney != stamp ? 1 : 0;
                        tally->LastJourney = stamp;
                    }
                }
            }

        journey = stamp + 1;
    }

    private struct Tally
    {
        public long SumMs;
        public int Customers;
        public int LastJourney;
    }
}

/// <summary>Second pass: the times in the bins around each median.</summary>
/// <param name="wanted">By edge: first bin in the upper half, number of bins in the lower.</param>
/// <param name="expected">About so many times are found.</param>
internal sealed unsafe class FlowGridCollectKernel(int touchpoints, uint[] wanted, long expected) : Kernel
{
    // Enough for 500 years; there are fewer edges than fit above.
    private const int TimeBits = 44;

    // A list for each thread: one for all would be fought for at every time.
    private long[] found = GC.AllocateUninitializedArray<long>((int)expected + FlowPairs.Chunk);
    private ulong[] starts = [];
    private int count;

    /// <summary>Puts the times where their edges have them; <paramref name="next"/> is the next place of each edge.</summary>
    public void MoveTo(long[] values, long[] next)
    {
        foreach (var packed in found.AsSpan(0, count)) values[next[packed >> TimeBits]++] = packed & ((1L << TimeBits) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var buffers = stackalloc long[FlowPairs.Chunk * 2];
        var pairs = new FlowPairs(batch, touchpoints, buffers, ref starts);
        fixed (uint* ranges = wanted)
            while (pairs.Next())
            {
                if (count + FlowPairs.Chunk > found.Length) Array.Resize(ref found, found.Length * 2);
                var (edges, bin, times) = (new Ptr<int>(pairs.Edges), new Ptr<int>(pairs.Bins), new Ptr<long>(pairs.Times));
                var to = count;
                fixed (long* list = found)
                    for (var pair = 0; pair < FlowPairs.Chunk; pair++)
                    {
                        var range = ranges[edges.At[pair]];
                        list[to] = (long)edges.At[pair] << TimeBits | times.At[pair];
                        to += (uint)bin.At[pair] - (range >> 16) < (range & 0xFFFF) ? 1 : 0;
                    }

                count = to;
            }
    }
}
