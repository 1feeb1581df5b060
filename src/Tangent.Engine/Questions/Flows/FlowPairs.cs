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
