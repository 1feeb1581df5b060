using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>
/// Checksums of segment files: per chunk, CRC-32C of four interleaved lanes of 8-byte words (so that the processor computes them side by side),
/// then of the four results. Any single flipped bit changes its lane's CRC, and with it the sum.
/// </summary>
internal static unsafe class Checksum
{
    public const int ChunkBytes = 4 << 20;

    public static int Chunks(long bytes) => checked((int)((bytes + ChunkBytes - 1) / ChunkBytes));

    /// <summary>Sums of all chunks, computed on all processors. The length is a multiple of 32.</summary>
    public static uint[] OfChunks(byte* data, long bytes)
    {
        var sums = new uint[Chunks(bytes)];
        // A pointer cannot be captured.
        var address = (nint)data;
        Parallel.For(0, sums.Length, chunk =>
        {
            var start = (long)chunk * ChunkBytes;
            sums[chunk] = Of((byte*)address + start, (int)Math.Min(ChunkBytes, bytes - start));
        });
        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Of(byte* data, int bytes)
    {
        uint a = ~0u, b = ~0u, c = ~0u, d = ~0u;
        var words = (ulong*)data;
        var end = words + bytes / 8;
        for (; words + 4 <= end; words += 4)
        {
            a = BitOperations.Crc32C(a, words[0]);
            b = BitOperations.Crc32C(b, words[1]);
            c = BitOperations.Crc32C(c, words[2]);
            d = BitOperations.Crc32C(d, words[3]);
        }

        for (; words < end; words++) a = BitOperations.Crc32C(a, *words);
        for (var rest = data + (bytes & ~7); rest < data + bytes; rest++) a = BitOperations.Crc32C(a, *rest);
        return BitOperations.Crc32C(BitOperations.Crc32C(~0u, (ulong)a << 32 | b), (ulong)c << 32 | d);
    }
}
