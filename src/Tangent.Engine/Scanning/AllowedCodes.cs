using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>The codes of a column that pass. While all of them are small they fit into two registers, and 32 rows are looked up at once.</summary>
internal sealed class AllowedCodes
{
    private const int Small = 1024;

    // 65,536 entries, 1 is allowed.
    private readonly byte[] table = new byte[Code.Count];
    // The same of the small codes, a bit each; null where larger ones are allowed too.
    private readonly byte[]? bits;

    public AllowedCodes(bool[] allowed)
    {
        for (var code = 0; code < Math.Min(table.Length, allowed.Length); code++) table[code] = allowed[code] ? (byte)1 : (byte)0;
        if (!Avx512Vbmi.IsSupported || table.AsSpan(Small).Contains((byte)1)) return;
        bits = new byte[Small / 8];
        for (var code = 0; code < Small; code++) bits[code / 8] |= (byte)(table[code] << code % 8);
    }

    public bool Allows(ushort code) => table[code] != 0;

    /// <summary>Takes out rows whose code does not pass. Codes may be read up to a word beyond the end.</summary>
    public unsafe void Keep(ulong* keep, ushort* column, int count)
    {
        fixed (byte* allowed = table)
            if (bits is null) Selection.KeepAllowed(keep, column, count, allowed);
            else KeepSmall(keep, column, count, bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void KeepSmall(ulong* keep, ushort* column, int count, ReadOnlySpan<byte> bits)
    {
        ref var first = ref MemoryMarshal.GetReference(bits);
        Vector512<byte> low = Vector512.LoadUnsafe(ref first), high = Vector512.LoadUnsafe(ref first, 64);
        for (var word = 0; word < Selection.Words(count); word++, column += Selection.Word)
        {
            ulong some = Passing(Vector512.Load(column), low, high).ExtractMostSignificantBits();
            ulong others = Passing(Vector512.Load(column + 32), low, high).ExtractMostSignificantBits();
            keep[word] &= some | others << 32;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Passing(Vector512<ushort> codes, Vector512<byte> low, Vector512<byte> high)
    {
        // The higher byte of each code picks something too; the bit asked for is in the lower one.
        var eight = Avx512Vbmi.PermuteVar64x8x2(low, (codes >>> 3).AsByte(), high).AsUInt16();
        var bit = Avx512BW.ShiftLeftLogicalVariable(Vector512<ushort>.One, codes & Vector512.Create((ushort)7));
        return Vector512.LessThan(codes, Vector512.Create((ushort)Small)) & ~Vector512.Equals(eight & bit, Vector512<ushort>.Zero);
    }
}
