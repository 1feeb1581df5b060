using System.Runtime.InteropServices;

namespace Tangent.Unify;

/// <summary>The rows by their key in one <see cref="BlockingWay"/>: sorted arrays, eight bytes a row, and beside them the rows that came since.</summary>
internal sealed class BlockIndex
{
    /// <summary>So many more are sorted in; a search among a million rows then waits for no more than a copy of the arrays.</summary>
    private const int MostBeside = 50_000;

    /// <summary>Blocks grow by who comes after the search that divided them; beyond this, others of the same kind are not compared.</summary>
    private const int MostInABlock = 256;

    private readonly Dictionary<uint, List<int>> _beside = [];
    private uint[] _keys;
    private int[] _rows;
    private int _besideCount;

    public BlockIndex(BlockingPass pass)
        : this(Array.ConvertAll(pass.Order, r => pass.Keys[r]), pass.Order)
    {
    }

    /// <param name="keys">Sorted keys.</param>
    /// <param name="rows">The row of each.</param>
    public BlockIndex(uint[] keys, int[] rows) => (_keys, _rows) = (keys, rows);

    public long Bytes => (_keys.Length * 8L) + (_besideCount * 60L);

    public void Add(uint key, int row)
    {
        (CollectionsMarshal.GetValueRefOrAddDefault(_beside, key, out _) ??= []).Add(row);
        if (++_besideCount == MostBeside) SortIn();
    }

    public void Find(uint key, HashSet<int> rows)
    {
        var most = rows.Count + MostInABlock;
        // The latest first: of a block that has grown they are the ones the last search has not compared.
        if (_beside.TryGetValue(key, out var beside))
            for (var i = beside.Count - 1; i >= 0 && rows.Count < most; i--) rows.Add(beside[i]);
        for (var i = First(key); i < _keys.Length && _keys[i] == key && rows.Count < most; i++) rows.Add(_rows[i]);
    }

    /// <summary>The rows of every key that more than one row has; a row that came twice under a key is there twice.</summary>
    public IEnumerable<(uint Key, List<int> Rows)> Shared()
    {
        SortIn();
        for (int start = 0, end; start < _keys.Length; start = end)
        {
            for (end = start + 1; end < _keys.Length && _keys[end] == _keys[start];) end++;
            if (end - start > 1) yield return (_keys[start], [.. _rows.AsSpan(start, end - start)]);
        }
    }

    private int First(uint key)
    {
        var (low, high) = (0, _keys.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_keys[middle] < key) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void SortIn()
    {
        if (_besideCount == 0) return;
        var keys = new uint[_keys.Length + _besideCount];
        var rows = new int[keys.Length];
        var (from, to) = (0, 0);
        foreach (var key in _beside.Keys.Order())
        {
            for (; from < _keys.Length && _keys[from] <= key; from++, to++) (keys[to], rows[to]) = (_keys[from], _rows[from]);
            foreach (var row in _beside[key])
            {
                (keys[to], rows[to]) = (key, row);
                to++;
            }
        }

        _keys.AsSpan(from).CopyTo(keys.AsSpan(to));
        _rows.AsSpan(from).CopyTo(rows.AsSpan(to));
        (_keys, _rows, _besideCount) = (keys, rows, 0);
        _beside.Clear();
    }
}
