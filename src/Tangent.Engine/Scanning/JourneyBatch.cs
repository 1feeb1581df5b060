using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Filtered journeys handed to a kernel: run r is the events from Starts[r] up to Starts[r + 1] of customer Customers[r].
/// No run is empty, and every event has a touchpoint.
/// </summary>
internal readonly unsafe ref struct JourneyBatch(int runs, int* starts, int* customers, Columns columns, Segment segment, long hoursOriginMs)
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
    public int Events => Starts[Runs];

    /// <summary>Whether the events are neighbouring rows of the segment.</summary>
    public bool IsWhole => rows is null;

    /// <summary>The row in the segment of an event, for the columns that few questions read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Row(int index) => rows is null ? firstRow + index : rows[index];
}

/// <summary>Columns of a batch.</summary>
[Flags]
internal enum Reads
{
    None = 0,
    Times = 1,
    /// <summary>Numbers of rows in the segment, for all its other columns.</summary>
    Rows = 2,
    Hours = 4,
}

/// <summary>What one thread of a question does and counts; the threads' kernels are added up at the end.</summary>
internal abstract class Kernel
{
    /// <summary>The columns it reads besides touchpoints; of filtered journeys only these are made.</summary>
    public virtual Reads Reads => Reads.Times | Reads.Rows;

    public abstract void Visit(in JourneyBatch batch);
}

/// <summary>A pointer that fits in a tuple.</summary>
internal readonly unsafe struct Ptr<T>(T* at) where T : unmanaged
{
    public readonly T* At = at;
}
