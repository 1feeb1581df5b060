using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>First pass where the number of different sequences is wanted: counts short ones, and notes which hashes of long ones come again.</summary>
internal sealed unsafe class VariantsKernel(int touchpoints, SeenHashes seen, ulong hashMask) : Kernel
{
    // Sequences are looked up anywhere in large tables: their places are called for while others are counted.
    private const int Ahead = 12;

    private readonly ShortVariantCounts shorts = new(touchpoints);
    private ulong[] keys = new ulong[1024];

    public override Reads Reads => Reads.Journeys;

    public DirectVariants Directs { get; } = new(touchpoints);

    public ShortVariantCounts Shorts => shorts;

    public SeenHashes Seen => seen;

    public long Customers { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (starts, codes, most) = (new Ptr<int>(batch.Starts), new Ptr<ushort>(batch.Touchpoints), shorts.MostEvents);
        Customers += batch.Runs;
        if (keys.Length < batch.Runs) keys = new ulong[batch.Runs * 2];
        var packed = keys;
        var count = 0;
        foreach (var run in Directs.Count(batch))
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

/// <summary>
/// First pass where only the most frequent sequences are wanted: the shortest are counted, the others by their hash in few places that many share.
/// A sequence is at most as frequent as its place.
/// </summary>
internal sealed unsafe class VariantPlacesKernel(int touchpoints, ulong hashMask) : Kernel
{
    private const int PlaceBits = 16;

    private readonly uint[] places = new uint[1 << PlaceBits];

    public override Reads Reads => Reads.Journeys;

    public DirectVariants Directs { get; } = new(touchpoints);

    public long Customers { get; private set; }

    public void Add(VariantPlacesKernel other)
    {
        Customers += other.Customers;
        Directs.Add(other.Directs);
        for (var place = 0; place < places.Length; place++) places[place] += other.places[place];
    }

    /// <summary>The places where a sequence as frequent as this may be; null where there is none.</summary>
    public HashPlaces? AtLeast(long customers)
    {
        HashPlaces? found = null;
        for (var place = 0; place < places.Length; place++)
            if (places[place] >= customers) (found ??= new HashPlaces(PlaceBits)).Add((ulong)place << (64 - PlaceBits));
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (starts, codes, all, mask) = (new Ptr<int>(batch.Starts), new Ptr<ushort>(batch.Touchpoints), places, hashMask);
        Customers += batch.Runs;
        foreach (var run in Directs.Count(batch))
        {
            var from = starts.At[run];
            all[(VariantTable.HashOf(codes.At + from, starts.At[run + 1] - from) & mask) >> (64 - PlaceBits)]++;
        }
    }
}

/// <summary>Second pass: long sequences. Those at wanted places are kept and compared, the others only counted.</summary>
internal sealed unsafe class LongVariantsKernel : Kernel
{
    /// <summary>Sequences are spread over so many tables by hash, so that the threads' tables can be added up side by side.</summary>
    public const int Parts = 1 << PartBits;
    private const int PartBits = 4;

    private readonly int longerThan;
    private readonly HashPlaces wanted;
    private readonly ulong hashMask;

    public LongVariantsKernel(int longerThan, HashPlaces wanted, ulong hashMask)
    {
        (this.longerThan, this.wanted, this.hashMask) = (longerThan, wanted, hashMask);
        for (var part = 0; part < Parts; part++) Tables[part] = new VariantTable(hashMask);
    }

    public override Reads Reads => Reads.Journeys;

    public VariantTable[] Tables { get; } = new VariantTable[Parts];

    /// <summary>Customers whose sequence is at no wanted place.</summary>
    public long Others { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], length = batch.Starts[run + 1] - from;
            if (length <= longerThan) continue;
            var hash = VariantTable.HashOf(batch.Touchpoints + from, length) & hashMask;
            if (wanted.Has(hash)) Tables[hash >> (64 - PartBits)].Count(new ReadOnlySpan<ushort>(batch.Touchpoints + from, length), hash, 1);
            else Others++;
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

    public override Reads Reads => Reads.Journeys | Reads.Times;

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
    public override Reads Reads => Reads.Journeys;

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], length = batch.Starts[run + 1] - from;
            if (length == wanted.Length && new ReadOnlySpan<ushort>(batch.Touchpoints + from, length).SequenceEqual(wanted)) Found(batch.Customers[run]);
        }
    }
}
