namespace Tangent.Unify;

/// <summary>Which identities share a key, by the key's hash: no value is kept. 28 bytes a person and rule.</summary>
internal sealed class JoinIndex
{
    private readonly Dictionary<ulong, int> _first = [];
    private readonly Dictionary<ulong, List<int>> _shared = [];

    /// <returns>All who share the key where there are several, this one among them; empty where it is alone.</returns>
    public IReadOnlyList<int> Add(int rule, string key, int identity)
    {
        var hash = Hash(rule, key);
        if (_first.TryAdd(hash, identity) || _first[hash] == identity) return _shared.GetValueOrDefault(hash) ?? [];
        if (!_shared.TryGetValue(hash, out var all)) _shared.Add(hash, all = [_first[hash]]);
        if (!all.Contains(identity)) all.Add(identity);
        return all;
    }

    /// <summary>FNV-1a, 64 bits. Two keys of one hash are told apart when their persons are compared.</summary>
    private static ulong Hash(int rule, string key)
    {
        var hash = (14695981039346656037UL ^ (uint)rule) * 1099511628211UL;
        foreach (var c in key) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
