using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>Events, customers, first and last time of each touchpoint.</summary>
internal sealed unsafe class VolumesKernel(int touchpoints) : Kernel
{
    private readonly Tally[] tallies = NewTallies(touchpoints);

    public long Events { get; private set; }
    public long Customers { get; private set; }
    public Tally[] Tallies => tallies;
    public override Reads Reads => Reads.Journeys | Reads.Times;

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
        for (var index = 0; index < tallies.Length; index++)
            if (tallies[index] is { Events: > 0 } tally)
                listed.Add(new Volume((ushort)index, tally.Events, tally.Customers, tally.FirstMs, tally.LastMs));
        return [.. listed];
    }

    /// <summary>Counts events and journeys of a batch as a whole.</summary>
    public void Begin(in JourneyBatch batch)
    {
        Events += batch.Events;
        Customers += batch.Runs;
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
        Begin(batch);
        fixed (Tally* all = tallies)
            for (var run = 0; run < batch.Runs; run++)
            {
                var stamp = batch.Customers[run] + 1;
                var to = batch.Starts[run + 1];
                for (var at = batch.Starts[run]; at < to; at++) Count(all + batch.Touchpoints[at], batch.Times[at], stamp);
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
