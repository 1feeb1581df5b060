using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tangent.Engine;

/// <summary>Which of some rows stay, one bit each in words of 64; and moving those that stay together.</summary>
internal static unsafe class Selection
{
    /// <summary>Rows in a word.</summary>
    public const int Word = 64;

    public static int Words(int count) => (count + Word - 1) / Word;

    /// <summary>Every row stays.</summary>
    public static void All(ulong* keep, int count)
    {
        new Span<ulong>(keep, Words(count)).Fill(ulong.MaxValue);
        if ((count & 63) != 0) keep[count >> 6] = (1UL << (count & 63)) - 1;
    }

    /// <summary>Takes out rows from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public static void Remove(ulong* keep, int from, int to)
    {
        for (; from < to && (from & 63) != 0; from++) keep[from >> 6] &= ~(1UL << (from & 63));
        for (; from + Word <= to; from += Word) keep[from >> 6] = 0;
        for (; from < to; from++) keep[from >> 6] &= ~(1UL << (from & 63));
    }

    /// <summary>Keeps rows whose code is not "none". Codes may be read up to a word beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepKnown(ulong* keep, ushort* codes, int count)
    {
        for (var word = 0; word < Words(count); word++, codes += Word)
        {
            ulong low = Vector512.Equals(Vector512.Load(codes), Vector512<ushort>.AllBitsSet).ExtractMostSignificantBits();
            ulong high = Vector512.Equals(Vector512.Load(codes + 32), Vector512<ushort>.AllBitsSet).ExtractMostSignificantBits();
            keep[word] &= ~(low | high << 32);
        }
    }

    /// <summary>Keeps rows within a period. Times may be read up to a word beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepWithin(ulong* keep, long* times, int count, long fromMs, long toMs)
    {
        var from = Vector512.Create(fromMs);
        var length = Vector512.Create((ulong)(toMs - fromMs));
        for (var word = 0; word < Words(count); word++)
        {
            ulong inside = 0;
            for (var part = 0; part < Word; part += 8, times += 8)
                inside |= Vector512.LessThan((Vector512.Load(times) - from).AsUInt64(), length).ExtractMostSignificantBits() << part;
            keep[word] &= inside;
        }
    }

    /// <summary>Keeps rows whose code is allowed: 65,536 entries of 1 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepAllowed(ulong* keep, ushort* column, int count, byte* allowed)
    {
        for (var at = 0; at < count; at += Word)
        {
            var end = Math.Min(Word, count - at);
            ulong inside = 0;
            for (var bit = 0; bit < end; bit++) inside |= (ulong)allowed[column[at + bit]] << bit;
            keep[at >> 6] &= inside;
        }
    }

    /// <summary>Keeps rows with one of some codes, given as a list and as 65,536 entries of 1 or 0. Codes may be read up to a word beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepListed(ulong* keep, ushort* codes, int count, ushort[] list, byte[] listed)
    {
        if (list.Length > 12)
        {
            fixed (byte* allowed = listed) KeepAllowed(keep, codes, count, allowed);
            return;
        }

        for (var word = 0; word < Words(count); word++, codes += Word)
        {
            Vector512<ushort> low = Vector512.Load(codes), high = Vector512.Load(codes + 32), inLow = default, inHigh = default;
            foreach (var code in list)
            {
                inLow |= Vector512.Equals(low, Vector512.Create(code));
                inHigh |= Vector512.Equals(high, Vector512.Create(code));
            }

            keep[word] &= inLow.ExtractMostSignificantBits() | inHigh.ExtractMostSignificantBits() << 32;
        }
    }

    /// <summary>Takes out rows that have the code of the row before them. Codes may be read up to a word beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepChanges(ulong* keep, ushort* codes, int count)
    {
        for (var bit = 1; bit < Math.Min(count, Word); bit++)
            if (codes[bit] == codes[bit - 1]) keep[0] &= ~(1UL << bit);
        for (var word = 1; word < Words(count); word++)
        {
            codes += Word;
            ulong low = Vector512.Equals(Vector512.Load(codes), Vector512.Load(codes - 1)).ExtractMostSignificantBits();
            ulong high = Vector512.Equals(Vector512.Load(codes + 32), Vector512.Load(codes + 31)).ExtractMostSignificantBits();
            keep[word] &= ~(low | high << 32);
        }
    }

