namespace Tangent.Collect;

/// <summary>A set of positions of the log, one bit each; several threads may add.</summary>
/// <param name="end">Positions are below this.</param>
internal sealed class PositionBits(long end)
{
    private readonly ulong[] _words = new ulong[(end + 63) / 64];

    public long Count => _words.Sum(w => (long)System.Numerics.BitOperations.PopCount(w));

    public static PositionBits Of(IEnumerable<(long From, long To)> ranges, long end)
    {
        var bits = new PositionBits(end);
        foreach (var (from, to) in ranges)
            for (var position = from; position < to; position++) bits.Add(position);
        return bits;
    }

    /// <summary>Adds a position; one at or beyond the end is left out.</summary>
    public void Add(long position)
    {
        if ((ulong)position < (ulong)end) Interlocked.Or(ref _words[position >> 6], 1UL << (int)(position & 63));
    }

    public bool Contains(long position) => (ulong)position < (ulong)end && (_words[position >> 6] & (1UL << (int)(position & 63))) != 0;

    /// <summary>The runs of positions in the set, rising, each from its first up to its end (exclusive).</summary>
    public IEnumerable<(long From, long To)> Ranges()
    {
        for (long at = 0; (at = Next(at, isIn: true)) < end;)
        {
            var from = at;
            at = Next(at, isIn: false);
            yield return (from, at);
        }
    }

    private long Next(long at, bool isIn)
    {
        while (at < end)
        {
            var word = (isIn ? _words[at >> 6] : ~_words[at >> 6]) >> (int)(at & 63);
            if (word != 0) return Math.Min(end, at + System.Numerics.BitOperations.TrailingZeroCount(word));
            at = (at | 63) + 1;
        }

        return end;
    }
}
