using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tangent.Engine;

/// <summary>
/// Memory of one scanning thread, and the first half of every question: a block of a segment becomes a batch of filtered journeys.
/// Where nothing is taken out, all columns are read in place; otherwise the events that stay are moved together.
/// </summary>
internal sealed unsafe class Scratch
{
    private static readonly ConcurrentBag<Scratch> Idle = [];

    private ushort[] translated = [];
    private ushort[] touchpoints = [];
    private long[] times = [];
    private ushort[] hours = [];
    private ushort[] hoursMade = [];
    private int[] rows = [];
    private ulong[] keep = [];
    private int[] keptBefore = [];
    private int[] starts = [];
    private int[] customers = [];

    public static Scratch Rent() => Idle.TryTake(out var scratch) ? scratch : new Scratch();

    public void Return()
    {
        // One overlong journey must not hold its memory for ever.
        if (touchpoints.Length <= Segment.RowsPerBlock * 16) Idle.Add(this);
    }

    /// <summary>Hands the filtered journeys of a block to the kernel, if there are any.</summary>
    /// <param name="labels">The touchpoints of the layer's segment where they are kept; else they are looked up here.</param>
    /// <param name="hoursOf">The hours of the layer's segment where the kernel or a period of the lens asks for them.</param>
    public void Visit(Layer layer, Labels? labels, Hours? hoursOf, int block, Lens lens, Kernel kernel)
    {
        var segment = layer.Segment;
        int fromRun = segment.Blocks[block], toRun = segment.Blocks[block + 1];
        var firstRow = segment.Starts[fromRun];
        var count = segment.Starts[toRun] - firstRow;
        if (count == 0) return;
        Reserve(count, toRun - fromRun);
        int* runStarts = Pinned(starts), runCustomers = Pinned(customers);
        var someRuns = lens.Customers is not null || Bitmap.AnyIn(layer.Hidden, fromRun, toRun);
        if (someRuns && !AnyWanted(layer, fromRun, toRun, lens.Customers)) return;
        var reads = lens.CollapseRepeats ? kernel.Reads | Reads.Journeys : kernel.Reads;
        var runs = (reads & Reads.Journeys) != 0 ? ListRuns(segment, fromRun, toRun, runStarts, runCustomers) : 0;

        var codes = Pinned(translated);
        bool whole;
        if (labels is not null) codes = labels.Block(block, lens, out whole);
        else
            fixed (ushort* table = lens.TouchpointOfSignature) whole = Labels.Translate(segment.Signatures + firstRow, codes, count, table);

        var columns = new Columns(codes, segment.Times + firstRow, hoursOf is null ? null : hoursOf.Block(block, Pinned(hoursMade)), null, firstRow);
        var kept = new KeptRows(null, null, firstRow, count);
        if (!whole || someRuns || lens.TakesOut)
        {
            Select(layer, fromRun, toRun, columns, whole, someRuns, lens, hoursOf);
            var all = count;
            count = Selection.Count(Pinned(keep), Pinned(keptBefore), all);
            if (count == 0) return;
            if (count < all)
            {
                kept = new KeptRows(Pinned(keep), Pinned(keptBefore), firstRow, all);
                if ((reads & Reads.Unmoved) != 0) count = all;
                else Take(all, ref columns, ref runs, reads);
            }
        }

        if (lens.CollapseRepeats)
        {
            Selection.All(Pinned(keep), count);
            Selection.KeepChanges(Pinned(keep), columns.Touchpoints, count);
            for (var run = 0; run < runs; run++) keep[runStarts[run] >> 6] |= 1UL << (runStarts[run] & 63);
            var all = count;
            count = Selection.Count(Pinned(keep), Pinned(keptBefore), all);
            if (count < all) Take(all, ref columns, ref runs, reads);
        }

        kernel.Visit(new JourneyBatch(runs, runStarts, runCustomers, count, columns, segment, hoursOf?.OriginMs ?? 0, kept));
    }

    // Moves what was selected and counted together.
    private void Take(int count, ref Columns columns, ref int runs, Reads reads)
    {
        var to = new Columns(Pinned(touchpoints), (reads & Reads.Times) != 0 ? Pinned(times) : null, (reads & Reads.Hours) != 0 ? Pinned(hours) : null, (reads & Reads.Rows) != 0 ? Pinned(rows) : null, 0);
        Selection.Compact(Pinned(keep), count, columns, to);
        columns = to;
        if ((reads & Reads.Journeys) != 0) runs = MoveRuns(runs, Pinned(starts), Pinned(customers));
    }

