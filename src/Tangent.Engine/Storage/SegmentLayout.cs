namespace Tangent.Engine;

/// <summary>Where the columns of a segment lie, counted from its first byte; the same in memory and in a file.</summary>
/// <remarks>Every column starts on a cache line and is followed by one spare line, so that vector reads may run past its end.</remarks>
internal sealed class SegmentLayout
{
    private const int Line = 64;

    /// <summary>Vector reads of the last column may run so far past its end: 64 times.</summary>
    private const int SpareBytes = 512;

    /// <param name="valued">How many events have a value: only these are listed, by row. -1: every row has a place for one.</param>
    public SegmentLayout(int runs, int events, int propertyColumns, bool sparse, int identities, int valued)
    {
        Runs = runs;
        Events = events;
        PropertyColumns = propertyColumns;
        Identities = identities;
        Starts = Column(runs + 1L, sizeof(int));
        Customers = sparse ? Column(runs, sizeof(int)) : -1;
        Assignments = Column(identities, sizeof(int));
        Signatures = Column(events, sizeof(ushort));
        Times = Column(events, sizeof(long));
        Valued = valued;
        ValuedRows = valued < 0 ? -1 : Column(valued, sizeof(int));
        Values = Column(valued < 0 ? events : valued, sizeof(double));
        Currencies = Column(valued < 0 ? events : valued, sizeof(byte));
        Positions = Column(events, sizeof(long));
        EventIdentities = Column(events, sizeof(int));
        Properties = new long[propertyColumns];
        for (var column = 0; column < propertyColumns; column++) Properties[column] = Column(events, sizeof(ushort));
        Bytes += SpareBytes;
    }

    public int Runs { get; }
    public int Events { get; }
    public int PropertyColumns { get; }
    public int Identities { get; }
    public int Valued { get; }
    public long ValuedRows { get; }
    public long Starts { get; }
    public long Customers { get; }
    public long Assignments { get; }
    public long Signatures { get; }
    public long Times { get; }
    public long Values { get; }
    public long Currencies { get; }
    public long Positions { get; }
    public long EventIdentities { get; }
    public long[] Properties { get; }
    public long Bytes { get; private set; }

    private long Column(long count, int size)
    {
        var start = Bytes;
        Bytes += ((count * size + Line - 1) / Line + 1) * Line;
        return start;
    }
}
