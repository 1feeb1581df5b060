using System.Runtime.InteropServices;

namespace Tangent.Collect;

/// <content>The graph as bytes beside the journeys of the same moment.</content>
internal sealed partial class IdentityGraph
{
    public void Write(BinaryWriter to)
    {
        _ids.Write(to);
        to.Write(MemoryMarshal.AsBytes(_customer.AsSpan(0, Count)));
        to.Write(MemoryMarshal.AsBytes(_next.AsSpan(0, Count)));
        to.Write(_links.Count);
        to.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_links)));
        to.Write(_cut.Count);
        foreach (var (a, b) in _cut.All)
        {
            to.Write(a);
            to.Write(b);
        }

        to.Write(_named.Count);
        foreach (var (identity, position) in _named)
        {
            to.Write(identity);
            to.Write(position);
        }

        to.Write(_removed.Count);
        foreach (var (split, removed) in _removed)
        {
            to.Write(split);
            to.Write(removed.Count);
            to.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(removed)));
        }

        to.Write(_apart.Sum(a => a.Value.Count));
        foreach (var (at, pairs) in _apart)
        {
            foreach (var (a, b) in pairs)
            {
                to.Write(at);
                to.Write(a);
                to.Write(b);
            }
        }

        to.Write(_decisions.Count);
        foreach (var (identity, position) in _decisions)
        {
            to.Write(identity);
            to.Write(position);
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
        foreach (var link in links)
            if (!link.IsStated) graph._seen.Add(Pair(link.A, link.B));
        for (var left = from.ReadInt32(); left > 0; left--) graph._cut.Add((from.ReadInt32(), from.ReadInt32()));
        for (var left = from.ReadInt32(); left > 0; left--) graph._named.Add(from.ReadInt32(), from.ReadInt64());
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var split = from.ReadInt64();
            var removed = new Link[from.ReadInt32()];
            from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(removed.AsSpan()));
            graph._removed.Add(split, [.. removed]);
        }

        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var at = from.ReadInt64();
            if (!graph._apart.TryGetValue(at, out var pairs)) graph._apart.Add(at, pairs = []);
            pairs.Add((from.ReadInt32(), from.ReadInt32()));
        }

        for (var left = from.ReadInt32(); left > 0; left--) graph._decisions.Add((from.ReadInt32(), from.ReadInt64()));
        return graph;
    }
}
