namespace Tangent.Engine;

/// <summary>Brings one run of a segment under construction into the order of journeys: time, then position.</summary>
internal sealed unsafe class RunSorter
{
    private Key[] keys = new Key[256];
    private long[] spare = new long[256];

    /// <summary>Sorts the rows from <paramref name="from"/> up to <paramref name="to"/> (exclusive) where they are not in order yet.</summary>
    public void Sort(Segment segment, int from, int to)
    {
        var times = segment.Times;
        var positions = segment.Positions;
        var row = from + 1;
        while (row < to && (times[row - 1] < times[row] || (times[row - 1] == times[row] && positions[row - 1] <= positions[row]))) row++;
        if (row >= to) return;

        var count = to - from;
        if (keys.Length < count)
        {
            keys = new Key[Math.Max(count, keys.Length * 2)];
            spare = new long[keys.Length];
        }

        for (var i = 0; i < count; i++) keys[i] = new Key(times[from + i], positions[from + i], from + i);
        keys.AsSpan(0, count).Sort();
        Permute(segment.Times, from, count);
        Permute(segment.Positions, from, count);
        Permute((long*)segment.Values, from, count);
        Permute(segment.Identities, from, count);
        Permute(segment.Signatures, from, count);
        Permute(segment.Currencies, from, count);
        for (var column = 0; column < segment.PropertyColumns; column++) Permute(segment.Property(column), from, count);
    }

    private void Permute(long* column, int from, int count)
    {
        for (var i = 0; i < count; i++) spare[i] = column[keys[i].Row];
        spare.AsSpan(0, count).CopyTo(new Span<long>(column + from, count));
    }

    private void Permute(int* column, int from, int count)
    {
        for (var i = 0; i < count; i++) spare[i] = column[keys[i].Row];
        for (var i = 0; i < count; i++) column[from + i] = (int)spare[i];
    }

    private void Permute(ushort* column, int from, int count)
    {
        for (var i = 0; i < count; i++) spare[i] = column[keys[i].Row];
        for (var i = 0; i < count; i++) column[from + i] = (ushort)spare[i];
    }

    private void Permute(byte* column, int from, int count)
    {
        for (var i = 0; i < count; i++) spare[i] = column[keys[i].Row];
        for (var i = 0; i < count; i++) column[from + i] = (byte)spare[i];
    }

    private readonly record struct Key(long Time, long Position, int Row) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            if (Time != other.Time) return Time < other.Time ? -1 : 1;
            return Position.CompareTo(other.Position);
        }
    }
}
