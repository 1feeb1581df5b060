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
}

/// <summary>Which identities (user ids, anonymous ids) are one customer. A join is a link that can be cut again; a customer's number is the lowest of its identities' numbers.</summary>
/// <remarks>One writer; readers take the writer's lock.</remarks>
internal sealed class IdentityGraph
{
    public const byte User = (byte)'u';
    public const byte Anonymous = (byte)'a';

    private readonly Utf8Dictionary _ids;
    private readonly List<Link> _links = [];
    private readonly HashSet<(int, int)> _seen = [];
    private readonly HashSet<(int, int)> _cut = [];
    private int[] _customer = new int[16];

    // How many identities have a customer; one less than the ids while a new one is being added.
    private int _numbered;

    // A ring through the identities of each customer.
    private int[] _next = new int[16];
    private byte[] _key = new byte[256];

    public IdentityGraph() => _ids = new Utf8Dictionary();

    private IdentityGraph(Utf8Dictionary ids) => _ids = ids;

    private readonly record struct Link(int A, int B, long Position);

    /// <summary>Called with (identity, customer) for every identity that moves to another customer.</summary>
    public Action<int, int> Moved { get; set; } = (_, _) => { };

    public int Count => _ids.Count;

    /// <returns>The number of the identity, new or not.</returns>
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
        }

        return identity;
    }

    /// <returns>The number of the identity, or −1.</returns>
    public int Find(byte kind, ReadOnlySpan<byte> id) => _ids.Find(Key(kind, id));

    public int CustomerOf(int identity) => _customer[identity];

    public bool IsUser(int identity) => _ids[identity][0] == User;

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

    /// <returns>False where the two stay apart: both known and only seen together, or cut apart before.</returns>
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

        _links.Add(new Link(a, b, position));
        if (!one) Unite(a, b);
        return true;
    }

    /// <summary>Takes back the joins made at this log position, exactly; what else ties the identities stays. Being seen together does not join them again.</summary>
    /// <returns>False where nothing was joined there.</returns>
    public bool Cut(long position)
    {
        var links = _links.FindAll(l => l.Position == position);
        foreach (var link in links)
        {
            _links.Remove(link);
            _seen.Remove(Pair(link.A, link.B));
            _cut.Add(Pair(link.A, link.B));
            Regroup(Members(_customer[link.A]));
        }

        return links.Count > 0;
    }

    /// <summary>Log positions of the joins that hold a customer together, for undoing them.</summary>
    public IEnumerable<long> JoinPositions(int customer) =>
        _links.Where(l => _customer[l.A] == customer).Select(l => l.Position).Distinct();

    public void Write(BinaryWriter to)
    {
        _ids.Write(to);
        to.Write(MemoryMarshal.AsBytes(_customer.AsSpan(0, Count)));
        to.Write(MemoryMarshal.AsBytes(_next.AsSpan(0, Count)));
        to.Write(_links.Count);
        to.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_links)));
        to.Write(_cut.Count);
        foreach (var (a, b) in _cut)
        {
            to.Write(a);
            to.Write(b);
        }
    }

    public static IdentityGraph Read(BinaryReader from)
    {
        var graph = new IdentityGraph(Utf8Dictionary.Read(from));
        var count = graph._numbered = graph.Count;
        graph._customer = new int[Math.Max(16, count)];
        graph._next = new int[Math.Max(16, count)];
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(graph._customer.AsSpan(0, count)));
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(graph._next.AsSpan(0, count)));
        var links = new Link[from.ReadInt32()];
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(links.AsSpan()));
        graph._links.AddRange(links);
        foreach (var link in links) graph._seen.Add(Pair(link.A, link.B));
        for (var left = from.ReadInt32(); left > 0; left--) graph._cut.Add((from.ReadInt32(), from.ReadInt32()));
        return graph;
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

    /// <summary>Builds a customer's groups anew from the links that are left.</summary>
    private void Regroup(List<int> members)
    {
        var before = members.ToDictionary(m => m, m => _customer[m]);
        var moved = Moved;
        Moved = (_, _) => { };
        foreach (var m in members) _customer[m] = _next[m] = m;
        foreach (var link in _links)
            if (before.ContainsKey(link.A) && _customer[link.A] != _customer[link.B]) Unite(link.A, link.B);
        Moved = moved;
        foreach (var m in members)
            if (_customer[m] != before[m]) Moved(m, _customer[m]);
    }

    private ReadOnlySpan<byte> Key(byte kind, ReadOnlySpan<byte> id)
    {
        if (_key.Length <= id.Length) _key = new byte[id.Length * 2];
        _key[0] = kind;
        id.CopyTo(_key.AsSpan(1));
        return _key.AsSpan(0, id.Length + 1);
    }
}
