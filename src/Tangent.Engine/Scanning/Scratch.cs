using System.Collections.Concurrent;

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
        int* runStarts = Pinned.At(starts), runCustomers = Pinned.At(customers);
        var someRuns = lens.Customers is not null || Bitmap.AnyIn(layer.Hidden, fromRun, toRun);
        if (someRuns && !AnyWanted(layer, fromRun, toRun, lens.Customers)) return;
        var reads = lens.CollapseRepeats ? kernel.Reads | Reads.Journeys : kernel.Reads;
        var runs = (reads & Reads.Journeys) != 0 ? ListRuns(segment, fromRun, toRun, runStarts, runCustomers) : 0;

        var codes = Pinned.At(translated);
        bool whole;
        if (labels is not null) codes = labels.Block(block, lens, out whole);
        else
            fixed (ushort* table = lens.TouchpointOfSignature) whole = Labels.Translate(segment.Signatures + firstRow, codes, count, table);

        var columns = new Columns(codes, segment.Times + firstRow, hoursOf is null ? null : hoursOf.Block(block, Pinned.At(hoursMade)), null, firstRow);
        var kept = new KeptRows(null, null, firstRow, count);
        ulong* staying = null;
        if (!whole || someRuns || lens.TakesOut)
        {
            Select(layer, fromRun, toRun, columns, whole, someRuns, lens, hoursOf);
            var all = count;
            count = Selection.Count(Pinned.At(keep), Pinned.At(keptBefore), all);
            if (count == 0) return;
            if (count < all)
            {
                kept = new KeptRows(Pinned.At(keep), Pinned.At(keptBefore), firstRow, all);
                if ((reads & Reads.Unmoved) != 0 || ((reads & Reads.UnmovedWhereMost) != 0 && count > all / 3 * 2))
                {
                    count = all;
                    staying = kept.Keep;
                }
                else Take(all, ref columns, ref runs, reads);
            }
        }

        if (lens.CollapseRepeats)
        {
            Selection.All(Pinned.At(keep), count);
            Selection.KeepChanges(Pinned.At(keep), columns.Touchpoints, count);
            for (var run = 0; run < runs; run++) keep[runStarts[run] >> 6] |= 1UL << (runStarts[run] & 63);
            var all = count;
            count = Selection.Count(Pinned.At(keep), Pinned.At(keptBefore), all);
            if (count < all) Take(all, ref columns, ref runs, reads);
        }

        kernel.Visit(new JourneyBatch(runs, runStarts, runCustomers, count, columns, segment, hoursOf?.OriginMs ?? 0, kept, staying));
    }

    // Moves what was selected and counted together.
    private void Take(int count, ref Columns columns, ref int runs, Reads reads)
    {
        var to = new Columns(Pinned.At(touchpoints), (reads & Reads.Times) != 0 ? Pinned.At(times) : null, (reads & Reads.Hours) != 0 ? Pinned.At(hours) : null, (reads & Reads.Rows) != 0 ? Pinned.At(rows) : null, 0);
        Selection.Compact(Pinned.At(keep), count, columns, to);
        columns = to;
        if ((reads & Reads.Journeys) != 0) runs = MoveRuns(runs, Pinned.At(starts), Pinned.At(customers));
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
        var bits = Pinned.At(keep);
        Selection.All(bits, count);
        if (!whole) Selection.KeepKnown(bits, columns.Touchpoints, count);
        if (someRuns) RemoveRuns(layer, fromRun, toRun, lens.Customers, bits);
        if (lens.HasPeriod) Selection.KeepWithin(bits, columns, count, HourRange.Of(lens.FromMs, lens.ToMs, hoursOf!.OriginMs), lens.FromMs, lens.ToMs);
        lens.Signatures?.Keep(bits, segment.Signatures + firstRow, count);
        foreach (var (column, allowed) in lens.Conditions) allowed.Keep(bits, segment.Property(column) + firstRow, count);
    }

    // Which customers are wanted cannot be foreseen: nothing branches on it.
    private static void RemoveRuns(Layer layer, int fromRun, int toRun, ulong[]? wanted, ulong* bits)
    {
        var segment = layer.Segment;
        var starts = segment.Starts;
        int firstRow = starts[fromRun], from = firstRow;
        for (var run = fromRun; run < toRun; run++)
        {
            var to = starts[run + 1];
            var isOut = Bitmap.Of(layer.Hidden, run, 0) | (Bitmap.Of(wanted, segment.CustomerOfRun(run), 1) ^ 1);
            Selection.RemoveIf(isOut, bits, from - firstRow, to - firstRow);
            from = to;
        }
    }

    private int MoveRuns(int runs, int* runStarts, int* runCustomers)
    {
        var bits = Pinned.At(keep);
        var before = Pinned.At(keptBefore);
        var kept = 0;
        var from = Selection.Before(bits, before, runStarts[0]);
        for (var run = 0; run < runs; run++)
        {
            var to = Selection.Before(bits, before, runStarts[run + 1]);
            runStarts[kept] = from;
            runCustomers[kept] = runCustomers[run];
            kept += to > from ? 1 : 0;
            from = to;
        }

        runStarts[kept] = from;
        return kept;
    }

    private void Reserve(int events, int runs)
    {
        if (touchpoints.Length < events + 2 * Selection.Word)
        {
            // Vectors read and write up to a word beyond the end.
            var capacity = Math.Max(events, Segment.RowsPerBlock * 2) + 2 * Selection.Word;
            translated = Pinned.New<ushort>(capacity);
            touchpoints = Pinned.New<ushort>(capacity);
            times = Pinned.New<long>(capacity);
            hours = Pinned.New<ushort>(capacity);
            hoursMade = Pinned.New<ushort>(capacity);
            rows = Pinned.New<int>(capacity);
            keep = Pinned.New<ulong>(Selection.Words(capacity) + 2);
            keptBefore = Pinned.New<int>(Selection.Words(capacity) + 1);
        }

        if (starts.Length > runs + 1) return;
        starts = Pinned.New<int>(Math.Max(runs + 2, Segment.RowsPerBlock + 2));
        customers = Pinned.New<int>(starts.Length);
    }
}
