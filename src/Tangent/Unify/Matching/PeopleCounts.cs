namespace Tangent.Unify;

/// <summary>How often values occur, counted over persons found so far and not over rows: whoever stands there five times does not make a name frequent.</summary>
internal sealed class PeopleCounts
{
    private const int Sampled = 100_000;
    private const int PairsAColumn = 60_000;
    private const int PairsAValue = 20;
    private const double LeastPairs = 50;

    /// <summary>A value that two have may be one person not yet found; three of a household are a household.</summary>
    private const int LeastPersons = 3;

    /// <summary>Where fewer of the pairs than this are two persons, the rest says nothing of how two persons agree.</summary>
    private const double MostlyTwo = 0.85;

    private PeopleCounts(double[][] shares, double[][] given, double[] alone) => (Shares, Given, Alone) = (shares, given, alone);

    /// <summary>By column and value: the share of persons who have it.</summary>
    public double[][] Shares { get; }

    /// <summary>By column and other column: of two persons who agree in the other, the share who agree in this one too; 0 where unknown.</summary>
    public double[][] Given { get; }

    /// <summary>By column: the share of a value that one person alone has.</summary>
    public double[] Alone { get; }

    /// <param name="table">The rows.</param>
    /// <param name="cluster">Number of the person of each row.</param>
    /// <param name="weights">What was learned so far.</param>
    /// <param name="ct">Gives up.</param>
    public static PeopleCounts Of(PersonTable table, int[] cluster, MatchWeights weights, CancellationToken ct)
    {
        var columns = table.Columns;
        var shares = new double[columns.Length][];
        var alone = new double[columns.Length];
        for (var c = 0; c < columns.Length; c++) (shares[c], alone[c]) = Count(columns[c], cluster);
        var rows = Representatives(cluster);
        var given = new double[columns.Length][];
        for (var c = 0; c < columns.Length; c++) given[c] = new double[columns.Length];
        Parallel.For(0, columns.Length, new ParallelOptions { CancellationToken = ct }, other => Together(table, other, rows, weights, given, ct));
        return new PeopleCounts(shares, given, alone);
    }

    /// <summary>One row of each person; of many persons a sample.</summary>
    public static int[] Representatives(int[] cluster)
    {
        var seen = new HashSet<int>();
        int[] rows = [.. Enumerable.Range(0, cluster.Length).Where(r => seen.Add(cluster[r]))];
        if (rows.Length <= Sampled) return rows;
        new Random(1).Shuffle(rows);
        return rows[..Sampled];
    }

    private static (double[] Shares, double Alone) Count(PersonColumn column, int[] cluster)
    {
        // Rows sorted by value and person: each person counts once for a value.
        var keys = new List<long>(cluster.Length);
        for (var row = 0; row < cluster.Length; row++)
            if (column.Rows[row] >= 0) keys.Add(((long)column.Rows[row] << 32) | (uint)cluster[row]);
        keys.Sort();
        var counts = new double[column.Distinct];
        double all = 0;
        for (var i = 0; i < keys.Count; i++)
        {
            if (i > 0 && keys[i] == keys[i - 1]) continue;
            counts[keys[i] >> 32]++;
            all++;
        }

        // What only one or two of few persons have is rarer than that in few.
        var alone = Math.Min(1 / Math.Max(1, all), MatchWeights.RarelyShared(column.Kind));
        for (var v = 0; v < counts.Length; v++) counts[v] = counts[v] < LeastPersons ? counts[v] * alone : counts[v] / Math.Max(1, all);
        return (counts, alone);
    }

    /// <summary>
    /// Of persons who agree in one column, how many agree in each other one. Among them are still pairs that are one person: each counts with
    /// the probability of being two that the remaining columns give it, so that neither households nor unfound duplicates mislead.
    /// </summary>
    private static void Together(PersonTable table, int other, int[] rows, MatchWeights weights, double[][] given, CancellationToken ct)
    {
        var columns = table.Columns;
        var (agree, all, met) = (new double[columns.Length], new double[columns.Length], new double[columns.Length]);
        var steps = new byte[columns.Length];
        var pairs = 0;
        foreach (var group in rows.Where(r => columns[other].Rows[r] >= 0).GroupBy(r => columns[other].Rows[r]))
        {
            if (pairs >= PairsAColumn) break;
            ct.ThrowIfCancellationRequested();
            int[] members = [.. group];
            if (members.Length < LeastPersons) continue;
            // A sampled pair stands for those left out.
            var least = Math.Max(1, (long)members.Length * (members.Length - 1) / 2 / PairsAValue);
            foreach (var (i, j) in EachOf(members.Length, least))
            {
                pairs++;
                table.Compare(members[i], members[j], steps);
                Count(steps, other, weights, least, agree, all, met);
            }
        }

        for (var c = 0; c < columns.Length; c++)
            if (c != other && all[c] >= Math.Max(LeastPairs, MostlyTwo * met[c])) given[c][other] = agree[c] / all[c];
    }

    /// <summary>Of the pairs (0, 1), (0, 2) … (1, 2) … the first and each so many after it; what lies between costs nothing.</summary>
    /// <param name="count">Of how many; the pairs may be more than an <see cref="int"/> counts.</param>
    /// <param name="every">Each so many.</param>
    internal static IEnumerable<(int I, int J)> EachOf(int count, long every)
    {
        var (i, j) = (0, 1L);
        while (true)
        {
            for (; j >= count; j += i + 1 - count)
                if (++i >= count - 1) yield break;
            yield return (i, (int)j);
            j += every;
        }
    }

    private static void Count(byte[] steps, int other, MatchWeights weights, double stands, double[] agree, double[] all, double[] met)
    {
        var areTwo = weights.AreTwo(steps);
        var total = weights.Start;
        for (var c = 0; c < steps.Length; c++) total += weights.Of(c, steps[c]);
        for (var c = 0; c < steps.Length; c++)
        {
            if (c == other || steps[c] == Agreement.Missing) continue;
            var two = areTwo ? stands : stands * (1 - MatchWeights.Probability(total - weights.Of(c, steps[c])));
            met[c] += stands;
            all[c] += two;
            if (steps[c] == Agreement.Equal) agree[c] += two;
        }
    }
}
