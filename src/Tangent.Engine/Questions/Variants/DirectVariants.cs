using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

/// <summary>How many customers follow each of the shortest sequences, in one array over all that are possible: most journeys are short.</summary>
internal sealed unsafe class DirectVariants
{
    /// <summary>More counts would leave the second-level cache.</summary>
    private const int MostCounts = 1 << 17;
    private const int LongestSequence = 3;

    private readonly uint[] counts;
    private readonly uint[] units = new uint[LongestSequence];
    private int[] longer = new int[1024];

    /// <param name="touchpoints">Codes are below this.</param>
    public DirectVariants(int touchpoints)
    {
        // A digit for each place: one more than the code, 0 behind the end.
        Digits = touchpoints + 1;
        var size = 1L;
        while (MostEvents < LongestSequence && size * Digits <= MostCounts)
        {
            size *= Digits;
            MostEvents++;
        }

        var unit = size;
        for (var place = 0; place < MostEvents; place++) units[place] = (uint)(unit /= Digits);
        counts = new uint[size];
    }

    /// <summary>Sequences up to this length are counted here.</summary>
    public int MostEvents { get; }

    /// <summary>Different sequences.</summary>
    public long Distinct => counts.Length - 1L - counts.AsSpan(1).Count(0u);

    private int Digits { get; }

    /// <summary>Counts the short journeys of a batch; the runs of the others are returned. Up to three codes beyond the last event are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<int> Count(in JourneyBatch batch)
    {
        if (longer.Length < batch.Runs) longer = new int[batch.Runs * 2];
        var (codes, starts, runs, most) = (new Ptr<ushort>(batch.Touchpoints), new Ptr<int>(batch.Starts), batch.Runs, MostEvents);
        ulong first = units[0], second = units[1], third = units[2];
        var count = 0;
        fixed (uint* all = counts)
        fixed (int* others = longer)
            for (var run = 0; run < runs; run++)
            {
                int from = starts.At[run], length = starts.At[run + 1] - from;
                // Nothing branches on the length, which cannot be foreseen: what is too long counts at 0, where no sequence is.
                var tooLong = length > most ? 1 : 0;
                others[count] = run;
                count += tooLong;
                var digits = (*(ulong*)(codes.At + from) + 0x0001_0001_0001_0001) & ((1UL << (16 * length)) - 1);
                var number = (digits & 0xFFFF) * first + (digits >> 16 & 0xFFFF) * second + (digits >> 32 & 0xFFFF) * third;
                all[number & (ulong)(tooLong - 1L)]++;
            }

        return longer.AsSpan(0, count);
    }

    public void Add(DirectVariants other)
    {
        for (var at = 0; at < counts.Length; at++) counts[at] += other.counts[at];
    }

    /// <summary>The most frequent sequences, in order.</summary>
    public List<(ushort[] Touchpoints, long Customers)> Top(int limit)
    {
        var top = new List<(ushort[] Touchpoints, long Customers)>();
        if (limit == 0) return top;
        var found = new List<long>();
        for (var number = 1; number < counts.Length; number++)
            if (counts[number] > 0) found.Add(counts[number]);
        var least = found.Count <= limit ? 1 : Quantile.Select(found.ToArray(), found.Count - limit);
        for (var number = 1; number < counts.Length; number++)
            if (counts[number] >= least) VariantTable.AddBounded(top, (SequenceOf((uint)number), counts[number]), limit);
        top.Sort(VariantTable.MostFrequentFirst);
        if (top.Count > limit) top.RemoveRange(limit, top.Count - limit);
        return top;
    }

    private ushort[] SequenceOf(uint number)
    {
        var codes = new List<ushort>(LongestSequence);
        for (var place = 0; place < MostEvents && number / units[place] % (uint)Digits is > 0 and var digit; place++) codes.Add((ushort)(digit - 1));
        return [.. codes];
    }
}
