using Tangent.Collect;
using Tangent.Web;

namespace Tangent.Unify;

/// <param name="Name">The rule's name, or its number.</param>
/// <param name="Pairs">Pairs of rows that it found and no rule before it.</param>
public sealed record RuleReport(string Name, long Pairs);

/// <param name="Cluster">Number of the person of each row: its first row.</param>
/// <param name="Likeness">Of each row: how alike it is to the row in which it is found again, in the condition in which it is least so; 1 where it is alone.</param>
/// <param name="Compared">Pairs compared.</param>
internal sealed record RuleResult(int[] Cluster, double[] Likeness, long Compared, IReadOnlyList<RuleReport> Rules);

/// <summary>
/// Finds the rows that are one person by rules, the first rule first. Conditions that ask for equality say which rows are compared at all;
/// a rule without any compares all rows of a small file, and of a larger one the pairs that automatic matching would propose.
/// </summary>
internal sealed class RuleMatcher(PersonTable table, MatchRules rules, KnownPairs known, CancellationToken ct)
{
    /// <summary>So many pairs take minutes on two processors.</summary>
    private const long MostPairs = 2_000_000_000;

    private const long AllPairs = 200_000_000;
    private const int RowsAPart = 1024;

    private readonly List<MatchedPair> _found = [];
    private readonly HashSet<long> _seen = [];
    private long _compared;

    public RuleResult Match()
    {
        var reports = new List<RuleReport>();
        for (var i = 0; i < rules.Rules.Length; i++)
        {
            var name = rules.Rules[i].Name is { Length: > 0 } given ? given : $"Rule {i + 1}";
            var pairs = Pairs(rules.Rules[i], name);
            // The weight keeps the rules' order: what an earlier rule says is joined before what a later one says.
            pairs.RemoveAll(p => !_seen.Add(((long)p.A << 32) | (uint)p.B));
            _found.AddRange(pairs.Select(p => p with { Weight = p.Weight + rules.Rules.Length - i }));
            reports.Add(new RuleReport(name, pairs.Count));
        }

        var cluster = Clustering.Of(table.Count, _found, 0, double.NegativeInfinity, (_, _) => 0, known);
        return new RuleResult(cluster, Clustering.BestOf(cluster, _found, LikenessIn, known), _compared, reports);
    }

    // What stands before the comma is the rule.
    private static double LikenessIn(double weight) => weight - Math.Ceiling(weight) + 1;

    private List<MatchedPair> Pairs(MatchRule rule, string name)
    {
        var all = rule.All.Select(c => new RuleCondition(Column(c.Column), c)).ToArray();
        var except = rule.Except.Select(c => new RuleCondition(Column(c.Column), c)).ToArray();
        var keys = all.Where(c => c.IsKey).ToArray();
        var rest = all.Where(c => !c.IsKey).ToArray();
        if (keys.Length == 0 && table.Count * (table.Count - 1L) / 2 > AllPairs) return Proposed(rest, except);
        var groups = Groups(keys);
        // All of a group agree already: each with the first is as good as all with all.
        if (rest.Length == 0 && except.Length == 0 && !known.HasFoes) return [.. groups.SelectMany(g => g.Skip(1).Select(row => new MatchedPair(g[0], row, 1)))];
        var pairs = groups.Sum(g => g.Length * (g.Length - 1L) / 2);
        if (pairs > MostPairs) throw new FileRefusedException($"{name} would compare {pairs:N0} pairs of rows. Give it a further condition that asks for equality.");
        return Compare(groups, rest, except);
    }

    private PersonColumn Column(string name) => table.Columns.First(c => c.IsNamed(FoldedText.Of(name)));

    /// <summary>The rows that share all keys; without keys all rows.</summary>
    private List<int[]> Groups(RuleCondition[] keys)
    {
        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var row = 0; row < table.Count; row++)
        {
            var parts = Array.ConvertAll(keys, k => k.Key(row));
            if (Array.Exists(parts, p => p.Length == 0)) continue;
            var key = string.Join('\n', parts);
            if (!groups.TryGetValue(key, out var rows)) groups.Add(key, rows = []);
            rows.Add(row);
        }

        return [.. groups.Values.Where(g => g.Count > 1).Select(g => g.ToArray())];
    }

    private List<MatchedPair> Compare(List<int[]> groups, RuleCondition[] rest, RuleCondition[] except)
    {
        var work = groups.SelectMany(g => Enumerable.Range(0, (g.Length + RowsAPart - 1) / RowsAPart).Select(part => (Rows: g, From: part * RowsAPart))).ToArray();
        var found = new List<MatchedPair>[work.Length];
        Parallel.For(0, work.Length, new ParallelOptions { CancellationToken = ct }, w =>
        {
            var (rows, from) = work[w];
            var own = found[w] = [];
            for (var i = from; i < Math.Min(from + RowsAPart, rows.Length); i++)
                for (var j = i + 1; j < rows.Length; j++) Judge(rows[i], rows[j], rest, except, own);
        });
        _compared += groups.Sum(g => g.Length * (g.Length - 1L) / 2);
        return [.. found.SelectMany(f => f)];
    }

    private List<MatchedPair> Proposed(RuleCondition[] rest, RuleCondition[] except)
    {
        var blocking = new Blocking(table);
        var found = new List<MatchedPair>();
        blocking.WalkAll(1, () => new List<MatchedPair>(), (own, a, b) => Judge(Math.Min(a, b), Math.Max(a, b), rest, except, own), found.AddRange, ct);
        _compared += blocking.Passes.Sum(p => p.Pairs);
        return found;
    }

    private static void Judge(int a, int b, RuleCondition[] rest, RuleCondition[] except, List<MatchedPair> found)
    {
        double least = 1;
        foreach (var condition in rest)
        {
            if (!condition.Holds(a, b)) return;
            least = Math.Min(least, condition.Likeness(a, b));
        }

        foreach (var exception in except)
            if (exception.Holds(a, b)) return;
        found.Add(new MatchedPair(a, b, (float)least));
    }
}
