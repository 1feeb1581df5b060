using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Events, customers, first and last time of each touchpoint.</summary>
internal sealed unsafe class VolumesKernel(int touchpoints) : Kernel
{
    // One more than there are touchpoints: of events that do not stay.
    private readonly Tally[] tallies = NewTallies(touchpoints + 1);
    private ushort[] replaced = [];

    public long Events { get; private set; }
    public long Customers { get; private set; }
    public Tally[] Tallies => tallies;
    public override Reads Reads => Reads.Journeys | Reads.Times | Reads.UnmovedWhereMost;

    public static VolumesKernel Sum(List<VolumesKernel> kernels)
    {
        var sum = kernels[0];
        foreach (var other in kernels.Skip(1))
        {
            sum.Events += other.Events;
            sum.Customers += other.Customers;
            for (var index = 0; index < sum.tallies.Length; index++)
            {
                ref var tally = ref sum.tallies[index];
                ref var more = ref other.tallies[index];
                tally.Events += more.Events;
                tally.Customers += more.Customers;
                tally.FirstMs = Math.Min(tally.FirstMs, more.FirstMs);
                tally.LastMs = Math.Max(tally.LastMs, more.LastMs);
            }
        }

        return sum;
    }

    public Volume[] Listed()
    {
        var listed = new List<Volume>();
        for (var index = 0; index < touchpoints; index++)
            if (tallies[index] is { Events: > 0 } tally)
                listed.Add(new Volume((ushort)index, tally.Events, tally.Customers, tally.FirstMs, tally.LastMs));
        return [.. listed];
    }

    /// <summary>Counts events and journeys of a batch as a whole; returns the touchpoints, one behind the last for events that do not stay.</summary>
    public ushort* Begin(in JourneyBatch batch)
    {
        Customers += batch.Runs - batch.RunsWithoutEvents();
        Events += batch.Staying == null ? batch.Events : batch.Kept.Before(batch.Events);
        if (batch.Staying == null) return batch.Touchpoints;
        if (replaced.Length < batch.Events + Selection.Word) replaced = Pinned.New<ushort>(Math.Max(batch.Events, Segment.RowsPerBlock * 2) + Selection.Word);
        var codes = Pinned.At(replaced);
        Selection.Replace(batch.Staying, batch.Touchpoints, batch.Events, (ushort)touchpoints, codes);
        return codes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Count(Tally* tally, long time, int stamp)
    {
        tally->Events++;
        tally->Customers += tally->LastCustomer != stamp ? 1 : 0;
        tally->LastCustomer = stamp;
        if (time < tally->FirstMs) tally->FirstMs = time;
        if (time > tally->LastMs) tally->LastMs = time;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(in JourneyBatch batch)
    {
        var (codes, times) = (new Ptr<ushort>(Begin(batch)), new Ptr<long>(batch.Times));
        fixed (Tally* all = tallies)
            for (var run = 0; run < batch.Runs; run++)
            {
                var stamp = batch.Customers[run] + 1;
                var to = batch.Starts[run + 1];
                for (var at = batch.Starts[run]; at < to; at++) Count(all + codes.At[at], times.At[at], stamp);
            }
    }

    private static Tally[] NewTallies(int count)
    {
        var tallies = new Tally[Math.Max(1, count)];
        tallies.AsSpan().Fill(new Tally { FirstMs = long.MaxValue, LastMs = long.MinValue });
        return tallies;
    }

    internal struct Tally
    {
        public long Events;
        public long Customers;
        public long FirstMs;
        public long LastMs;
        public int LastCustomer;
    }
}
