using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>
/// A 128-bit hash of a row's content: two lanes of 64-bit multiplications folded to 64 bits, each with constants of its own. Not made against
/// people who look for collisions (they could only hide rows of their own file), but ten times as fast as SHA-256 on rows. Its values
/// are kept in the event log, so it must never change: another hash would import every file anew.
/// </summary>
internal static class ContentHash
{
    // Fractional parts of the square roots of the first six primes.
    private const ulong K0 = 0x6a09e667f3bcc908, K1 = 0xbb67ae8584caa73b, K2 = 0x3c6ef372fe94f82b, K3 = 0xa54ff53a5f1d36f1, K4 = 0x510e527fade682d1, K5 = 0x9b05688c2b3e6c1f;

    /// <returns>Never zero, which means "no key" in the event log.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Of(int sourceId, ReadOnlySpan<byte> content)
    {
        var (a, b) = (K0 ^ (uint)sourceId, K1 + (ulong)content.Length);
        Span<byte> last = stackalloc byte[16];
        scoped var rest = content;
        while (true)
        {
            if (rest.Length < 16)
            {
                rest.CopyTo(last);
                rest = last;
            }

            var low = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            var high = BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]);
            a = Fold(low ^ K2, high ^ a);
            b = Fold(high ^ K3, low ^ b ^ K4);
            if (rest.Length == 16) break;
            rest = rest[16..];
        }

        // Both lanes reach every bit of the result, and no two pairs of lanes give the same one.
        a += Fold(b ^ K4, K5);
        b ^= Fold(a ^ K5, K2);
        var key = new UInt128(b, a);
        return key == 0 ? 1 : key;
    }

    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return high ^ low;
    }
}
