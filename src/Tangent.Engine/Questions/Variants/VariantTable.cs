using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Sequences and how often each was seen: open addressing over 64-bit hashes, every hit compared in full.</summary>
internal sealed class VariantTable(ulong hashMask)
{
    // The upper half of a slot is the upper half of the hash, so that most misses are seen without reading the entry; the lower half is id + 1, 0 is free.
    private ulong[] slots = new ulong[1024];
    private GrowingList<Entry> entries;
    private ushort[] arena = new ushort[4096];
    private int used;

    /// <summary>Different sequences.</summary>
    public int Distinct => entries.Count;

    public static readonly Comparison<(ushort[] Touchpoints, long Customers)> MostFrequentFirst = (a, b) =>
        a.Customers != b.Customers ? b.Customers.CompareTo(a.Customers) : a.Touchpoints.AsSpan().SequenceCompareTo(b.Touchpoints);

    /// <summary>
    /// Multiply-rotate hashing, four codes at a time, with a finisher; good enough that collisions are rare, and they only cost a comparison.
    /// Up to three codes beyond the end are read, but do not count.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ulong HashOf(ushort* codes, int length)
    {
        var hash = (ulong)length;
        for (; length >= 4; length -= 4, codes += 4) hash = (BitOperations.RotateLeft(hash, 27) ^ *(ulong*)codes) * 0x9E3779B97F4A7C15;
        if (length > 0) hash = (BitOperations.RotateLeft(hash, 27) ^ (*(ulong*)codes & ulong.MaxValue >> (64 - 16 * length))) * 0x9E3779B97F4A7C15;
        hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93;
        return hash ^ hash >> 29;
    }

    /// <summary>Counts a sequence whose hash is known.</summary>
    public void Count(ReadOnlySpan<ushort> sequence, ulong hash, long customers)
    {
        hash &= hashMask;
        var id = Find(sequence, hash, out var slot);
        if (id < 0) Add(sequence, hash, slot, customers);
        else entries.Items[id].Customers += customers;
    }

    /// <summary>The number of a sequence in order of arrival, or -1.</summary>
    public int Find(ReadOnlySpan<ushort> sequence, ulong hash) => Find(sequence, hash & hashMask, out _);

    public void Add(VariantTable other)
    {
        foreach (ref var entry in other.entries.Items)
            Count(other.arena.AsSpan(entry.Start, entry.Length), entry.Hash, entry.Customers);
    }

    /// <summary>The most frequent sequences of this table, in no order; with all that are as frequent as the last.</summary>
    public List<(ushort[] Touchpoints, long Customers)> Top(int limit)
    {
        if (limit == 0) return [];
        var least = 0L;
        if (Distinct > limit)
        {
            var counts = new long[Distinct];
            for (var id = 0; id < Distinct; id++) counts[id] = entries.Items[id].Customers;
            least = Quantile.Select(counts, Distinct - limit);
        }

        var above = new List<(ushort[], long)>();
        var equal = new List<(ushort[] Touchpoints, long Customers)>();
        foreach (ref var entry in entries.Items)
        {
            if (entry.Customers < least) continue;
            var item = (arena.AsSpan(entry.Start, entry.Length).ToArray(), entry.Customers);
            if (entry.Customers > least) above.Add(item);
            else AddBounded(equal, item, limit);
        }

        above.AddRange(equal);
        return above;
    }

    /// <summary>Adds to a list of which only the first <paramref name="limit"/> in order matter: there may be hundreds of thousands of sequences seen once.</summary>
    public static void AddBounded(List<(ushort[] Touchpoints, long Customers)> equal, (ushort[], long) item, int limit)
    {
        equal.Add(item);
        if (equal.Count < 2 * limit + 1024) return;
        equal.Sort(MostFrequentFirst);
        equal.RemoveRange(limit, equal.Count - limit);
    }

    private int Find(ReadOnlySpan<ushort> sequence, ulong hash, out int slot)
    {
        var mask = slots.Length - 1;
        for (slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var tagged = slots[slot];
            if (tagged == 0) return -1;
            if ((tagged ^ hash) >> 32 != 0) continue;
            var id = (int)(uint)tagged - 1;
            ref var entry = ref entries.Items[id];
            if (entry.Hash == hash && entry.Length == sequence.Length && arena.AsSpan(entry.Start, entry.Length).SequenceEqual(sequence)) return id;
        }
    }

    private void Add(ReadOnlySpan<ushort> sequence, ulong hash, int slot, long customers)
    {
        if (used + sequence.Length > arena.Length)
            Array.Resize(ref arena, (int)Math.Min(Array.MaxLength, Math.Max(used + (long)sequence.Length, arena.Length * 2L)));
        sequence.CopyTo(arena.AsSpan(used));
        slots[slot] = Tagged(hash, entries.Count);
        entries.Add(new Entry { Hash = hash, Start = used, Length = sequence.Length, Customers = customers });
        used += sequence.Length;
        if (entries.Count * 2 > slots.Length) Grow();
    }

    private void Grow()
    {
        slots = new ulong[slots.Length * 4];
        var mask = slots.Length - 1;
        for (var id = 0; id < entries.Count; id++)
        {
            var hash = entries.Items[id].Hash;
            var slot = (int)hash & mask;
            while (slots[slot] != 0) slot = (slot + 1) & mask;
            slots[slot] = Tagged(hash, id);
        }
    }

    private static ulong Tagged(ulong hash, int id) => hash & 0xFFFF_FFFF_0000_0000 | (uint)(id + 1);

    private struct Entry
    {
        public ulong Hash;
        public int Start;
        public int Length;
        public long Customers;
    }
}
