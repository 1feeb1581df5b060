namespace Tangent.Engine;

/// <summary>A set of positions in the log, as ranges in order that do not overlap.</summary>
public sealed class PositionRanges
{
    private readonly long[] starts;
    private readonly long[] ends;

    /// <param name="ranges">Each from its first position up to its end (exclusive), in any order.</param>
    public PositionRanges(IEnumerable<(long From, long To)> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var merged = new List<(long From, long To)>();
        foreach (var range in ranges.Where(r => r.To > r.From).OrderBy(r => r.From))
        {
            if (merged.Count > 0 && range.From <= merged[^1].To) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, range.To));
            else merged.Add(range);
        }

        starts = [.. merged.Select(r => r.From)];
        ends = [.. merged.Select(r => r.To)];
    }

    /// <summary>Whether no position is in the set.</summary>
    public bool IsEmpty => starts.Length == 0;

    internal IEnumerable<(long From, long To)> Ranges => starts.Zip(ends);

    /// <summary>Whether a position is in the set; costs the logarithm of the number of ranges.</summary>
    public bool Contains(long position)
    {
        if (starts.Length == 0 || position < starts[0] || position >= ends[^1]) return false;
        var found = starts.AsSpan().BinarySearch(position);
        return found >= 0 || position < ends[~found - 1];
    }
}
