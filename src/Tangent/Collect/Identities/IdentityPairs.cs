namespace Tangent.Collect;

/// <summary>Pairs of identities, found by either of the two.</summary>
internal sealed class IdentityPairs
{
    private readonly HashSet<(int A, int B)> _pairs = [];
    private readonly Dictionary<int, List<int>> _of = [];

    public int Count => _pairs.Count;

    public IEnumerable<(int A, int B)> All => _pairs;

    /// <summary>With whom an identity is in a pair.</summary>
    public IReadOnlyList<int> Of(int identity) => _of.TryGetValue(identity, out var others) ? others : [];

    public bool Contains((int A, int B) pair) => _pairs.Contains(pair);

    public void Add((int A, int B) pair)
    {
        if (!_pairs.Add(pair)) return;
        Others(pair.A).Add(pair.B);
        Others(pair.B).Add(pair.A);
    }

    public void Remove((int A, int B) pair)
    {
        if (!_pairs.Remove(pair)) return;
        Leave(pair.A, pair.B);
        Leave(pair.B, pair.A);
    }

    /// <summary>Removes all pairs of an identity.</summary>
    public void RemoveAll(int identity)
    {
        foreach (var other in Of(identity).ToList()) Remove((Math.Min(identity, other), Math.Max(identity, other)));
    }

    private List<int> Others(int identity) => _of.TryGetValue(identity, out var others) ? others : _of[identity] = [];

    private void Leave(int identity, int other)
    {
        var others = _of[identity];
        others.Remove(other);
        if (others.Count == 0) _of.Remove(identity);
    }
}
