namespace Tangent.Unify;

/// <summary>How a row's key in a <see cref="BlockingPass"/> is made: which of its own keys are joined, and by which further ones blocks that were too large are divided. So a person who comes later finds the block it belongs to.</summary>
/// <param name="parts">Numbers of the <see cref="BlockingKeys"/> that are joined.</param>
internal sealed class BlockingWay(int[] parts)
{
    private readonly List<(int Finer, uint[] Large)> _divisions = [];
    private readonly Dictionary<uint, uint> _cut = [];

    /// <summary>Blocks that are divided by one more key.</summary>
    /// <param name="finer">Number of that key.</param>
    /// <param name="large">Keys of the blocks, each as often as one likes.</param>
    public void Divide(int finer, IEnumerable<uint> large) => _divisions.Add((finer, [.. large.Distinct().Order()]));

    /// <summary>Blocks of which all agree in everything: each is cut into parts, and who comes later is compared with the first of them.</summary>
    public void Cut(IEnumerable<(uint Key, uint Part)> rows)
    {
        foreach (var (key, part) in rows) _cut.TryAdd(key, part);
    }

    /// <summary>The key of a person; 0 where it takes no part.</summary>
    /// <param name="own">All own keys of the person, by their numbers; 0 where blank.</param>
    public uint Of(ReadOnlySpan<uint> own)
    {
        uint key = 0;
        foreach (var part in parts)
        {
            if (own[part] == 0) return 0;
            key = key == 0 ? own[part] : BlockingKeys.Join(key, own[part]);
        }

        foreach (var (finer, large) in _divisions)
            if (Array.BinarySearch(large, key) >= 0) key = BlockingKeys.Join(key, own[finer]);
        return _cut.TryGetValue(key, out var cut) ? BlockingKeys.Join(key, cut) : key;
    }
}
