using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tangent.Collect;

/// <summary>How strongly two identities are tied.</summary>
internal enum Join
{
    /// <summary>Seen together: an anonymous id may become a known customer, but two known customers stay two.</summary>
    SeenTogether,

    /// <summary>Said so by a trusted source or a person: also two known customers become one.</summary>
    Stated,

    /// <summary>A rule says so: as stated, but two whom somebody took apart stay two.</summary>
    ByRule,
}

/// <summary>Which identities (user ids, anonymous ids) are one customer. A join is a link that can be cut again; a customer's number is the lowest of its identities' numbers.</summary>
/// <remarks>One writer; readers take the writer's lock.</remarks>
internal sealed partial class IdentityGraph
{
    public const byte User = (byte)'u';
    public const byte Anonymous = (byte)'a';

    private readonly Utf8Dictionary _ids;
    private readonly List<Link> _links = [];
    private readonly HashSet<(int, int)> _seen = [];
    private readonly IdentityPairs _cut = new();

    // What splits took away, by their positions: taking a split back restores exactly that.
    private readonly Dictionary<long, List<Link>> _removed = [];

    // Whom decisions keep apart who were not, by their positions.
    private readonly Dictionary<long, List<(int A, int B)>> _apart = [];

    // Who was said to be part of another: the values of the other go first. Made when it is asked for.
    private HashSet<int>? _absorbed;

    // Which decisions concerned which identities, in their order.
    private readonly List<(int Identity, long Position)> _decisions = [];

    // Anonymous identities that only an alias has named so far, and where: the id may turn out to be a user's.
    private readonly Dictionary<int, long> _named = [];
    private int[] _customer = new int[16];

    // How many identities have a customer; one less than the ids while a new one is being added.
    private int _numbered;

    // A ring through the identities of each customer.
    private int[] _next = new int[16];
    private byte[] _key = new byte[256];

    public IdentityGraph() => _ids = new Utf8Dictionary();

    private IdentityGraph(Utf8Dictionary ids) => _ids = ids;

    /// <summary>The top bit of the mark says that the join was stated: millions of links stay at sixteen bytes each.</summary>
    private readonly record struct Link(int A, int B, long Mark)
    {
        public long Position => Mark & long.MaxValue;

        public bool IsStated => Mark < 0;

        public static Link Of(int a, int b, Join join, long position) => new(a, b, join == Join.SeenTogether ? position : position | long.MinValue);
    }

    /// <summary>Called with (identity, customer) for every identity that moves to another customer.</summary>
    public Action<int, int> Moved { get; set; } = (_, _) => { };

    public int Count => _ids.Count;

    /// <returns>The number of the identity, new or not.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int GetOrAdd(byte kind, ReadOnlySpan<byte> id)
    {
        var identity = _ids.GetOrAdd(Key(kind, id));
        if (identity >= _customer.Length)
        {
            Array.Resize(ref _customer, _customer.Length * 2);
            Array.Resize(ref _next, _next.Length * 2);
        }

        if (identity == _numbered)
        {
            // New: a customer of its own.
            _customer[identity] = _next[identity] = identity;
            _numbered++;
            if (kind == User && _named.Count > 0) Recognise(identity, id);
        }

        return identity;
    }

    /// <returns>The number of the identity, or −1.</returns>
    public int Find(byte kind, ReadOnlySpan<byte> id) => _ids.Find(Key(kind, id));

    /// <summary>The identity an alias names that nobody has come under yet. When its id turns out to be a user's, the alias holds for that user too: two sources may send in any order.</summary>
    public int Name(ReadOnlySpan<byte> id, long position)
    {
        var before = Count;
        var identity = GetOrAdd(Anonymous, id);
        if (identity == before) _named[identity] = position;
        return identity;
    }

    /// <returns>The number of the identity named <c>user:…</c> or <c>anonymous:…</c>, or −1.</returns>
    public int Find(string identifier) => Find(
        identifier.StartsWith("user:", StringComparison.Ordinal) ? User : Anonymous,
        Encoding.UTF8.GetBytes(identifier[(identifier.IndexOf(':', StringComparison.Ordinal) + 1)..]));

    /// <summary>Whether nothing is left of this identity but its number.</summary>
    public bool IsErased(int identity) => _ids[identity][0] == 0;

