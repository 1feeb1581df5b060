using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>First pass: counts short sequences, and notes which hashes of long ones come again.</summary>
internal sealed unsafe class VariantsKernel(int touchpoints, SeenHashes seen, ulong hashMask) : Kernel
{
    // Sequences are looked up anywhere in large tables: their places are called for while others are counted.
    private const int Ahead = 12;

    private readonly ShortVariantCounts shorts = new(touchpoints);
    private ulong[] keys = new ulong[1024];

    public ShortVariantCounts Shorts => shorts;

    public SeenHashes Seen => seen;

    public long Customers { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (runs, starts, codes, most) = (batch.Runs, new Ptr<int>(batch.Starts), new Ptr<ushort>(batch.Touchpoints), shorts.MostEvents);
        Customers += runs;
        if (keys.Length < runs) keys = new ulong[runs * 2];
        var packed = keys;
        var count = 0;
        for (var run = 0; run < runs; run++)
        {
            int from = starts.At[run], length = starts.At[run + 1] - from;
            if (length > most) seen.Add(VariantTable.HashOf(codes.At + from, length) & hashMask);
            else packed[count++] = shorts.KeyOf(codes.At + from, length);
        }

        for (var at = 0; at < count; at++)
        {
            if (at + Ahead < count) shorts.Prefetch(packed[at + Ahead]);
            shorts.Count(packed[at]);
        }
    }
}

/// <summary>Second pass: long sequences. One that came once is only counted; the others are kept and compared.</summary>
internal sealed unsafe class LongVariantsKernel : Kernel
{
    /// <summary>Sequences are spread over so many tables by hash, so that the threads' tables can be added up side by side.</summary>
    public const int Parts = 1 << PartBits;
    private const int PartBits = 4;

    private readonly int longerThan;
    private readonly SeenHashes seen;
    private readonly ulong hashMask;

    public LongVariantsKernel(int longerThan, SeenHashes seen, ulong hashMask)
    {
        (this.longerThan, this.seen, this.hashMask) = (longerThan, seen, hashMask);
        for (var part = 0; part < Parts; part++) Tables[part] = new VariantTable(hashMask);
    }

    public VariantTable[] Tables { get; } = new VariantTable[Parts];

    /// <summary>Customers whose sequence nobody else follows, as far as they are not in the tables.</summary>
    public long Alone { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], length = batch.Starts[run + 1] - from;
            if (length <= longerThan) continue;
            var hash = VariantTable.HashOf(batch.Touchpoints + from, length) & hashMask;
            if (seen.MayRepeat(hash)) Tables[hash >> (64 - PartBits)].Count(new ReadOnlySpan<ushort>(batch.Touchpoints + from, length), hash, 1);
            else Alone++;
        }
    }
}

/// <summary>
/// The durations of some variants, from all threads into one array. Repeats are collapsed here, because a journey lasts to its last event,
/// which may be one of them.
/// </summary>
/// <param name="longest">Longer sequences are none of them.</param>
internal sealed unsafe class VariantDurationsKernel(bool collapse, VariantTable wanted, int longest, long[] next, long[] durations) : Kernel
{
    // Hashing reads three codes beyond the end.
    private readonly ushort[] collapsed = new ushort[longest + 4];

    public override void Visit(in JourneyBatch batch)
    {
        fixed (ushort* buffer = collapsed)
            for (var run = 0; run < batch.Runs; run++)
            {
                int from = batch.Starts[run], to = batch.Starts[run + 1];
                var (codes, length) = (new Ptr<ushort>(batch.Touchpoints + from), to - from);
                if (collapse) (codes, length) = (new Ptr<ushort>(buffer), Collapse(codes.At, length, buffer));
                if (length > longest) continue;
                var variant = wanted.Find(new ReadOnlySpan<ushort>(codes.At, length), VariantTable.HashOf(codes.At, length));
                if (variant >= 0) durations[Interlocked.Increment(ref next[variant]) - 1] = batch.Times[to - 1] - batch.Times[from];
            }
    }

    // One more than the longest where there are more.
    private int Collapse(ushort* codes, int length, ushort* to)
    {
        int count = 0, last = -1;
        for (var at = 0; at < length && count <= longest; at++)
        {
            to[count] = codes[at];
            count += codes[at] != last ? 1 : 0;
            last = codes[at];
        }

        return count;
    }
}

internal sealed unsafe class VariantCustomersKernel(ushort[] wanted) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], length = batch.Starts[run + 1] - from;
            if (length == wanted.Length && new ReadOnlySpan<ushort>(batch.Touchpoints + from, length).SequenceEqual(wanted)) Found(batch.Customers[run]);
        }
    }
}
