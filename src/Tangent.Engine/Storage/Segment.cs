using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Journeys as columns, sorted by customer, then time, then position; one contiguous run of rows per customer.
/// A base segment is dense (run r is customer r, most runs may be empty); an overlay segment lists its customers.
/// </summary>
internal sealed unsafe class Segment
{
    /// <summary>A work item holds about this many rows: its translated columns stay in the second-level cache.</summary>
    public const int RowsPerBlock = 16_384;

    /// <summary>At most so many runs in a work item, so that the run lists stay small even where journeys are empty.</summary>
    private const int RunsPerBlock = 16_384;

    public static readonly Segment None = Allocate(0, 0, 0);

    // Keeps the memory behind the pointers alive.
    private readonly object owner;
    private readonly byte* origin;
    private int[]? blocks;

    public Segment(SegmentLayout layout, object owner, byte* origin)
    {
        Layout = layout;
        this.owner = owner;
        this.origin = origin;
        Starts = (int*)(origin + layout.Starts);
        Customers = layout.Customers < 0 ? null : (int*)(origin + layout.Customers);
        Assignments = (int*)(origin + layout.Assignments);
        Signatures = (ushort*)(origin + layout.Signatures);
        Times = (long*)(origin + layout.Times);
        ValuedRows = layout.ValuedRows < 0 ? null : (int*)(origin + layout.ValuedRows);
        Values = (double*)(origin + layout.Values);
        Currencies = origin + layout.Currencies;
        Positions = (long*)(origin + layout.Positions);
        Identities = (int*)(origin + layout.EventIdentities);
    }

    /// <summary>The touchpoints of the rows under the tables asked with last.</summary>
    public Labels?[] Labels { get; } = new Labels?[2];

    /// <summary>The hours of the rows, once asked for.</summary>
    public Hours? Hours { get; set; }

    public SegmentLayout Layout { get; }
    public int Runs => Layout.Runs;
    public int Events => Layout.Events;
    public int PropertyColumns => Layout.PropertyColumns;
    public int* Starts { get; }
    public int* Customers { get; }
    public int* Assignments { get; }
    public ushort* Signatures { get; }
    public long* Times { get; }

    /// <summary>The rows that have a value, rising; null where every row has a place of its own in the two columns that follow.</summary>
    public int* ValuedRows { get; }
    public double* Values { get; }
    public byte* Currencies { get; }
    public long* Positions { get; }
    public int* Identities { get; }

    /// <summary>Bounds of the work items as run numbers: item b is the runs from Blocks[b] up to Blocks[b + 1].</summary>
    public int[] Blocks => blocks ??= FindBlocks();

    /// <summary>An overlay segment in memory, its columns not yet written.</summary>
    public static Segment Allocate(int runs, int events, int propertyColumns)
    {
        var layout = new SegmentLayout(runs, events, propertyColumns, sparse: true, identities: 0, valued: -1);
        var block = new NativeBlock(layout.Bytes);
        var segment = new Segment(layout, block, block.Pointer);
        segment.Starts[0] = 0;
        return segment;
    }

    public ushort* Property(int column) => (ushort*)(origin + Layout.Properties[column]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CustomerOfRun(int run) => Customers is null ? run : Customers[run];

    /// <summary>The run of a customer, or -1.</summary>
    public int RunOf(int customer)
    {
        if (Customers is null) return customer < Runs ? customer : -1;
        var found = new ReadOnlySpan<int>(Customers, Runs).BinarySearch(customer);
        return found >= 0 ? found : -1;
    }

    /// <summary>Copies whole rows of another segment.</summary>
    public void CopyRows(Segment from, int fromRow, int toRow, int count)
    {
        if (count == 0) return;
        Copy(from.Signatures, fromRow, Signatures, toRow, count);
        Copy(from.Times, fromRow, Times, toRow, count);
        CopyValues(from, fromRow, toRow, count);
        Copy(from.Positions, fromRow, Positions, toRow, count);
        Copy(from.Identities, fromRow, Identities, toRow, count);
        for (var column = 0; column < PropertyColumns; column++)
            Copy(from.Property(column), fromRow, Property(column), toRow, count);
    }

    /// <summary>The place of a row's value in the columns, or -1 where it has none.</summary>
    public int ValueAt(int row)
    {
        if (ValuedRows is null) return row;
        var at = FirstValued(row);
        return at < Layout.Valued && ValuedRows[at] == row ? at : -1;
    }

    /// <summary>The first place whose row is at or behind a row.</summary>
    public int FirstValued(int row)
    {
        // Valued events lie about equally dense: looked for around where the row would then be, twice as far each time.
        int low = (int)((long)row * Layout.Valued / Math.Max(1, Events)), high = low;
        for (var step = 64; low > 0 && ValuedRows[low - 1] >= row; step *= 2) (high, low) = (low, Math.Max(0, low - step));
        for (var step = 64; high < Layout.Valued && ValuedRows[high] < row; step = Math.Min(step, int.MaxValue / 4) * 2) (low, high) = (high + 1, (int)Math.Min(Layout.Valued, (long)high + step));
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (ValuedRows[middle] < row) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void CopyValues(Segment from, int fromRow, int toRow, int count)
    {
        if (from.ValuedRows is null)
        {
            Copy(from.Values, fromRow, Values, toRow, count);
            Copy(from.Currencies, fromRow, Currencies, toRow, count);
            return;
        }

        new Span<double>(Values + toRow, count).Clear();
        new Span<byte>(Currencies + toRow, count).Clear();
        for (var at = from.FirstValued(fromRow); at < from.Layout.Valued && from.ValuedRows[at] < fromRow + count; at++)
        {
            Values[toRow + from.ValuedRows[at] - fromRow] = from.Values[at];
            Currencies[toRow + from.ValuedRows[at] - fromRow] = from.Currencies[at];
        }
    }

    public static void Copy<T>(T* from, int fromRow, T* to, int toRow, int count) where T : unmanaged =>
        new ReadOnlySpan<T>(from + fromRow, count).CopyTo(new Span<T>(to + toRow, count));

    /// <summary>Finds the work items at once; otherwise the first question does.</summary>
    public void Prepare() => _ = Blocks;

    private int[] FindBlocks()
    {
        var bounds = new List<int> { 0 };
        var starts = new ReadOnlySpan<int>(Starts, Runs + 1);
        for (var run = 0; run < Runs;)
        {
            var limit = Math.Min(Runs, run + RunsPerBlock);
            var target = (int)Math.Min(int.MaxValue, starts[run] + (long)RowsPerBlock);
            var next = run + 1;
            if (starts[limit] <= target) next = limit;
            else
            {
                // The last run bound that does not exceed the target; one journey is never cut.
                int low = run + 1, high = limit;
                while (low < high)
                {
                    var middle = (low + high + 1) >>> 1;
                    if (starts[middle] <= target) low = middle;
                    else high = middle - 1;
                }

                next = low;
            }

            bounds.Add(next);
            run = next;
        }

        return [.. bounds];
    }
}
