namespace Tangent.Unify;

/// <summary>Which identities share a key, by the key's hash: no value is kept. 28 bytes a person and rule.</summary>
internal sealed class JoinIndex
{
    /// <summary>Of a value that so many share, further ones are of no interest: it is nobody's.</summary>
    public const int MostHeld = 500;

    private readonly Dictionary<ulong, int> _first = [];
    private readonly Dictionary<ulong, List<int>> _shared = [];

    /// <param name="key">Hash of rule and key. Two keys of one hash are told apart when their persons are compared.</param>
    /// <param name="identity">Who has it.</param>
    /// <returns>All who share the key where there are several, this one among them; empty where it is alone, or one of too many.</returns>
    public IReadOnlyList<int> Add(ulong key, int identity)
    {
        if (_first.TryAdd(key, identity) || _first[key] == identity) return _shared.GetValueOrDefault(key) ?? [];
        if (!_shared.TryGetValue(key, out var all)) _shared.Add(key, all = [_first[key]]);
        if (all.Contains(identity)) return all;
        if (all.Count == MostHeld) return [];
        all.Add(identity);
        return all;
    }
}
