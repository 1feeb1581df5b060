using System.Runtime.CompilerServices;

namespace Tangent.Engine;

internal sealed unsafe class VariantsKernel(int touchpoints, ulong hashMask) : Kernel
{
    // Sequences are looked up anywhere in large tables: their places are called for while others are counted.
    private const int Ahead = 12;

    private ulong[] keys = new ulong[1024];

    public VariantCounts Counts { get; } = new(touchpoints, hashMask);

    public long Customers { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (runs, starts, codes, counts) = (batch.Runs, new Ptr<int>(batch.Starts), new Ptr<ushort>(batch.Touchpoints), Counts);
        Customers += runs;
        if (keys.Length < runs) keys = new ulong[runs * 2];
        var all = keys;
        for (var run = 0; run < runs; run++) all[run] = counts.KeyOf(codes.At + starts.At[run], starts.At[run + 1] - starts.At[run]);
        for (var run = 0; run < runs; run++)
        {
            if (run + Ahead < runs) counts.Prefetch(all[run + Ahead], starts.At[run + Ahead + 1] - starts.At[run + Ahead]);
            counts.Count(all[run], codes.At + starts.At[run], starts.At[run + 1] - starts.At[run]);
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
