namespace Tangent.Engine;

/// <summary>What the writer has said since the last view, in its order: events in arrival order, and moves and erasures with the number of events before each.</summary>
internal sealed class PendingEvents(int propertyColumns)
{
    private readonly List<Chunk> chunks = [];
    private Chunk? last;

    public int Count { get; private set; }
    public IReadOnlyList<Chunk> Chunks => chunks;
    public List<Change> Changes { get; } = [];
    public bool IsEmpty => Count == 0 && Changes.Count == 0;

    public void Add(in JourneyEvent e, ReadOnlySpan<ushort> properties)
    {
        var chunk = last;
        if (chunk is null || chunk.Count == chunk.Identities.Length)
        {
            // Small at first, so that a quiet table stays small.
            chunk = last = new Chunk(Math.Clamp(Count, 256, 65_536), propertyColumns);
            chunks.Add(chunk);
        }

        var row = chunk.Count;
        chunk.Identities[row] = e.Identity;
        chunk.Times[row] = e.TimestampMs;
        chunk.Signatures[row] = e.Signature;
        chunk.Values[row] = e.Value;
        chunk.Currencies[row] = e.Currency;
        chunk.Positions[row] = e.Position;
        if (propertyColumns > 0) properties.CopyTo(chunk.Properties.AsSpan(row * propertyColumns, propertyColumns));
        chunk.Count = row + 1;
        Count++;
    }

    /// <summary>An identity moves to a customer, or, where <paramref name="Customer"/> is <see cref="Erased"/>, its events so far are erased.</summary>
    public readonly record struct Change(int Identity, int Customer, int EventsBefore)
    {
        public const int Erased = -1;
    }

    public sealed class Chunk(int capacity, int propertyColumns)
    {
        public int Count;
        public readonly int[] Identities = GC.AllocateUninitializedArray<int>(capacity);
        public readonly long[] Times = GC.AllocateUninitializedArray<long>(capacity);
        public readonly ushort[] Signatures = GC.AllocateUninitializedArray<ushort>(capacity);
        public readonly double[] Values = GC.AllocateUninitializedArray<double>(capacity);
        public readonly byte[] Currencies = GC.AllocateUninitializedArray<byte>(capacity);
        public readonly long[] Positions = GC.AllocateUninitializedArray<long>(capacity);
        // Row by row, as they come; columns only in segments.
        public readonly ushort[] Properties = GC.AllocateUninitializedArray<ushort>(capacity * propertyColumns);
    }
}