    public int CustomerOf(int identity) => _customer[identity];

    public bool IsUser(int identity) => _ids[identity][0] == User;

    /// <summary>Whether the id of this identity begins so; never that of an erased one.</summary>
    public bool Begins(int identity, ReadOnlySpan<byte> beginning) => _ids[identity] is var id && id[0] != 0 && id[1..].StartsWith(beginning);

    public string Text(int identity) => Encoding.UTF8.GetString(_ids[identity][1..]);

    /// <summary>The identities of a customer, the oldest first.</summary>
    public List<int> Members(int customer)
    {
        var members = new List<int>();
        var at = customer;
        do
        {
            members.Add(at);
            at = _next[at];
        }
        while (at != customer);
        members.Sort();
        return members;
    }

    /// <returns>False where the two stay apart: both known and only seen together, or taken apart before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryJoin(int a, int b, Join join, long position)
    {
        if (a == b) return true;
        var pair = Pair(a, b);
        var one = _customer[a] == _customer[b];
        if (join == Join.SeenTogether)
        {
            // The same two come together with nearly every event: one link is enough.
            if (one && _seen.Contains(pair)) return true;
            if (_cut.Contains(pair) || (!one && IsKnown(_customer[a]) && IsKnown(_customer[b]))) return one;
            _seen.Add(pair);
        }
        else if (join == Join.ByRule && (one || AreKeptApart(_customer[a], _customer[b])))
        {
            return one;
        }

        _links.Add(Link.Of(a, b, join, position));
        if (join != Join.SeenTogether) _absorbed?.Add(b);
        if (!one) Unite(a, b);
        return true;
    }

    /// <summary>Remembers that a decision concerned these identities.</summary>
    public void Decided(IEnumerable<int> identities, long position)
    {
        foreach (var identity in identities) _decisions.Add((identity, position));
    }

    /// <summary>Positions of the decisions that concerned a customer as it is now, in their order.</summary>
    public List<long> Decisions(int customer) => [.. _decisions.Where(d => _customer[d.Identity] == customer).Select(d => d.Position).Distinct()];

    /// <summary>Takes identities out of their customers, their joins with them, and their texts; only the numbers stay. Whoever comes under the same id later is somebody new.</summary>
    public void Erase(IReadOnlyCollection<int> identities)
    {
        var erased = identities.ToHashSet();
        var concerned = erased.Select(i => _customer[i]).Distinct().ToList();
        _links.RemoveAll(l => erased.Contains(l.A) || erased.Contains(l.B));
        _seen.RemoveWhere(p => erased.Contains(p.Item1) || erased.Contains(p.Item2));
        foreach (var identity in erased) _cut.RemoveAll(identity);
        foreach (var identity in erased) _named.Remove(identity);
        foreach (var removed in _removed.Values) removed.RemoveAll(l => erased.Contains(l.A) || erased.Contains(l.B));
        foreach (var (at, pairs) in _apart)
            if (pairs.RemoveAll(p => erased.Contains(p.A) || erased.Contains(p.B)) > 0 && pairs.Count == 0) _apart.Remove(at);
        _absorbed = null;
        _decisions.RemoveAll(d => erased.Contains(d.Identity));
        Regroup([.. concerned.SelectMany(Members)]);
        foreach (var identity in erased) _ids.Blank(identity);
    }

    /// <summary>Takes back the joins made at these log positions. Unlike after <see cref="Cut"/>, what is seen together later joins again.</summary>
    public void Withdraw(Predicate<long> isWithdrawn)
    {
        foreach (var (identity, at) in _named)
            if (isWithdrawn(at)) _named.Remove(identity);
        foreach (var removed in _removed.Values) removed.RemoveAll(l => isWithdrawn(l.Position));
        var links = _links.FindAll(l => isWithdrawn(l.Position));
        if (links.Count == 0) return;
        _absorbed = null;
        _links.RemoveAll(l => isWithdrawn(l.Position));
        foreach (var link in links.Where(l => !l.IsStated)) _seen.Remove(Pair(link.A, link.B));
        // All groups are dissolved together: links between two of them may have been the only tie of both.
        Regroup([.. links.Select(l => _customer[l.A]).Distinct().SelectMany(Members)]);
    }

