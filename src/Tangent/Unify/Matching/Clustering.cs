namespace Tangent.Unify;

/// <summary>A pair that may be one person.</summary>
/// <param name="A">Row of the one.</param>
/// <param name="B">Row of the other.</param>
/// <param name="Weight">Its weight, prior odds included.</param>
internal readonly record struct MatchedPair(int A, int B, float Weight);

/// <summary>
/// Turns pairs into persons, the surest first. A chain of pairs alone does not make one person: two groups are joined only where their
/// members, compared with each other, speak for it on average (average linkage; Sokal and Michener 1958).
/// </summary>
internal sealed class Clustering
{
    private const int MostCompared = 48;

    /// <summary>One pair alone neither makes nor breaks a group.</summary>
    private const double Loudest = 12;

    private readonly int[] _parent;
    private readonly Dictionary<int, List<int>> _members = [];
    private readonly Func<int, int, double> _weight;
    private readonly KnownPairs _known;

    private Clustering(int rows, Func<int, int, double> weight, KnownPairs known)
    {
        _parent = [.. Enumerable.Range(0, rows)];
        (_weight, _known) = (weight, known);
    }

    /// <param name="rows">How many rows there are.</param>
    /// <param name="pairs">Proposed pairs.</param>
    /// <param name="least">Weight from which on a pair joins.</param>
    /// <param name="leastOfGroups">Mean weight between two groups from which on they are joined.</param>
    /// <param name="weight">Weight of any two rows.</param>
    /// <param name="known">Rows that are one person, or are not, whatever the pairs say.</param>
    /// <returns>The number of the person of each row: its first row.</returns>
    public static int[] Of(int rows, List<MatchedPair> pairs, double least, double leastOfGroups, Func<int, int, double> weight, KnownPairs known)
    {
        var clustering = new Clustering(rows, weight, known);
        foreach (var group in known.Always)
            foreach (var row in group.Skip(1)) clustering.Join(group[0], row, double.NegativeInfinity);
        foreach (var pair in pairs.Where(p => p.Weight >= least).OrderByDescending(p => p.Weight).ThenBy(p => p.A).ThenBy(p => p.B))
            clustering.Join(pair.A, pair.B, leastOfGroups);
        var first = new int[rows];
        Array.Fill(first, -1);
        var result = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            ref var of = ref first[clustering.Root(row)];
            if (of < 0) of = row;
            result[row] = of;
        }

        return result;
    }

    /// <summary>How sure it is of each row that it belongs to its person: by its best pair there; 1 where it is alone, or where that is known.</summary>
    /// <param name="sureness">0 to 1, of a pair's weight.</param>
    public static double[] BestOf(int[] cluster, List<MatchedPair> pairs, Func<double, double> sureness, KnownPairs known)
    {
        var sizes = new int[cluster.Length];
        foreach (var c in cluster) sizes[c]++;
        var result = new double[cluster.Length];
        for (var row = 0; row < result.Length; row++) result[row] = sizes[cluster[row]] == 1 ? 1 : 0;
        foreach (var pair in pairs)
        {
            if (cluster[pair.A] != cluster[pair.B]) continue;
            var sure = sureness(pair.Weight);
            result[pair.A] = Math.Max(result[pair.A], sure);
            result[pair.B] = Math.Max(result[pair.B], sure);
        }

        foreach (var row in known.AlwaysRows) result[row] = 1;
        return result;
    }

    private void Join(int a, int b, double leastOfGroups)
    {
        (a, b) = (Root(a), Root(b));
        if (a == b) return;
        var (left, right) = (Members(a), Members(b));
        if (leastOfGroups > double.NegativeInfinity && left.Count + right.Count > 2 && Mean(left, right) < leastOfGroups) return;
        if (_known.HasFoes && AreFoes(left.Count < right.Count ? left : right, left.Count < right.Count ? b : a)) return;
        if (left.Count < right.Count) (a, b, left, right) = (b, a, right, left);
        left.AddRange(right);
        _members[a] = left;
        _members.Remove(b);
        _parent[b] = a;
    }

    /// <summary>Whether one of the members is known to be another person than one of the other group.</summary>
    private bool AreFoes(List<int> members, int other) => members.Exists(m => _known.FoesOf(m).Any(foe => Root(foe) == other));

    private double Mean(List<int> left, List<int> right)
    {
        var pairs = (long)left.Count * right.Count;
        var step = Math.Max(1, pairs / MostCompared);
        // A stride that shares no factor with the shorter side meets all its members.
        if (step > 1 && right.Count % step == 0) step++;
        double sum = 0;
        var compared = 0;
        for (long at = 0; at < pairs; at += step, compared++)
        {
            var weight = _weight(left[(int)(at / right.Count)], right[(int)(at % right.Count)]);
            // What two of them certainly are, the others cannot vote away.
            if (weight <= MatchWeights.OfTwo) return double.NegativeInfinity;
            sum += Math.Clamp(weight, -Loudest, Loudest);
        }

        return sum / compared;
    }

    private List<int> Members(int root) => _members.TryGetValue(root, out var members) ? members : [root];

    private int Root(int row)
    {
        while (_parent[row] != row) row = _parent[row] = _parent[_parent[row]];
        return row;
    }
}
