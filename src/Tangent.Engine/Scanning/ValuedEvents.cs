namespace Tangent.Engine;

/// <summary>The events of a batch that have a value, in the batch's order. Where a segment lists them, only these are read.</summary>
internal unsafe ref struct ValuedEvents
{
    private readonly JourneyBatch batch;
    private int place;

    public ValuedEvents(in JourneyBatch batch)
    {
        this.batch = batch;
        Index = -1;
        if (batch.Segment.ValuedRows is not null && batch.Events > 0) place = batch.Segment.FirstValued(batch.Row(0)) - 1;
    }

    /// <summary>The event's number in the batch.</summary>
    public int Index { get; private set; }

    public readonly double Value => batch.Segment.Values[place];

    public readonly byte Currency => batch.Segment.Currencies[place];

    public bool Next() => batch.Segment.ValuedRows is null ? NextPlace() : NextListed();

    private bool NextPlace()
    {
        while (++Index < batch.Events)
        {
            place = batch.Row(Index);
            if (batch.Segment.Values[place] != 0) return true;
        }

        return false;
    }

    private bool NextListed()
    {
        var segment = batch.Segment;
        Index++;
        while (++place < segment.Layout.Valued)
        {
            var row = segment.ValuedRows[place];
            if (row > batch.Row(batch.Events - 1)) return false;
            if (batch.IsWhole) Index = row - batch.Row(0);
            else
                while (batch.Row(Index) < row) Index++;
            if (batch.Row(Index) == row && segment.Values[place] != 0) return true;
        }

        return false;
    }
}