    /// <summary>How many rows stay before each word; the number of all is returned.</summary>
    public static int Count(ulong* keep, int* before, int count)
    {
        var kept = 0;
        for (var word = 0; word < Words(count); word++)
        {
            before[word] = kept;
            kept += BitOperations.PopCount(keep[word]);
        }

        before[Words(count)] = kept;
        return kept;
    }

    /// <summary>How many rows stay before a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Before(ulong* keep, int* before, int row) =>
        (row & 63) == 0 ? before[row >> 6] : before[row >> 6] + BitOperations.PopCount(keep[row >> 6] & ((1UL << (row & 63)) - 1));

    /// <summary>Moves the rows that stay together; the targets have room for a word more than the rows, and may be the sources.</summary>
    public static void Compact(ulong* keep, int count, in Columns from, in Columns to)
    {
        if (Avx512Vbmi2.IsSupported) CompactWide(keep, count, from, to);
        else CompactOneByOne(keep, count, from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CompactOneByOne(ulong* keep, int count, in Columns from, in Columns to)
    {
        var (codes, times, rows) = (new Ptr<ushort>(from.Touchpoints), new Ptr<long>(from.Times), new Ptr<int>(from.Rows));
        var (toCodes, toTimes, toRows) = (new Ptr<ushort>(to.Touchpoints), new Ptr<long>(to.Times), new Ptr<int>(to.Rows));
        var kept = 0;
        for (var at = 0; at < count; at++)
        {
            toCodes.At[kept] = codes.At[at];
            toTimes.At[kept] = times.At[at];
            toRows.At[kept] = rows.At == null ? from.FirstRow + at : rows.At[at];
            kept += (int)(keep[at >> 6] >> (at & 63) & 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CompactWide(ulong* keep, int count, in Columns from, in Columns to)
    {
        ReadOnlySpan<ushort> bits16 = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
        var bit16 = Vector512.Create(Vector256.Create(bits16), Vector256.Create(bits16));
        var bit32 = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768u);
        var bit64 = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128UL);
        var counting = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        ushort* codes = from.Touchpoints, toCodes = to.Touchpoints;
        long* times = from.Times, toTimes = to.Times;
        int* rows = from.Rows, toRows = to.Rows;
        for (var at = 0; at < count; at += Word)
        {
            var bits = keep[at >> 6];
            if (bits == 0) continue;
            for (var part = 0; part < Word; part += 32)
            {
                var some = (uint)(bits >> part);
                var mask = Vector512.Equals(Vector512.Create(Vector256.Create((ushort)some), Vector256.Create((ushort)(some >> 16))) & bit16, bit16);
                Avx512Vbmi2.Compress(Vector512<ushort>.Zero, mask, Vector512.Load(codes + at + part)).Store(toCodes);
                toCodes += BitOperations.PopCount(some);
            }

            for (var part = 0; part < Word; part += 16)
            {
                var some = (uint)(bits >> part) & 0xFFFF;
                var mask = Vector512.Equals(Vector512.Create(some) & bit32, bit32).AsInt32();
                var row = rows == null ? counting + Vector512.Create(from.FirstRow + at + part) : Vector512.Load(rows + at + part);
                Avx512F.Compress(Vector512<int>.Zero, mask, row).Store(toRows);
                toRows += BitOperations.PopCount(some);
            }

            for (var part = 0; part < Word; part += 8)
            {
                var some = bits >> part & 0xFF;
                var mask = Vector512.Equals(Vector512.Create(some) & bit64, bit64).AsInt64();
                Avx512F.Compress(Vector512<long>.Zero, mask, Vector512.Load(times + at + part)).Store(toTimes);
                toTimes += BitOperations.PopCount(some);
            }
        }
    }
}

/// <summary>Columns of some rows. Where the rows' numbers are null they count on from the first.</summary>
internal readonly unsafe struct Columns(ushort* touchpoints, long* times, int* rows, int firstRow)
{
    public readonly ushort* Touchpoints = touchpoints;
    public readonly long* Times = times;
    public readonly int* Rows = rows;
    public readonly int FirstRow = firstRow;
}
