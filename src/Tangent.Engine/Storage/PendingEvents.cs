namespace Tangent.Engine;

/// <summary>What the writer has said since the last view, in its order: events in arrival order, and moves, erasures and withdrawals with the number of events before each.</summary>
internal sealed class PendingEvents(int propertyColumns)
{
    private const int ChunkBits = 14;
    private const int ChunkRows = 1 << ChunkBits;
    private readonly List<JourneyEvent[]> chunks = [];
    private readonly List<ushort[]> properties = [];

    public int Count { get; private set; }
    public List<Change> Changes { get; } = [];
    public List<Withdrawal> Withdrawals { get; } = [];
    public bool IsEmpty => Count == 0 && Changes.Count == 0 && Withdrawals.Count == 0;

    public ref readonly JourneyEvent this[int number] => ref chunks[number >> ChunkBits][number & (ChunkRows - 1)];

    public ReadOnlySpan<ushort> PropertiesOf(int number) =>
        properties[number >> ChunkBits].AsSpan((number & (ChunkRows - 1)) * propertyColumns, propertyColumns);

    public void Add(in JourneyEvent e, ReadOnlySpan<ushort> codes)
    {
        int chunk = Count >> ChunkBits, row = Count & (ChunkRows - 1);
        if (chunk == chunks.Count || row == chunks[chunk].Length) Enlarge(chunk, row);
        chunks[chunk][row] = e;
        if (propertyColumns > 0) codes.CopyTo(properties[chunk].AsSpan(row * propertyColumns, propertyColumns));
        Count++;
    }

    // The first chunk grows from small, so that a quiet table stays small; the others are whole at once and never copied.
    private void Enlarge(int chunk, int row)
    {
        var rows = chunk > 0 ? ChunkRows : Math.Max(64, row * 4);
        if (chunk == chunks.Count)
        {
            chunks.Add(GC.AllocateUninitializedArray<JourneyEvent>(rows));
            properties.Add(GC.AllocateUninitializedArray<ushort>(rows * propertyColumns));
            return;
        }

        var (events, codes) = (chunks[chunk], properties[chunk]);
        Array.Resize(ref events, rows);
        Array.Resize(ref codes, rows * propertyColumns);
        (chunks[chunk], properties[chunk]) = (events, codes);
    }

    /// <summary>Events at these positions that were said before are taken out.</summary>
    public readonly record struct Withdrawal(PositionRanges Positions, int EventsBefore);

    /// <summary>An identity moves to a customer, or, where <paramref name="Customer"/> is <see cref="Erased"/>, its events so far are erased.</summary>
    public readonly record struct Change(int Identity, int Customer, int EventsBefore)
    {
        public const int Erased = -1;
    }
}
