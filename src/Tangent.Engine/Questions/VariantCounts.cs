using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// How many customers follow each sequence: short ones by themselves, the others by hash and comparison. Spread over parts by hash,
/// so that the threads' counts can be added up side by side.
/// </summary>
internal sealed unsafe class VariantCounts
{
    public const int Parts = 1 << PartBits;
    private const int PartBits = 4;

    private readonly ShortVariants[] shorts = new ShortVariants[Parts];
    private readonly VariantTable[] longs = new VariantTable[Parts];
    private readonly bool bytes;

    /// <param name="touchpoints">Codes are below this.</param>
    /// <param name="hashMask">Narrows the hashes of the long ones.</param>
    public VariantCounts(int touchpoints, ulong hashMask)
    {
        bytes = touchpoints < PackedSequence.ByteCodes;
        MostPacked = PackedSequence.MostEvents(bytes);
        for (var part = 0; part < Parts; part++) (shorts[part], longs[part]) = (new ShortVariants(), new VariantTable(hashMask));
    }

    /// <summary>Sequences up to this length are packed.</summary>
    public int MostPacked { get; }

    public long Distinct => shorts.Sum(part => (long)part.Distinct) + longs.Sum(part => (long)part.Distinct);

    /// <summary>The packed sequence, or the hash of a long one. Codes may be read up to eight beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong KeyOf(ushort* codes, int length) =>
        length <= MostPacked ? PackedSequence.Of(codes, length, bytes) : VariantTable.HashOf(codes, length);

    /// <summary>Brings the place of a sequence that comes soon into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong key, int length)
    {
        var hash = length <= MostPacked ? PackedSequence.Hash(key) : key;
        if (length <= MostPacked) shorts[hash >> (64 - PartBits)].Prefetch(hash);
        else longs[hash >> (64 - PartBits)].Prefetch(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(ulong key, ushort* codes, int length)
    {
        if (length > MostPacked)
        {
            longs[key >> (64 - PartBits)].Count(new ReadOnlySpan<ushort>(codes, length), key, 1);
            return;
        }

        var hash = PackedSequence.Hash(key);
        shorts[hash >> (64 - PartBits)].Count(key, hash, 1);
    }

    public void AddPart(int part, VariantCounts other)
    {
        shorts[part].Add(other.shorts[part]);
        longs[part].Add(other.longs[part]);
    }

    /// <summary>The most frequent sequences of a part, in no order; with all that are as frequent as the last.</summary>
    public List<(ushort[] Touchpoints, long Customers)> Top(int part, int limit)
    {
        var top = longs[part].Top(limit);
        var least = LeastOf(shorts[part], limit);
        foreach (ref readonly var slot in shorts[part].Slots)
            if (slot.Key != 0 && slot.Customers >= least && limit > 0) VariantTable.AddBounded(top, (PackedSequence.Unpack(slot.Key, bytes), slot.Customers), limit);
        return top;
    }

    private static long LeastOf(ShortVariants part, int limit)
    {
        if (part.Distinct <= limit) return 0;
        var counts = new long[part.Distinct];
        var count = 0;
        foreach (ref readonly var slot in part.Slots)
            if (slot.Key != 0) counts[count++] = slot.Customers;
        return limit == 0 ? long.MaxValue : Quantile.Select(counts, counts.Length - limit);
    }
}
