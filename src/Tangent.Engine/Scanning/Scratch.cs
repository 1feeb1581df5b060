using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Memory of one scanning thread, and the first half of every question: a block of a segment becomes a batch of filtered journeys.
/// Where nothing is taken out, times are read in place; otherwise the events that stay are moved together, without branches.
/// </summary>
internal sealed unsafe class Scratch
{
    private static readonly ConcurrentBag<Scratch> Idle = [];

    private ushort[] touchpoints = [];
    private long[] times = [];
    private int[] rows = [];
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
    public void Visit(Layer layer, int block, Lens lens, Kernel kernel)
    {
        var segment = layer.Segment;
        int fromRun = segment.Blocks[block], toRun = segment.Blocks[block + 1];
        var firstRow = segment.Starts[fromRun];
        var count = segment.Starts[toRun] - firstRow;
        if (count == 0) return;
        Reserve(count, toRun - fromRun);

        fixed (ushort* table = lens.TouchpointOfSignature)
        fixed (int* runStarts = starts, runCustomers = customers)
        {
            var codes = Pinned(touchpoints);
            var some = lens.Customers is not null || Bitmap.AnyIn(layer.Hidden, fromRun, toRun);
            var runs = some
                ? ListSomeRuns(layer, fromRun, toRun, lens.Customers, runStarts, runCustomers)
                : ListRuns(segment, fromRun, toRun, runStarts, runCustomers);
            if (runs == 0) return;

            var whole = Translate(segment.Signatures + firstRow, codes, count, table);
            if (some) whole &= ClearOtherRuns(segment, layer.Hidden, lens.Customers, fromRun, toRun, codes);
            if (lens.HasPeriod) whole &= ClearOutside(segment.Times + firstRow, codes, count, lens.FromMs, lens.ToMs);
            foreach (var (column, allowed) in lens.Conditions)
                fixed (byte* pass = allowed) whole &= ClearWhere(segment.Property(column) + firstRow, codes, count, pass);

            if (whole)
            {
                kernel.Visit(new JourneyBatch(runs, runStarts, runCustomers, codes, segment.Times + firstRow, null, firstRow, segment));
                return;
            }

            Compact(codes, segment.Times + firstRow, count, firstRow);
            runs = MoveRuns(runs, runStarts, runCustomers);
            if (runs > 0) kernel.Visit(new JourneyBatch(runs, runStarts, runCustomers, codes, Pinned(times), Pinned(rows), firstRow, segment));
        }
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

    // Runs that are not wanted stay listed, so that runs touch; their events are cleared and the runs then drop out as empty.
    private static int ListSomeRuns(Layer layer, int fromRun, int toRun, ulong[]? wanted, int* runStarts, int* runCustomers)
    {
        var any = false;
        for (var run = fromRun; run < toRun && !any; run++)
            any = IsWanted(layer.Segment, layer.Hidden, wanted, run) && layer.Segment.Starts[run + 1] > layer.Segment.Starts[run];
        return any ? ListRuns(layer.Segment, fromRun, toRun, runStarts, runCustomers) : 0;
    }

    private static bool IsWanted(Segment segment, ulong[]? hidden, ulong[]? wanted, int run) =>
        !Bitmap.Has(hidden, run) && (wanted is null || Bitmap.Has(wanted, segment.CustomerOfRun(run)));

    private static bool ClearOtherRuns(Segment segment, ulong[]? hidden, ulong[]? wanted, int fromRun, int toRun, ushort* codes)
    {
        var firstRow = segment.Starts[fromRun];
        var whole = true;
        for (var run = fromRun; run < toRun; run++)
        {
            if (IsWanted(segment, hidden, wanted, run)) continue;
            var length = segment.Starts[run + 1] - segment.Starts[run];
            new Span<ushort>(codes + segment.Starts[run] - firstRow, length).Fill(Code.None);
            whole &= length == 0;
        }

        return whole;
    }

    /// <summary>Signatures to touchpoints; whether all have one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Translate(ushort* signatures, ushort* codes, int count, ushort* table)
    {
        // "None" + 1 has a bit that no other code + 1 has; a maximum would be compiled to branches that cannot be foreseen.
        var seen = 0;
        var i = 0;
        for (; i + 4 <= count; i += 4)
        {
            int a = table[signatures[i]], b = table[signatures[i + 1]], c = table[signatures[i + 2]], d = table[signatures[i + 3]];
            codes[i] = (ushort)a;
            codes[i + 1] = (ushort)b;
            codes[i + 2] = (ushort)c;
            codes[i + 3] = (ushort)d;
            seen |= (a + 1) | (b + 1) | (c + 1) | (d + 1);
        }

        for (; i < count; i++)
        {
            int code = table[signatures[i]];
            codes[i] = (ushort)code;
            seen |= code + 1;
        }

        return seen <= Code.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ClearOutside(long* times, ushort* codes, int count, long fromMs, long toMs)
    {
        var length = (ulong)(toMs - fromMs);
        var outside = 0;
        for (var i = 0; i < count; i++)
        {
            // All bits set is "none".
            var clear = (ulong)(times[i] - fromMs) >= length ? 1 : 0;
            codes[i] |= (ushort)-clear;
            outside |= clear;
        }

        return outside == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ClearWhere(ushort* column, ushort* codes, int count, byte* allowed)
    {
        var cleared = 0;
        for (var i = 0; i < count; i++)
        {
            var clear = allowed[column[i]] - 1;
            codes[i] |= (ushort)clear;
            cleared |= clear;
        }

        return cleared == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compact(ushort* codes, long* source, int count, int firstRow)
    {
        var keptTimes = Pinned(times);
        var keptRows = Pinned(rows);
        var before = Pinned(keptBefore);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var code = codes[i];
            before[i] = kept;
            codes[kept] = code;
            keptTimes[kept] = source[i];
            keptRows[kept] = firstRow + i;
            kept += code != Code.None ? 1 : 0;
        }

        before[count] = kept;
    }

    private int MoveRuns(int runs, int* runStarts, int* runCustomers)
    {
        var before = Pinned(keptBefore);
        var kept = 0;
        for (var run = 0; run < runs; run++)
        {
            int from = before[runStarts[run]], to = before[runStarts[run + 1]];
            runStarts[kept] = from;
            runCustomers[kept] = runCustomers[run];
            if (to > from) kept++;
        }

        runStarts[kept] = before[runStarts[runs]];
        return kept;
    }

    // Allocated pinned, so that the addresses hold.
    private static T* Pinned<T>(T[] array) where T : unmanaged => (T*)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array));

    private void Reserve(int events, int runs)
    {
        if (touchpoints.Length < events + 64)
        {
            var capacity = Math.Max(events + 64, Segment.RowsPerBlock * 2);
            touchpoints = GC.AllocateUninitializedArray<ushort>(capacity, pinned: true);
            times = GC.AllocateUninitializedArray<long>(capacity, pinned: true);
            rows = GC.AllocateUninitializedArray<int>(capacity, pinned: true);
            keptBefore = GC.AllocateUninitializedArray<int>(capacity, pinned: true);
        }

        if (starts.Length > runs + 1) return;
        starts = new int[Math.Max(runs + 2, Segment.RowsPerBlock + 2)];
        customers = new int[starts.Length];
    }
}
