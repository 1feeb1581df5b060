using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Which hashes came once and which more often, in two bits for each of many places; two hashes may share a place.
/// What is alone at its place is certainly alone: of most long sequences nothing more needs to be kept.
/// </summary>
internal sealed class SeenHashes
{
    private readonly ulong[] once;
    private readonly ulong[] again;
    private readonly int shift;

    /// <param name="expected">About so many hashes; sixteen places for each keep chance meetings rare.</param>
    public SeenHashes(long expected)
    {
        var bits = Math.Clamp(BitOperations.Log2((ulong)Math.Max(1, expected)) + 5, 12, 32);
        once = new ulong[1 << (bits - 6)];
        again = new ulong[1 << (bits - 6)];
        shift = 64 - bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong hash)
    {
        var place = hash >> shift;
        var bit = 1UL << (int)(place & 63);
        ref var word = ref once[place >> 6];
        again[place >> 6] |= word & bit;
        word |= bit;
    }

    public void Add(SeenHashes other)
    {
        for (var word = 0; word < once.Length; word++)
        {
            again[word] |= other.again[word] | (once[word] & other.once[word]);
            once[word] |= other.once[word];
        }
    }

    /// <summary>Where hashes are that may have come more than once.</summary>
    public HashPlaces Repeated => new(again, shift);
}

/// <summary>Places of hashes by their highest bits.</summary>
internal sealed class HashPlaces(ulong[] bits, int shift)
{
    /// <summary>No hash, of this many bits.</summary>
    public HashPlaces(int bits)
        : this(new ulong[1 << (bits - 6)], 64 - bits)
    {
    }

    /// <summary>Every hash.</summary>
    public static HashPlaces All { get; } = new([ulong.MaxValue], 58);

    /// <summary>How many of all places are in it, 0 to 1.</summary>
    public double Share => bits.Sum(word => (long)BitOperations.PopCount(word)) / (bits.Length * 64.0);

    public void Add(ulong hash) => bits[hash >> shift >> 6] |= 1UL << (int)(hash >> shift & 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(ulong hash) => (bits[hash >> shift >> 6] >> (int)(hash >> shift & 63) & 1) != 0;
}
