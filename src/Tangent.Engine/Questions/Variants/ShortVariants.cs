using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>Sequences that fit into 64 bits as they are: up to eight codes below 255, or four of any. The sequence is its own key, so nothing needs to be compared.</summary>
internal static unsafe class PackedSequence
{
    /// <summary>Touchpoint codes below this are packed in a byte each.</summary>
    public const int ByteCodes = 255;

    /// <summary>The longest sequence that is packed.</summary>
    public static int MostEvents(bool bytes) => bytes ? 8 : 4;

    /// <summary>The key, never 0. Eight codes may be read, whatever the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ushort* codes, int length, bool bytes)
    {
        // One more than the code, so that a shorter sequence is not the same as one that ends with code 0.
        var eight = Vector128.Load(codes) + Vector128<ushort>.One;
        return bytes
            ? Vector128.Narrow(eight, eight).AsUInt64().ToScalar() & ulong.MaxValue >> (64 - 8 * length)
            : eight.AsUInt64().ToScalar() & ulong.MaxValue >> (64 - 16 * length);
    }

    public static ushort[] Unpack(ulong key, bool bytes)
    {
        var bits = bytes ? 8 : 16;
        var codes = new List<ushort>(8);
        for (; key != 0; key = key >> (bits - 1) >> 1) codes.Add((ushort)((key & ((1UL << bits) - 1)) - 1));
        return [.. codes];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong key)
    {
        key *= 0x9E3779B97F4A7C15;
        key = (key ^ key >> 32) * 0xD6E8FEB86659FD93;
        return key ^ key >> 29;
    }
}

/// <summary>How many customers follow each short sequence; spread over parts by hash, so that the threads' counts can be added up side by side.</summary>
internal sealed unsafe class ShortVariantCounts
{
    public const int Parts = 1 << PartBits;
    private const int PartBits = 4;

    private readonly ShortVariants[] parts = new ShortVariants[Parts];
    private readonly bool bytes;

    /// <param name="touchpoints">Codes are below this.</param>
    public ShortVariantCounts(int touchpoints)
    {
        bytes = touchpoints < PackedSequence.ByteCodes;
        MostEvents = PackedSequence.MostEvents(bytes);
        for (var part = 0; part < Parts; part++) parts[part] = new ShortVariants();
    }

    /// <summary>Sequences up to this length are short.</summary>
    public int MostEvents { get; }

    public long Distinct => parts.Sum(part => (long)part.Distinct);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong KeyOf(ushort* codes, int length) => PackedSequence.Of(codes, length, bytes);

    /// <summary>Brings the place of a sequence that comes soon into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong key)
    {
        var hash = PackedSequence.Hash(key);
        parts[hash >> (64 - PartBits)].Prefetch(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(ulong key)
    {
        var hash = PackedSequence.Hash(key);
        parts[hash >> (64 - PartBits)].Count(key, hash, 1);
    }

    public void AddPart(int part, ShortVariantCounts other) => parts[part].Add(other.parts[part]);

    /// <summary>The most frequent sequences of a part, in no order; with all that are as frequent as the last.</summary>
    public List<(ushort[] Touchpoints, long Customers)> Top(int part, int limit)
    {
        var top = new List<(ushort[] Touchpoints, long Customers)>();
        if (limit == 0) return top;
        var least = parts[part].LeastOf(limit);
        foreach (ref readonly var slot in parts[part].Slots)
            if (slot.Key != 0 && slot.Customers >= least) VariantTable.AddBounded(top, (PackedSequence.Unpack(slot.Key, bytes), slot.Customers), limit);
        return top;
    }
}

/// <summary>Packed sequences and how often each was seen, by open addressing.</summary>
internal sealed class ShortVariants
{
    private Slot[] slots = new Slot[1024];

    /// <summary>Different sequences.</summary>
    public int Distinct { get; private set; }

    public ReadOnlySpan<Slot> Slots => slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(ulong hash)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref slots[(int)hash & (slots.Length - 1)]));
    }

    public void Count(ulong key, ulong hash, long customers)
    {
        var all = slots;
        for (var slot = (int)hash & (all.Length - 1); ; slot = (slot + 1) & (all.Length - 1))
        {
            ref var at = ref all[slot];
            if (at.Key == key)
            {
                at.Customers += customers;
                return;
            }

            if (at.Key != 0) continue;
            at = new Slot { Key = key, Customers = customers };
            if (++Distinct * 2 > all.Length) Grow();
            return;
        }
    }

    public void Add(ShortVariants other)
    {
        foreach (ref readonly var slot in other.Slots)
            if (slot.Key != 0) Count(slot.Key, PackedSequence.Hash(slot.Key), slot.Customers);
    }

    /// <summary>How often the sequence came that is at this place from the most frequent one on; 0 where there are not so many.</summary>
    public long LeastOf(int limit)
    {
        if (Distinct <= limit) return 0;
        var counts = new long[Distinct];
        var count = 0;
        foreach (ref var slot in slots.AsSpan())
            if (slot.Key != 0) counts[count++] = slot.Customers;
        return Quantile.Select(counts, counts.Length - limit);
    }

    private void Grow()
    {
        var old = slots;
        slots = new Slot[old.Length * 4];
        Distinct = 0;
        foreach (ref var slot in old.AsSpan())
            if (slot.Key != 0) Count(slot.Key, PackedSequence.Hash(slot.Key), slot.Customers);
    }

    /// <summary>Key 0 is free.</summary>
    public struct Slot
    {
        public ulong Key;
        public long Customers;
    }
}
