using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tangent.Engine;

/// <summary>
/// Filtered journeys handed to a kernel: run r is the events from Starts[r] up to Starts[r + 1] of customer Customers[r].
/// No run is empty, and every event has a touchpoint; except where rows stay unmoved for kernels that ask for it, which look at the rows of <see cref="Staying"/> only.
/// </summary>
internal readonly unsafe ref struct JourneyBatch(int runs, int* starts, int* customers, int events, Columns columns, Segment segment, long hoursOriginMs, KeptRows kept, ulong* staying = null)
{
    private readonly int* rows = columns.Rows;
    private readonly int firstRow = columns.FirstRow;

    public readonly int Runs = runs;
    public readonly int* Starts = starts;
    public readonly int* Customers = customers;
    public readonly ushort* Touchpoints = columns.Touchpoints;
    public readonly long* Times = columns.Times;

    /// <summary>Only for kernels that read them; counted from <see cref="HoursOriginMs"/>.</summary>
    public readonly ushort* Hours = columns.Hours;
    public readonly long HoursOriginMs = hoursOriginMs;
    public readonly Segment Segment = segment;

    /// <summary>Number of events.</summary>
    public readonly int Events = events;

    /// <summary>Which rows of the block are in the batch.</summary>
    public readonly KeptRows Kept = kept;

    /// <summary>Where rows stay unmoved: a bit for each that passed the filter. Null where all events of the batch did.</summary>
    public readonly ulong* Staying = staying;

    /// <summary>The time of an event where the kernel does not read all of them.</summary>
    public long TimeOf(int index) => Times != null ? Times[index] : Segment.Times[Kept.FirstRow + Kept.Row(index)];

    /// <summary>Whether an event passed the filter, for kernels that take rows unmoved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Stays(int index) => Staying == null || (Staying[index >> 6] >> (index & 63) & 1) != 0;

    /// <summary>The first event of a journey that passed the filter, for kernels that take rows unmoved; -1 where none did.</summary>
    public int FirstOf(int run)
    {
        if (Staying == null) return Starts[run];
        int at = Starts[run] >> 6, to = Starts[run + 1];
        var bits = Staying[at] & (~0UL << (Starts[run] & 63));
        while (bits == 0 && (at + 1) * Selection.Word < to) bits = Staying[++at];
        var first = at * Selection.Word + System.Numerics.BitOperations.TrailingZeroCount(bits);
        return bits != 0 && first < to ? first : -1;
    }

    /// <summary>Journeys of which no event passed the filter, for kernels that take rows unmoved.</summary>
    public int RunsWithoutEvents()
    {
        var without = 0;
        for (int run = 0, before = Kept.Before(0); run < Runs && Staying != null; run++)
        {
            var after = Kept.Before(Starts[run + 1]);
            without += after == before ? 1 : 0;
            before = after;
        }

        return without;
    }

    /// <summary>The row in the segment of an event, for the columns that few questions read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Row(int index) => rows is null ? firstRow + index : rows[index];
}

/// <summary>What a kernel reads of a batch besides the touchpoints.</summary>
[Flags]
internal enum Reads
{
    None = 0,
    /// <summary>Where each journey begins and whose it is.</summary>
    Journeys = 1,
    Times = 2,
    /// <summary>Numbers of rows in the segment, for all its other columns.</summary>
    Rows = 4,
    Hours = 8,
    /// <summary>Rows stay where they are, all columns in place; the kernel leaves out those that did not pass.</summary>
    Unmoved = 16,
    /// <summary>The same where most pass; few are moved together.</summary>
    UnmovedWhereMost = 32,
}

/// <summary>The rows of a block that passed the filter, as bits; null where all of them did.</summary>
internal readonly unsafe struct KeptRows(ulong* keep, int* before, int firstRow, int rows)
{
    public readonly ulong* Keep = keep;
    public readonly int FirstRow = firstRow;
    public readonly int Rows = rows;

    /// <summary>Whether a row, counted from the block's first, is kept; and how many are kept before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int row, out int index)
    {
        index = Before(row);
        return Keep == null || (Keep[row >> 6] >> (row & 63) & 1) != 0;
    }

    /// <summary>How many rows are kept before a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Before(int row) => Keep == null ? row : Selection.Before(Keep, before, row);

    /// <summary>The row of the kept row of a number; for few.</summary>
    public int Row(int index)
    {
        if (Keep == null) return index;
        var word = new ReadOnlySpan<int>(before, Selection.Words(Rows) + 1).BinarySearch(index + 1);
        // The last word with no more than so many before it.
        word = word < 0 ? ~word - 1 : word - 1;
        while (before[word] > index) word--;
        var bits = Keep[word];
        for (var more = index - before[word]; more > 0; more--) bits &= bits - 1;
        return word * Selection.Word + System.Numerics.BitOperations.TrailingZeroCount(bits);
    }
}

/// <summary>What one thread of a question does and counts; the threads' kernels are added up at the end.</summary>
internal abstract class Kernel
{
    /// <summary>The columns it reads besides touchpoints; of filtered journeys only these are made.</summary>
    public virtual Reads Reads => Reads.Journeys | Reads.Times | Reads.Rows;

    public abstract void Visit(in JourneyBatch batch);
}

/// <summary>Arrays that stay where they are, so that their addresses hold.</summary>
internal static unsafe class Pinned
{
    public static T[] New<T>(int count) where T : unmanaged => GC.AllocateUninitializedArray<T>(count, pinned: true);

    /// <summary>The address of an array made by <see cref="New"/>.</summary>
    public static T* At<T>(T[] array) where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}

/// <summary>A pointer that fits in a tuple.</summary>
internal readonly unsafe struct Ptr<T>(T* at) where T : unmanaged
{
    public readonly T* At = at;
}
