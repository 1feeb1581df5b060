namespace Tangent.Unify;

/// <summary>One way of proposing pairs: rows with the same key are compared.</summary>
/// <param name="Name">What the rows share.</param>
/// <param name="Keys">Key of each row; 0 where the row takes no part.</param>
/// <param name="Order">The rows that take part, sorted by key.</param>
/// <param name="Pairs">How many pairs it proposes.</param>
/// <param name="Way">How the key of a row is made.</param>
internal sealed record BlockingPass(string Name, uint[] Keys, int[] Order, long Pairs, BlockingWay Way);

/// <summary>
/// Chooses by itself how pairs are proposed, so that nearly all true pairs are among few. Every value, and every two (rough) values of
/// different columns, is a way of proposing. The most generous ways that can be afforded are taken, and those that propose nothing which
/// one of them does not propose are left out. A block that is too large is divided by further columns, so that the number of pairs grows
/// with the number of persons and not with its square.
/// </summary>
internal sealed class Blocking
{
    private const int MostInABlock = 64;
    private const int PairsPerRow = 40;
    private const int LeastBudget = 300_000;
    private const int MostPasses = 32;
    private const int RowsAPart = 4096;
    private const double MostOfBudget = 10;

    private readonly PersonTable _table;
    private readonly List<BlockingKeys> _keys;

    public Blocking(PersonTable table)
    {
        _table = table;
        _keys = BlockingKeys.Of(table);
        var budget = Math.Max(LeastBudget, (long)PairsPerRow * table.Count);
        Passes = Choose(budget);
    }

    public IReadOnlyList<BlockingPass> Passes { get; }

    /// <summary>Walks all proposed pairs on all processors; what the parts found is put together in their order.</summary>
    /// <param name="every">1 walks all blocks, n one in n: a sample.</param>
    /// <param name="create">Makes what a part puts its findings into.</param>
    /// <param name="pair">Takes the two rows.</param>
    /// <param name="take">Takes the findings of a part.</param>
    /// <param name="ct">Ends the walk.</param>
    public void WalkAll<T>(uint every, Func<T> create, Action<T, int, int> pair, Action<T> take, CancellationToken ct)
    {
        var work = new List<(int Pass, int From, int To)>();
        for (var pass = 0; pass < Passes.Count; pass++)
            for (var from = 0; from < Passes[pass].Order.Length; from += RowsAPart)
                work.Add((pass, from, Math.Min(from + RowsAPart, Passes[pass].Order.Length)));
        var found = new T[work.Count];
        Parallel.For(0, work.Count, new ParallelOptions { CancellationToken = ct }, i =>
        {
            var own = found[i] = create();
            Walk(work[i].Pass, work[i].From, work[i].To, every, (a, b) => pair(own, a, b));
        });
        foreach (var own in found) take(own);
    }

    /// <summary>Calls for every proposed pair of a pass that no earlier pass proposed.</summary>
    /// <param name="pass">Number of the pass.</param>
    /// <param name="from">First place in the pass's order.</param>
    /// <param name="to">Place behind the last; blocks that begin in this range are walked.</param>
    /// <param name="every">1 walks all blocks, n one in n: a sample.</param>
    /// <param name="pair">Takes the two rows.</param>
    private void Walk(int pass, int from, int to, uint every, Action<int, int> pair)
    {
        var (keys, order) = (Passes[pass].Keys, Passes[pass].Order);
        var start = from;
        while (start < order.Length && start > 0 && keys[order[start]] == keys[order[start - 1]]) start++;
        while (start < to)
        {
            var end = start + 1;
            while (end < order.Length && keys[order[end]] == keys[order[start]]) end++;
            // Joined keys are odd, as 0 stands for a blank: their last bit would keep an even sample from having any block.
            var walked = every == 1 || (BlockingKeys.Join(keys[order[start]], every) >> 1) % every == 0;
            for (var i = start; walked && i < end; i++)
                for (var j = i + 1; j < end; j++)
                    if (!IsKnown(pass, order[i], order[j])) pair(order[i], order[j]);
            start = end;
        }
    }

    private bool IsKnown(int pass, int a, int b)
    {
        for (var p = 0; p < pass; p++)
            if (Passes[p].Keys[a] is not 0 and var key && key == Passes[p].Keys[b]) return true;
        return false;
    }

