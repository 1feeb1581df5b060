namespace Tangent.Engine;

/// <summary>The events of a batch that have a value, in the batch's order; repeats not collapsed. Where a segment lists them, only these are read.</summary>
internal unsafe ref struct ValuedEvents
{
    private readonly KeptRows kept;
    private readonly Segment segment;
    private readonly int end;
    private readonly bool isUnmoved;
    private int place;
    private int index;

    public ValuedEvents(in JourneyBatch batch)
    {
        kept = batch.Kept;
        isUnmoved = batch.Staying != null;
        segment = batch.Segment;
        (place, end) = (kept.FirstRow - 1, kept.FirstRow + kept.Rows);
        if (segment.ValuedRows is null) return;
        (place, end) = (segment.FirstValued(kept.FirstRow) - 1, segment.Layout.Valued);
    }

    /// <summary>The event's number in the batch.</summary>
    public readonly int Index => index;

    public readonly double Value => segment.Values[place];

    public readonly byte Currency => segment.Currencies[place];

    public bool Next()
    {
        while (++place < end)
        {
            var row = (segment.ValuedRows is null ? place : segment.ValuedRows[place]) - kept.FirstRow;
            if (row >= kept.Rows) return false;
            if (!kept.Has(row, out index) || segment.Values[place] == 0) continue;
            if (isUnmoved) index = row;
            return true;
        }

        return false;
    }
}