    private static int ListRuns(Segment segment, int fromRun, int toRun, int* runStarts, int* runCustomers)
    {
        var starts = segment.Starts;
        var firstRow = starts[fromRun];
        var runs = 0;
        for (var run = fromRun; run < toRun; run++)
        {
            runStarts[runs] = starts[run] - firstRow;
            runCustomers[runs] = segment.CustomerOfRun(run);
            runs += starts[run + 1] > starts[run] ? 1 : 0;
        }

        runStarts[runs] = starts[toRun] - firstRow;
        return runs;
    }

    private static bool AnyWanted(Layer layer, int fromRun, int toRun, ulong[]? wanted)
    {
        for (var run = fromRun; run < toRun; run++)
            if (IsWanted(layer, wanted, run) && layer.Segment.Starts[run + 1] > layer.Segment.Starts[run]) return true;
        return false;
    }

    private static bool IsWanted(Layer layer, ulong[]? wanted, int run) =>
        !Bitmap.Has(layer.Hidden, run) && (wanted is null || Bitmap.Has(wanted, layer.Segment.CustomerOfRun(run)));

    // Which events stay. Runs stay listed, so that runs touch; those that lose all events drop out as empty.
    private void Select(Layer layer, int fromRun, int toRun, in Columns columns, bool whole, bool someRuns, Lens lens, Hours? hoursOf)
    {
        var segment = layer.Segment;
        var firstRow = segment.Starts[fromRun];
        var count = segment.Starts[toRun] - firstRow;
        var bits = Pinned(keep);
        Selection.All(bits, count);
        if (!whole) Selection.KeepKnown(bits, columns.Touchpoints, count);
        if (someRuns)
            for (var run = fromRun; run < toRun; run++)
                Selection.RemoveIf(!IsWanted(layer, lens.Customers, run), bits, segment.Starts[run] - firstRow, segment.Starts[run + 1] - firstRow);
        if (lens.HasPeriod) Selection.KeepWithin(bits, columns, count, HourRange.Of(lens.FromMs, lens.ToMs, hoursOf!.OriginMs), lens.FromMs, lens.ToMs);
        lens.Signatures?.Keep(bits, segment.Signatures + firstRow, count);
        foreach (var (column, allowed) in lens.Conditions) allowed.Keep(bits, segment.Property(column) + firstRow, count);
    }

    private int MoveRuns(int runs, int* runStarts, int* runCustomers)
    {
        var bits = Pinned(keep);
        var before = Pinned(keptBefore);
        var kept = 0;
        var from = Selection.Before(bits, before, runStarts[0]);
        for (var run = 0; run < runs; run++)
        {
            var to = Selection.Before(bits, before, runStarts[run + 1]);
            runStarts[kept] = from;
            runCustomers[kept] = runCustomers[run];
            if (to > from) kept++;
            from = to;
        }

        runStarts[kept] = from;
        return kept;
    }

    // Allocated pinned, so that the addresses hold.
    private static T* Pinned<T>(T[] array) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));

    private void Reserve(int events, int runs)
    {
        if (touchpoints.Length < events + 2 * Selection.Word)
        {
            // Vectors read and write up to a word beyond the end.
            var capacity = Math.Max(events, Segment.RowsPerBlock * 2) + 2 * Selection.Word;
            translated = New<ushort>(capacity);
            touchpoints = New<ushort>(capacity);
            times = New<long>(capacity);
            hours = New<ushort>(capacity);
            hoursMade = New<ushort>(capacity);
            rows = New<int>(capacity);
            keep = New<ulong>(Selection.Words(capacity) + 2);
            keptBefore = New<int>(Selection.Words(capacity) + 1);
        }

        if (starts.Length > runs + 1) return;
        starts = New<int>(Math.Max(runs + 2, Segment.RowsPerBlock + 2));
        customers = New<int>(starts.Length);
    }

    private static T[] New<T>(int count) => GC.AllocateUninitializedArray<T>(count, pinned: true);
}