    private List<BlockingPass> Choose(long budget)
    {
        var ways = new List<BlockingKeys[]>();
        for (var i = 0; i < _keys.Count; i++)
        {
            if (_table.Columns[_keys[i].Column].Kind != ColumnKind.Category) ways.Add([_keys[i]]);
            for (var j = 0; j < i; j++)
                if (_keys[i].Column != _keys[j].Column) ways.Add([_keys[j], _keys[i]]);
        }

        // First whatever is nearly unique by itself, such as an e-mail address: hardly a pair too many. Then the most generous that can be afforded.
        var sized = ways.Select(w => (Way: w, Pairs: Estimate(w))).Where(w => (w.Pairs > 0 || IsAddress(w.Way)) && w.Pairs < budget / MostOfBudget)
            .OrderByDescending(w => w.Way.Length == 1 && w.Pairs < _table.Count).ThenByDescending(w => w.Pairs).ToList();
        var taken = new List<BlockingKeys[]>();
        var passes = new List<BlockingPass>();
        long used = 0;
        foreach (var (way, _) in sized)
        {
            if (passes.Count == MostPasses) break;
            if (taken.Exists(t => Includes(t, way))) continue;
            var pass = Build(way);
            if ((pass.Pairs == 0 && !IsAddress(way)) || used + pass.Pairs > budget) continue;
            taken.Add(way);
            passes.Add(pass);
            used += pass.Pairs;
        }

        return passes;
    }

    /// <summary>By an e-mail address or telephone somebody who comes later is found, also where no two of the stored share one.</summary>
    private bool IsAddress(BlockingKeys[] way) => way is [{ IsEqual: true } key] && _table.Columns[key.Column].Kind is ColumnKind.Email or ColumnKind.Phone;

    /// <summary>Whether all pairs that the narrow way proposes are proposed by the wide one: it asks for the same columns or fewer, as roughly or rougher.</summary>
    private static bool Includes(BlockingKeys[] wide, BlockingKeys[] narrow) =>
        wide.All(w => narrow.Any(n => n == w || (n.Column == w.Column && n.IsEqual)));

    /// <summary>Pairs the way would propose before large blocks are divided.</summary>
    private double Estimate(BlockingKeys[] way)
    {
        var step = Math.Max(1, _table.Count / 100_000);
        var counts = new Dictionary<uint, int>();
        var rows = 0;
        for (var row = 0; row < _table.Count; row += step, rows++)
            if (Key(way, row) is not 0 and var key) System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
        var pairs = counts.Values.Sum(n => (double)n * (n - 1) / 2);
        // Of a sample, pairs are rarer by the square of its share; without any, the way is still worth trying.
        return step == 1 ? pairs : (pairs + 1) * step * step;
    }

    private uint Key(BlockingKeys[] way, int row)
    {
        uint key = 0;
        foreach (var part in way)
        {
            var value = _table.Columns[part.Column].Rows[row];
            var own = value < 0 ? 0 : part.OfValue[value];
            if (own == 0) return 0;
            key = key == 0 ? own : BlockingKeys.Join(key, own);
        }

        return key;
    }

    private BlockingPass Build(BlockingKeys[] way)
    {
        var keys = new uint[_table.Count];
        for (var row = 0; row < keys.Length; row++) keys[row] = Key(way, row);
        var order = Sorted(keys, [.. Enumerable.Range(0, keys.Length).Where(r => keys[r] != 0)]);
        var made = new BlockingWay([.. way.Select(w => _keys.IndexOf(w))]);
        foreach (var finer in _keys.Where(k => way.All(w => w.Column != k.Column)))
        {
            var large = Large(keys, order);
            if (large.Count == 0) break;
            made.Divide(_keys.IndexOf(finer), large.Select(r => keys[r]));
            foreach (var row in large)
            {
                var value = _table.Columns[finer.Column].Rows[row];
                keys[row] = value < 0 ? 0 : BlockingKeys.Join(keys[row], finer.OfValue[value]);
            }

            order = Sorted(keys, [.. order.Where(r => keys[r] != 0)]);
        }

        // What is still together agrees in every column: the last of its kind is compared with its neighbours only.
        var rest = Large(keys, order);
        made.Cut(rest.Select((row, i) => (keys[row], Part(i))));
        for (var i = 0; i < rest.Count; i++) keys[rest[i]] = BlockingKeys.Join(keys[rest[i]], Part(i));
        order = Sorted(keys, order);
        return new BlockingPass(string.Join(" + ", way.Select(w => w.Name)), keys, order, Count(keys, order), made);

        static uint Part(int i) => (uint)(i / MostInABlock) + 1;
    }

    private static int[] Sorted(uint[] keys, int[] rows)
    {
        var own = new uint[rows.Length];
        for (var i = 0; i < rows.Length; i++) own[i] = keys[rows[i]];
        Array.Sort(own, rows);
        return rows;
    }

    private static List<int> Large(uint[] keys, int[] order)
    {
        var large = new List<int>();
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && keys[order[end]] == keys[order[start]];) end++;
            if (end - start > MostInABlock) large.AddRange(order.AsSpan(start, end - start));
        }

        return large;
    }

    private static long Count(uint[] keys, int[] order)
    {
        long pairs = 0;
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && keys[order[end]] == keys[order[start]];) end++;
            pairs += (long)(end - start) * (end - start - 1) / 2;
        }

        return pairs;
    }
}
