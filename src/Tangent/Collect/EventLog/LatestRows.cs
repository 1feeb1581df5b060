namespace Tangent.Collect;

/// <summary>The rows written last, in memory: who follows the log closely need not read them from the file. Bounded by their bytes.</summary>
internal sealed class LatestRows(int maxBytes)
{
    // Finding a place among them takes a look at each.
    private const int MostRows = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<LogRow> _rows = new();
    private long _bytes;

    public void Add(IEnumerable<LogRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                _rows.Enqueue(row);
                _bytes += row.Body.Length;
            }

            while (_bytes > maxBytes || _rows.Count > MostRows) _bytes -= _rows.Dequeue().Body.Length;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rows.Clear();
            _bytes = 0;
        }
    }

    /// <returns>Rows from the one that holds <paramref name="position"/> on, in order; null where the rows do not reach back to it.</returns>
    public List<LogRow>? From(long position, int limit)
    {
        lock (_gate)
        {
            if (!_rows.TryPeek(out var oldest) || oldest.Position > position) return null;
            var rows = new List<LogRow>();
            foreach (var row in _rows)
            {
                if (row.Position + row.Count <= position) continue;
                rows.Add(row);
                if (rows.Count == limit) break;
            }

            return rows;
        }
    }
}