    /// <summary>The joins that hold a customer together, the oldest first.</summary>
    public List<(int A, int B, long Position, bool IsStated)> Joins(int customer) =>
        _next[customer] == customer ? [] : [.. _links.Where(l => _customer[l.A] == customer).Select(l => (l.A, l.B, l.Position, l.IsStated))];

    private bool Remove(Predicate<Link> isRemoved, long at, bool byRule = false)
    {
        var links = _links.FindAll(isRemoved);
        if (links.Count == 0) return false;
        _links.RemoveAll(isRemoved);
        _absorbed = null;
        foreach (var link in links)
        {
            if (!link.IsStated) _seen.Remove(Pair(link.A, link.B));
            if (!byRule) _cut.Add(Pair(link.A, link.B));
        }

        if (at >= 0)
        {
            if (!byRule) _removed.Add(at, links);
            Decided(links.SelectMany(l => new[] { l.A, l.B }).Distinct(), at);
        }

        // All together: each time all links are gone through.
        Regroup([.. links.Select(l => _customer[l.A]).Distinct().SelectMany(Members)]);
        return true;
    }

    /// <summary>Puts links back in the order in which they were made, as if they had never been away: each after the last one that is not younger, all in one pass.</summary>
    private void PutBack(List<Link> links)
    {
        _absorbed = null;
        var back = links.OrderBy(l => l.Position).ToList();
        var at = _links.Count - 1;
        CollectionsMarshal.SetCount(_links, _links.Count + back.Count);
        var all = CollectionsMarshal.AsSpan(_links);
        for (var left = back.Count - 1; left >= 0; left--)
        {
            for (; at >= 0 && all[at].Position > back[left].Position; at--) all[at + left + 1] = all[at];
            all[at + left + 1] = back[left];
        }
    }

    private static (int, int) Pair(int a, int b) => (Math.Min(a, b), Math.Max(a, b));

    private bool IsKnown(int customer)
    {
        var at = customer;
        do
        {
            if (IsUser(at)) return true;
            at = _next[at];
        }
        while (at != customer);
        return false;
    }

    private void Unite(int a, int b)
    {
        var (keep, give) = (Math.Min(_customer[a], _customer[b]), Math.Max(_customer[a], _customer[b]));
        var at = give;
        do
        {
            _customer[at] = keep;
            Moved(at, keep);
            at = _next[at];
        }
        while (at != give);
        (_next[keep], _next[give]) = (_next[give], _next[keep]);
    }

    private void Recognise(int user, ReadOnlySpan<byte> id)
    {
        if (Find(Anonymous, id) is >= 0 and var named && _named.Remove(named, out var position)) TryJoin(user, named, Join.Stated, position);
    }

    /// <summary>Builds a customer's groups anew from the links that are left, as if what was cut had never been: a device that was seen with two known customers stays with the first.</summary>
    private void Regroup(List<int> members)
    {
        var before = members.ToDictionary(m => m, m => _customer[m]);
        var moved = Moved;
        Moved = (_, _) => { };
        foreach (var m in members) _customer[m] = _next[m] = m;
        // Of millions of links nearly all are somebody else's: two comparisons tell most of them.
        var (least, most) = members.Count == 0 ? (0, -1) : (members.Min(), members.Max());
        _links.RemoveAll(link => link.A >= least && link.A <= most && before.ContainsKey(link.A) && !Ties(link));
        Moved = moved;
        foreach (var m in members)
            if (_customer[m] != before[m]) Moved(m, _customer[m]);
    }

    private bool Ties(Link link)
    {
        if (_customer[link.A] == _customer[link.B]) return true;
        if (!link.IsStated && IsKnown(_customer[link.A]) && IsKnown(_customer[link.B]))
        {
            _seen.Remove(Pair(link.A, link.B));
            return false;
        }

        Unite(link.A, link.B);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Key(byte kind, ReadOnlySpan<byte> id)
    {
        if (_key.Length <= id.Length) _key = new byte[id.Length * 2];
        _key[0] = kind;
        id.CopyTo(_key.AsSpan(1));
        return _key.AsSpan(0, id.Length + 1);
    }
}
