using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// How deep each journey of a batch comes, where a touchpoint serves one step at most: as <see cref="FunnelMatch"/>, but in one loop over the events
/// of steps, without a branch that depends on them. Memory of one thread.
/// </summary>
internal sealed unsafe class FunnelDepths(FunnelPlan plan)
{
    public const long LongestWindowMs = 1L << 44;

    // The journeys of a batch are put one behind the other, further apart than any window reaches: so no journey's starts need to be cleared for the next.
    private const int Apart = 45;

    // So long ago that no window reaches it, and subtracting it does not overflow.
    private const long Never = -(1L << 61);

    private readonly int width = plan.Steps + 1;
    private ulong[] relevant = [];
    private ulong[] begins = [];
    private int[] before = [];
    private int[] events = [];
    private byte[] depths = [];
    private long[] since = [];

    /// <summary>Finds the depths: the number of steps reached by run.</summary>
    public ReadOnlySpan<byte> Find(in JourneyBatch batch, bool withTimes)
    {
        Reserve(batch, withTimes);
        ulong* found = Pinned.At(relevant), first = Pinned.At(begins);
        Selection.Kept(found, batch);
        Selection.KeepListed(found, batch.Touchpoints, batch.Events, plan.Relevant, plan.IsRelevant);
        var count = Selection.List(found, batch.Events, Pinned.At(events));
        begins.AsSpan(0, Selection.Words(batch.Events)).Clear();
        for (var run = 0; run < batch.Runs; run++) first[batch.Starts[run] >> 6] |= 1UL << (batch.Starts[run] & 63);
        Selection.Count(first, Pinned.At(before), batch.Events);
        depths.AsSpan(0, batch.Runs).Clear();
        fixed (byte* step = plan.StepOfTouchpoint)
            Match(batch, Pinned.At(events), count, new Journeys(first, Pinned.At(before), Pinned.At(depths), Pinned.At(since), withTimes ? width : 0), step, plan.WindowMs);
        return depths.AsSpan(0, batch.Runs);
    }

    /// <summary>Milliseconds from the start to the first reaching of a step, by step number from 1, as far as the journey came.</summary>
    public ReadOnlySpan<long> Since(int run) => since.AsSpan(run * width, width);

    // starts[k + 1] is the latest start that has reached step k; starts[1] the event itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Match(in JourneyBatch batch, int* events, int count, Journeys journeys, byte* stepOf, long windowMs)
    {
        var (codes, times) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<long>(batch.Times));
        var starts = stackalloc long[FunnelQuestion.MaxSteps + 2];
        new Span<long>(starts, FunnelQuestion.MaxSteps + 2).Fill(Never);
        for (var end = events + count; events < end; events++)
        {
            nint at = *events;
            var run = journeys.Of(at);
            nint step = stepOf[(nint)codes.At[at]];
            var time = times.At[at] + ((long)run << Apart);
            starts[1] = time;
            var start = starts[step];
            // All bits set where the window has passed; a conditional would be compiled to a branch.
            var passed = (windowMs - (time - start)) >> 63;
            starts[step + 1] = (starts[step + 1] & passed) | (start & ~passed);
            journeys.Reach(run, (int)step & ~(int)passed, time - start);
        }
    }

    private void Reserve(in JourneyBatch batch, bool withTimes)
    {
        if (events.Length < batch.Events + Selection.Word)
        {
            var capacity = Math.Max(batch.Events, Segment.RowsPerBlock * 2) + Selection.Word;
            events = Pinned.New<int>(capacity);
            relevant = Pinned.New<ulong>(Selection.Words(capacity) + 1);
            begins = Pinned.New<ulong>(Selection.Words(capacity) + 1);
            before = Pinned.New<int>(Selection.Words(capacity) + 1);
        }

        if (depths.Length < batch.Runs) depths = Pinned.New<byte>(batch.Runs * 2);
        var needed = withTimes ? batch.Runs * width : width;
        if (since.Length < needed) since = Pinned.New<long>(needed * 2);
    }

    /// <summary>Which journey an event is of, and what is known of each.</summary>
    /// <param name="begins">A bit for each event, set where a journey begins.</param>
    /// <param name="before">Journeys that begin before each word.</param>
    /// <param name="depths">By journey.</param>
    /// <param name="since">By journey and step.</param>
    /// <param name="width">From one journey's times to the next's; 0 where they are not wanted, so that all go to the same place.</param>
    private readonly struct Journeys(ulong* begins, int* before, byte* depths, long* since, nint width)
    {
        private readonly ulong* begins = begins;
        private readonly int* before = before;
        private readonly byte* depths = depths;
        private readonly long* since = since;
        private readonly nint width = width;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint Of(nint at) => before[at >> 6] + BitOperations.PopCount(begins[at >> 6] << (int)(63 - (at & 63))) - 1;

        // The first time a step is reached counts; other times go to place 0, which means nothing.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Reach(nint run, int depth, long ms)
        {
            var more = depth - depths[run];
            var isDeeper = ~((more - 1) >> 31);
            since[run * width + (depth & isDeeper)] = ms;
            depths[run] = (byte)(depths[run] + (more & isDeeper));
        }
    }
}
