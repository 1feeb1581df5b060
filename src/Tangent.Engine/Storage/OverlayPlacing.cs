namespace Tangent.Engine;

/// <summary>
/// Puts the new events of a batch behind the old ones of their runs, and every run in order. A large batch is first split into
/// ranges of runs that fit in the cache: the events come in time order, so their runs are anywhere.
/// </summary>
internal sealed unsafe class OverlayPlacing(Segment segment, PendingEvents pending, int[] targets, int[] next)
{
    private const int RowsPerRange = 65_536;

    public void Place(RunSorter sorter)
    {
        if (pending.Count < 4 * RowsPerRange)
        {
            for (var number = 0; number < pending.Count; number++)
                if (targets[number] >= 0) Put(number, next[targets[number]]++);
            Sort(sorter, 0, segment.Runs);
            return;
        }

        var bounds = RangeBounds();
        var order = Order(bounds, out var ends);
        Parallel.For(0, bounds.Length - 1, range =>
        {
            for (var at = range == 0 ? 0 : ends[range - 1]; at < ends[range]; at++)
            {
                var number = order[at];
                Put(number, next[targets[number]]++);
            }

            Sort(new RunSorter(), bounds[range], bounds[range + 1]);
        });
    }

    private void Sort(RunSorter with, int fromRun, int toRun)
    {
        for (var run = fromRun; run < toRun; run++) with.Sort(segment, segment.Starts[run], segment.Starts[run + 1]);
    }

    // Run numbers; each range has about RowsPerRange rows.
    private int[] RangeBounds()
    {
        var bounds = new List<int> { 0 };
        for (var run = 0; run < segment.Runs; run++)
            if (segment.Starts[run] - segment.Starts[bounds[^1]] >= RowsPerRange) bounds.Add(run);
        bounds.Add(segment.Runs);
        return [.. bounds];
    }

    // Event numbers by range, in order of arrival within each; ends[r] is the end of range r.
    private int[] Order(int[] bounds, out int[] ends)
    {
        // A segment has fewer than 2^31 rows, so there are at most 2^15 ranges.
        var rangeOfRun = new ushort[segment.Runs];
        var sizes = new int[bounds.Length - 1];
        for (var range = 0; range < sizes.Length; range++) rangeOfRun.AsSpan(bounds[range]..bounds[range + 1]).Fill((ushort)range);
        for (var number = 0; number < pending.Count; number++)
            if (targets[number] >= 0) sizes[rangeOfRun[targets[number]]]++;
        ends = new int[sizes.Length];
        for (int range = 0, sum = 0; range < sizes.Length; range++)
        {
            ends[range] = sum;
            sum += sizes[range];
        }

        var order = new int[pending.Count];
        for (var number = 0; number < pending.Count; number++)
            if (targets[number] >= 0) order[ends[rangeOfRun[targets[number]]]++] = number;
        return order;
    }

    private void Put(int number, int row)
    {
        ref readonly var e = ref pending[number];
        segment.Identities[row] = e.Identity;
        segment.Times[row] = e.TimestampMs;
        segment.Signatures[row] = e.Signature;
        segment.Values[row] = e.Value;
        segment.Currencies[row] = e.Currency;
        segment.Positions[row] = e.Position;
        if (segment.PropertyColumns == 0) return;
        var codes = pending.PropertiesOf(number);
        for (var column = 0; column < codes.Length; column++) segment.Property(column)[row] = codes[column];
    }
}
