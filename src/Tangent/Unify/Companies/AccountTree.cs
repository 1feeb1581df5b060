namespace Tangent.Unify;

/// <summary>A company in the tree of those that belong together.</summary>
/// <param name="Depth">0 at the root.</param>
public readonly record struct TreePlace(AccountFacts Facts, int Depth);

/// <summary>All companies at one moment, and which belongs to which. What sources say may go in a circle: then nobody above is looked for twice.</summary>
/// <param name="facts">By id; not changed any more.</param>
/// <param name="version">Of the index.</param>
internal sealed class AccountTree(Dictionary<string, AccountFacts> facts, int version)
{
    private const int Deepest = 50;

    private ILookup<string, AccountFacts>? _children;

    public int Version => version;

    public IReadOnlyCollection<AccountFacts> All => facts.Values;

    private ILookup<string, AccountFacts> Children => _children ??= facts.Values.Where(f => f.Parent.Length > 0).ToLookup(f => f.Parent, StringComparer.Ordinal);

    public AccountFacts? Find(string id) => facts.GetValueOrDefault(id);

    public AccountFacts Of(string id) => Find(id) ?? AccountFacts.Of(id);

    /// <summary>Those above, the nearest first.</summary>
    public IReadOnlyList<AccountFacts> Above(string id)
    {
        var above = new List<AccountFacts>();
        for (var parent = Of(id).Parent; parent.Length > 0 && parent != id && above.Count < Deepest && above.TrueForAll(a => a.Id != parent); parent = above[^1].Parent) above.Add(Of(parent));
        return above;
    }

    public IReadOnlyList<AccountFacts> Below(string id) => [.. Children[id].Where(c => c.Id != id).OrderBy(c => c.Name, StringComparer.CurrentCulture)];

    /// <summary>Everybody under the root that this company is under, itself among them, from top to bottom.</summary>
    public IReadOnlyList<TreePlace> Whole(string id, int most)
    {
        var places = new List<TreePlace>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Add(Above(id) is [.., var root] ? root : Of(id), 0);
        return places;

        void Add(AccountFacts at, int depth)
        {
            if (places.Count >= most || depth > Deepest || !seen.Add(at.Id)) return;
            places.Add(new TreePlace(at, depth));
            foreach (var child in Below(at.Id)) Add(child, depth + 1);
        }
    }

    /// <summary>Whether this company would be above itself with such a parent.</summary>
    public bool IsCircle(string id, string parent) => id == parent || Above(parent).Any(a => a.Id == id);
}
