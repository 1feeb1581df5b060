using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>
/// Keys by which the event log knows an event again: SipHash-2-4 with 128 bits (Aumasson and Bernstein 2012, with the output of 2013). Message ids
/// come from anyone who has a web source's key; without the log's secret nobody can make two that share a key.
/// </summary>
internal static class EventKey
{
    private const ulong C0 = 0x736f6d6570736575, C1 = 0x646f72616e646f6d, C2 = 0x6c7967656e657261, C3 = 0x7465646279746573;

    /// <summary>The key of an event of a source. Never zero, which means "no key".</summary>
    /// <param name="secret">The log's own.</param>
    /// <param name="identity">Its message id.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Of(UInt128 secret, int sourceId, ReadOnlySpan<byte> identity)
    {
        // The source takes part like a second secret of 32 bits.
        var key = Hash(secret ^ ((UInt128)(uint)sourceId << 64), identity);
        return key == 0 ? 1 : key;
    }

    /// <summary>SipHash-2-4-128 of a text; the low half of the result is its first eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static UInt128 Hash(UInt128 secret, ReadOnlySpan<byte> text)
    {
        ulong k0 = (ulong)secret, k1 = (ulong)(secret >> 64);
        ulong a = k0 ^ C0, b = k1 ^ C1 ^ 0xEE, c = k0 ^ C2, d = k1 ^ C3;
        var last = (ulong)text.Length << 56;
        for (; text.Length >= 8; text = text[8..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
            d ^= word;
            Round(ref a, ref b, ref c, ref d);
            Round(ref a, ref b, ref c, ref d);
            a ^= word;
        }

        for (var i = 0; i < text.Length; i++) last |= (ulong)text[i] << (8 * i);
        d ^= last;
        Round(ref a, ref b, ref c, ref d);
        Round(ref a, ref b, ref c, ref d);
        a ^= last;
        c ^= 0xEE;
        for (var i = 0; i < 4; i++) Round(ref a, ref b, ref c, ref d);
        var low = a ^ b ^ c ^ d;
        b ^= 0xDD;
        for (var i = 0; i < 4; i++) Round(ref a, ref b, ref c, ref d);
        return new UInt128(a ^ b ^ c ^ d, low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a += b;
        c += d;
        b = BitOperations.RotateLeft(b, 13) ^ a;
        d = BitOperations.RotateLeft(d, 16) ^ c;
        a = BitOperations.RotateLeft(a, 32);
        c += b;
        a += d;
        b = BitOperations.RotateLeft(b, 17) ^ c;
        d = BitOperations.RotateLeft(d, 21) ^ a;
        c = BitOperations.RotateLeft(c, 32);
    }
}
