using System.Text;

namespace Tangent.Collect;

/// <summary>What became of a row of a file of persons, companies or other records.</summary>
internal enum RowState
{
    New,
    Changed,
    Known,
}

/// <summary>
/// Which content each record of a source has at last, known from the keys of its lines in the log alone: the upper half of a key says which
/// record it is, the lower half its content (48 bits) under the number of its change (16 bits). A value that changes and changes back is so three lines.
/// </summary>
internal sealed class RecordStates
{
    private const int ContentBits = 48;
    private const ulong ContentMask = (1UL << ContentBits) - 1;

    private readonly Dictionary<ulong, ulong> _states = [];

    /// <param name="keys">Keys of everything that was imported from the source, in the order of the log.</param>
    public RecordStates(IEnumerable<UInt128> keys)
    {
        foreach (var key in keys) _states[(ulong)(key >> 64)] = (ulong)key;
    }

    /// <summary>Compares a row with what is known, and knows it from now on.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="record">Kind and id of the record.</param>
    /// <param name="content">All that the row says.</param>
    public (RowState State, UInt128 Key) Take(int sourceId, string record, ReadOnlySpan<byte> content)
    {
        var number = (ulong)ContentHash.Of(sourceId, Encoding.UTF8.GetBytes(record));
        var hash = (ulong)ContentHash.Of(sourceId, content) & ContentMask;
        if (!_states.TryGetValue(number, out var last)) return Kept(RowState.New, number, hash);
        return (last & ContentMask) == hash ? (RowState.Known, new UInt128(number, last)) : Kept(RowState.Changed, number, ((last & ~ContentMask) + ContentMask + 1) | hash);
    }

    private (RowState, UInt128) Kept(RowState state, ulong number, ulong value)
    {
        _states[number] = value;
        return (state, new UInt128(number, value));
    }
}
