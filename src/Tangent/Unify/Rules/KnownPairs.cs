namespace Tangent.Unify;

/// <summary>Rows that are known to be one person, or to be different ones.</summary>
internal sealed class KnownPairs
{
    private readonly Dictionary<int, List<int>> _foes = [];

    /// <param name="always">Groups of rows that are one person.</param>
    /// <param name="never">Groups of sets of rows; rows of two sets of one group are different persons.</param>
    public KnownPairs(IReadOnlyList<int[]> always, IReadOnlyList<int[][]> never)
    {
        Always = always;
        foreach (var group in never)
            for (var i = 0; i < group.Length; i++)
                for (var j = 0; j < group.Length; j++)
                    if (i != j) foreach (var row in group[i]) (_foes.TryGetValue(row, out var foes) ? foes : _foes[row] = []).AddRange(group[j]);
    }

    public static KnownPairs None { get; } = new([], []);

    public IReadOnlyList<int[]> Always { get; }

    public IEnumerable<int> AlwaysRows => Always.Where(g => g.Length > 1).SelectMany(g => g);

    public bool HasFoes => _foes.Count > 0;

    /// <summary>Rows that are known to be another person than this one.</summary>
    public IReadOnlyList<int> FoesOf(int row) => _foes.TryGetValue(row, out var foes) ? foes : [];
}
