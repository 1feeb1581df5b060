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

    /// <summary>The rows of a batch stay that passed the filter.</summary>
    public static void Kept(ulong* keep, in JourneyBatch batch)
    {
        if (batch.Staying == null) All(keep, batch.Events);
        else new ReadOnlySpan<ulong>(batch.Staying, Words(batch.Events)).CopyTo(new Span<ulong>(keep, Words(batch.Events)));
    }

    /// <summary>Takes out rows from <paramref name="from"/> up to <paramref name="to"/> where 1 says so, not 0. Bits may be touched up to a word beyond the end.</summary>
    /// <remarks>Which customers are wanted cannot be foreseen: short journeys are taken out without branches.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveIf(ulong wanted, ulong* keep, int from, int to)
    {
        if (to - from >= Word)
        {
            if (wanted != 0) Remove(keep, from, to);
            return;
        }

        var rows = ((1UL << (to - from)) - 1) & (0UL - wanted);
        keep[from >> 6] &= ~(rows << (from & 63));
        keep[(from >> 6) + 1] &= ~(rows >> 1 >> (63 - (from & 63)));
    }

    private static void Remove(ulong* keep, int from, int to)
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

    /// <summary>Keeps rows within a period, by their hours; where an hour does not tell, by their times. Hours may be read up to a word beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepWithin(ulong* keep, in Columns columns, int count, HourRange range, long fromMs, long toMs)
    {
        var (hours, times) = (new Ptr<ushort>(columns.Hours), new Ptr<long>(columns.Times));
        Vector512<ushort> first = Vector512.Create(range.First), length = Vector512.Create(range.Count);
        Vector512<ushort> cutFirst = Vector512.Create(range.CutFirst), cutLast = Vector512.Create(range.CutLast), elsewhere = Vector512<ushort>.AllBitsSet;
        for (var word = 0; word < Words(count); word++)
        {
            Vector512<ushort> low = Vector512.Load(hours.At + word * Word), high = Vector512.Load(hours.At + word * Word + 32);
            var inside = Vector512.LessThan(low - first, length).ExtractMostSignificantBits() | Vector512.LessThan(high - first, length).ExtractMostSignificantBits() << 32;
            var unclear = (Vector512.Equals(low, cutFirst) | Vector512.Equals(low, cutLast) | Vector512.Equals(low, elsewhere)).ExtractMostSignificantBits()
                | (Vector512.Equals(high, cutFirst) | Vector512.Equals(high, cutLast) | Vector512.Equals(high, elsewhere)).ExtractMostSignificantBits() << 32;
            inside &= ~unclear;
            for (unclear &= keep[word]; unclear != 0; unclear &= unclear - 1)
            {
                var at = BitOperations.TrailingZeroCount(unclear);
                var time = times.At[word * Word + at];
                if (time >= fromMs && time < toMs) inside |= 1UL << at;
            }

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

    /// <summary>Lists the rows that stay; the list has room for a word more than the rows. Their number is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int List(ulong* keep, int count, int* rows)
    {
        if (Avx512F.IsSupported) return CompactRows(keep, count, null, 0, rows);
        var from = rows;
        for (var word = 0; word < Words(count); word++)
            for (var bits = keep[word]; bits != 0; bits &= bits - 1) *from++ = word * Word + BitOperations.TrailingZeroCount(bits);
        return (int)(from - rows);
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
        var kept = 0;
        for (var at = 0; at < count; at++)
        {
            to.Touchpoints[kept] = from.Touchpoints[at];
            if (to.Times != null) to.Times[kept] = from.Times[at];
            if (to.Hours != null) to.Hours[kept] = from.Hours[at];
            if (to.Rows != null) to.Rows[kept] = from.Rows == null ? from.FirstRow + at : from.Rows[at];
            kept += (int)(keep[at >> 6] >> (at & 63) & 1);
        }
    }

    internal static void CompactWide(ulong* keep, int count, in Columns from, in Columns to)
    {
        CompactCodes(keep, count, from.Touchpoints, to.Touchpoints);
        if (to.Hours != null) CompactCodes(keep, count, from.Hours, to.Hours);
        if (to.Rows != null) CompactRows(keep, count, from.Rows, from.FirstRow, to.Rows);
        if (to.Times != null) CompactTimes(keep, count, from.Times, to.Times);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompactCodes(ulong* keep, int count, ushort* codes, ushort* to)
    {
        var bit = BitOfLane;
        for (var at = 0; at < count; at += 32)
        {
            var some = (uint)(keep[at >> 6] >> (at & 63));
            to = Compress(Vector512.Load(codes + at), some, bit, to);
        }
    }

    /// <summary>Stores those of 32 codes whose bit is set, room for all of them given; returns where the next go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort* Compress(Vector512<ushort> codes, uint some, Vector512<ushort> bitOfLane, ushort* to)
    {
        Avx512Vbmi2.Compress(Vector512<ushort>.Zero, Lanes(some, bitOfLane), codes).Store(to);
        return to + BitOperations.PopCount(some);
    }

    /// <summary>Bits as lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> Lanes(uint some, Vector512<ushort> bitOfLane) =>
        Vector512.Equals(Vector512.Create(Vector256.Create((ushort)some), Vector256.Create((ushort)(some >> 16))) & bitOfLane, bitOfLane);

    /// <summary>The bit of each of 32 lanes among the 16 of its half.</summary>
    public static Vector512<ushort> BitOfLane
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ReadOnlySpan<ushort> bits16 = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
            return Vector512.Create(Vector256.Create(bits16), Vector256.Create(bits16));
        }
    }

    /// <summary>Codes with one in the place of those whose row does not stay. Codes may be read and written up to a word beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Replace(ulong* keep, ushort* codes, int count, ushort by, ushort* to)
    {
        var (bit, other) = (BitOfLane, Vector512.Create(by));
        for (var at = 0; at < count; at += 32)
            Vector512.ConditionalSelect(Lanes((uint)(keep[at >> 6] >> (at & 63)), bit), Vector512.Load(codes + at), other).Store(to + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CompactRows(ulong* keep, int count, int* rows, int firstRow, int* to)
    {
        var bit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768u);
        var counting = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var first = to;
        for (var at = 0; at < count; at += 16)
        {
            var some = (uint)(keep[at >> 6] >> (at & 63)) & 0xFFFF;
            var mask = Vector512.Equals(Vector512.Create(some) & bit, bit).AsInt32();
            var row = rows == null ? counting + Vector512.Create(firstRow + at) : Vector512.Load(rows + at);
            Avx512F.Compress(Vector512<int>.Zero, mask, row).Store(to);
            to += BitOperations.PopCount(some);
        }

        return (int)(to - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompactTimes(ulong* keep, int count, long* times, long* to)
    {
        var bit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128UL);
        for (var at = 0; at < count; at += 8)
        {
            var some = keep[at >> 6] >> (at & 63) & 0xFF;
            var mask = Vector512.Equals(Vector512.Create(some) & bit, bit).AsInt64();
            Avx512F.Compress(Vector512<long>.Zero, mask, Vector512.Load(times + at)).Store(to);
            to += BitOperations.PopCount(some);
        }
    }
}

/// <summary>Columns of some rows. Where the rows' numbers are null they count on from the first; as a target, what is null is not moved.</summary>
internal readonly unsafe struct Columns(ushort* touchpoints, long* times, ushort* hours, int* rows, int firstRow)
{
    public readonly ushort* Touchpoints = touchpoints;
    public readonly long* Times = times;
    public readonly ushort* Hours = hours;
    public readonly int* Rows = rows;
    public readonly int FirstRow = firstRow;
}
