namespace Tangent.Engine;

/// <summary>A rework question made ready.</summary>
internal sealed class ReworkPlan
{
    public ReworkPlan(int touchpoints, ushort[]? from, ushort[]? to)
    {
        if (from is null != to is null) throw new ArgumentException("Throughput is taken between two touchpoints.");
        Touchpoints = Math.Max(1, touchpoints);
        (IsFrom, IsTo) = (Flags(from), Flags(to));
    }

    public int Touchpoints { get; }
    public bool[]? IsFrom { get; }
    public bool[]? IsTo { get; }

    /// <summary>Time from the first start to the first end after it; −1 where there is none.</summary>
    public unsafe long Between(in JourneyBatch batch, int first, int end)
    {
        var at = first;
        while (at < end && !IsFrom![batch.Touchpoints[at]]) at++;
        if (at == end) return -1;
        var since = batch.Times[at];
        for (at++; at < end; at++)
            if (IsTo![batch.Touchpoints[at]]) return batch.Times[at] - since;
        return -1;
    }

    private static bool[]? Flags(ushort[]? touchpoints)
    {
        if (touchpoints is null) return null;
        var flags = new bool[Code.Count];
        foreach (var touchpoint in touchpoints) flags[touchpoint] = true;
        return flags;
    }
}

/// <summary>Counts repeats and loops and takes the times of journeys.</summary>
internal sealed unsafe class ReworkKernel(ReworkPlan plan) : Kernel
{
    private readonly Tally[] tallies = new Tally[plan.Touchpoints];
    private readonly KeyTable loopIds = new();
    private GrowingList<LoopTally> loops;
    private GrowingList<long> times;
    private GrowingList<long> between;

    public delegate ReadOnlySpan<long> TimesOf(ReworkKernel kernel);

    public long Customers { get; private set; }

    public ReadOnlySpan<long> Times => times.Items;

    public ReadOnlySpan<long> Between => between.Items;

    public static Repeats Sum(List<ReworkKernel> kernels, int touchpoint)
    {
        long events = 0, customers = 0, repeating = 0, atOnce = 0, atOnceCustomers = 0;
        foreach (var kernel in kernels)
        {
            ref var tally = ref kernel.tallies[touchpoint];
            events += tally.Events;
            customers += tally.Customers;
            repeating += tally.Repeating;
            atOnce += tally.AtOnce;
            atOnceCustomers += tally.AtOnceCustomers;
        }

        return new Repeats((ushort)touchpoint, events, customers, repeating, atOnce, atOnceCustomers);
    }

    public static Loop[] LoopsOf(List<ReworkKernel> kernels, int touchpoints)
    {
        var sums = new Dictionary<long, (long Count, long Customers)>();
        foreach (var kernel in kernels)
            for (var id = 0; id < kernel.loops.Count; id++)
            {
                var (count, customers) = sums.GetValueOrDefault(kernel.loopIds.KeyOf(id));
                sums[kernel.loopIds.KeyOf(id)] = (count + kernel.loops.Items[id].Count, customers + kernel.loops.Items[id].Customers);
            }

        var all = sums.Select(sum => new Loop((ushort)(sum.Key / touchpoints), (ushort)(sum.Key % touchpoints), sum.Value.Count, sum.Value.Customers)).ToArray();
        Array.Sort(all, (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count)
            : a.Touchpoint != b.Touchpoint ? a.Touchpoint.CompareTo(b.Touchpoint) : a.Over.CompareTo(b.Over));
        return all;
    }

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], to = batch.Starts[run + 1];
            times.Add(batch.Times[to - 1] - batch.Times[from]);
            if (plan.IsFrom is not null && plan.Between(batch, from, to) is var time and >= 0) between.Add(time);
            Count(batch.Touchpoints, from, to, batch.Customers[run] + 1);
        }
    }

    private void Count(ushort* touchpoints, int from, int to, int stamp)
    {
        for (var at = from; at < to; at++)
        {
            int here = touchpoints[at];
            ref var tally = ref tallies[here];
            tally.Events++;
            if (tally.LastCustomer != stamp)
            {
                tally.LastCustomer = stamp;
                tally.Customers++;
            }
            else if (tally.LastRepeating != stamp)
            {
                tally.LastRepeating = stamp;
                tally.Repeating++;
            }

            if (at == from) continue;
            int before = touchpoints[at - 1];
            if (before == here)
            {
                tally.AtOnce++;
                tally.AtOnceCustomers += tally.LastAtOnce != stamp ? 1 : 0;
                tally.LastAtOnce = stamp;
            }
            else if (at > from + 1 && touchpoints[at - 2] == here) Loop((long)here * plan.Touchpoints + before, stamp);
        }
    }

    private void Loop(long key, int stamp)
    {
        var id = loopIds.Of(key);
        if (id == loops.Count) loops.Add(default);
        ref var loop = ref loops.Items[id];
        loop.Count++;
        loop.Customers += loop.LastCustomer != stamp ? 1 : 0;
        loop.LastCustomer = stamp;
    }

    private struct Tally
    {
        public long Events;
        public long AtOnce;
        public int Customers;
        public int Repeating;
        public int AtOnceCustomers;
        public int LastCustomer;
        public int LastRepeating;
        public int LastAtOnce;
    }

    private struct LoopTally
    {
        public long Count;
        public int Customers;
        public int LastCustomer;
    }
}
