using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Bins from one on, so many.</summary>
internal readonly record struct FlowBins(uint First, uint Width)
{
    public static FlowBins All { get; } = new(0, DurationBins.Count);

    /// <summary>The slots of the times of these bins.</summary>
    public FlowSlots Slots
    {
        get
        {
            var first = DurationBins.LeastMs((int)First);
            var last = First + Width >= DurationBins.Count ? JourneyEvent.LatestMs - JourneyEvent.EarliestMs : DurationBins.LeastMs((int)(First + Width));
            return new FlowSlots(first, Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)Math.Max(1, last - first)) - FlowSlots.Bits));
        }
    }

    /// <summary>
    /// Where the median of all times will lie, given a sample's: as far around the sample's median as chance takes it in all but one of
    /// 100,000 cases, were the times independent of each other. They are not, as a sample is whole blocks of customers: more medians are missed.
    /// Whether one is, is looked at afterwards.
    /// </summary>
    public static FlowBins Around(ReadOnlySpan<uint> sample)
    {
        const double Deviations = 4.5;
        long count = 0;
        foreach (var bin in sample) count += bin;
        if (count == 0) return All;
        var margin = (long)(Deviations / 2 * Math.Sqrt(count)) + 1;
        long low = (count - 1) / 2 - margin, high = count / 2 + margin;
        if (low < 0 || high >= count) return All;
        var first = BinOf(sample, low);
        return new FlowBins(first, BinOf(sample, high) - first + 1);
    }

    /// <summary>Where the median lies, given all times.</summary>
    public static FlowBins Of(ReadOnlySpan<uint> all)
    {
        long count = 0;
        foreach (var bin in all) count += bin;
        if (count == 0) return All;
        var first = BinOf(all, (count - 1) / 2);
        return new FlowBins(first, BinOf(all, count / 2) - first + 1);
    }

    private static uint BinOf(ReadOnlySpan<uint> histogram, long rank)
    {
        var bin = 0;
        for (long upTo = histogram[0]; upTo <= rank;) upTo += histogram[++bin];
        return (uint)bin;
    }
}

/// <summary>Cuts the times collected of an edge into slots of equal width.</summary>
internal readonly struct FlowSlots(long firstMs, int shift)
{
    public const int Bits = 6;
    public const int Count = 1 << Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long ms) => (int)((ms - firstMs) >> shift);
}
