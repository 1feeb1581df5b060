using System.Collections.Concurrent;

namespace Tangent.Collect;

/// <summary>What decides every byte of a demo company.</summary>
/// <param name="End">First day that is no longer simulated.</param>
internal sealed record DemoRun(int Customers, int Seed, DateOnly End);

/// <summary>Events of one source that are sent together.</summary>
/// <param name="Events">All events of the group of customers.</param>
/// <param name="Order">Which of them, in the order of time.</param>
internal sealed record DemoBatch(DemoSource Source, DemoEvent[] Events, int[] Order, DemoGroup Customers);

/// <summary>Customers whose year is held in memory at the same time.</summary>
internal sealed record DemoGroup(int First, DemoCustomer[] Customers)
{
    public DemoCustomer this[int index] => Customers[index - First];
}

/// <summary>Lives the years of all customers, in parallel, and hands them out as batches in the order of time. The result depends on the run alone, not on the number of processors.</summary>
internal sealed class DemoSimulation(DemoRun run)
{
    private const int GroupSize = 50_000, ChunkSize = 500, BatchSize = 800;

    // A source with few events does not wait for a full batch longer than this.
    private const long BatchSpanMs = 14L * 86_400_000;

    private const int IndexBits = 28;

    private readonly DemoCalendar _calendar = new(run.End);

    private long _customersLived;
    private long _eventsLived;

    /// <summary>Events of the whole run, reckoned from the customers lived so far.</summary>
    public long ExpectedEvents => _customersLived == 0 ? run.Customers * 20L : _eventsLived * run.Customers / _customersLived;

    public DemoCalendar Calendar => _calendar;

    public DemoPlants Plants => field ??= new DemoPlants(_calendar);

    public IEnumerable<DemoBatch> Batches()
    {
        for (var first = 0; first < run.Customers; first += GroupSize)
        {
            var customers = new DemoGroup(first, new DemoCustomer[Math.Min(GroupSize, run.Customers - first)]);
            var events = Live(customers);
            _customersLived += customers.Customers.Length;
            _eventsLived += events.Length;
            foreach (var batch in Cut(events, InOrderOfTime(events), customers)) yield return batch;
        }
    }

    private DemoEvent[] Live(DemoGroup group)
    {
        var chunks = new DemoEvent[(group.Customers.Length + ChunkSize - 1) / ChunkSize][];
        var workers = new ConcurrentBag<(DemoJourney Journey, List<DemoEvent> Events)>();
        var plants = Plants;
        Parallel.For(0, chunks.Length, chunk =>
        {
            if (!workers.TryTake(out var worker)) worker = (new DemoJourney(_calendar, plants, run.Seed), []);
            worker.Events.Clear();
            for (var i = chunk * ChunkSize; i < Math.Min(group.Customers.Length, (chunk + 1) * ChunkSize); i++)
                worker.Journey.Live(group.Customers[i] = new DemoCustomer(run.Seed, group.First + i), worker.Events);
            chunks[chunk] = [.. worker.Events];
            workers.Add(worker);
        });

        var all = new DemoEvent[chunks.Sum(c => c.Length)];
        var at = 0;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(all, at);
            at += chunk.Length;
        }

        return all;
    }

    // Time and index in one number: sorting plain numbers is several times faster than comparing events.
    private ulong[] InOrderOfTime(DemoEvent[] events)
    {
        if (events.Length >= 1 << IndexBits) throw new InvalidOperationException("Too many events in one group of customers.");
        var keys = new ulong[events.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = ((ulong)Math.Max(0, events[i].TimeMs - _calendar.StartMs) << IndexBits) | (uint)i;
        Array.Sort(keys);
        return keys;
    }

    private static IEnumerable<DemoBatch> Cut(DemoEvent[] events, ulong[] keys, DemoGroup customers)
    {
        var open = new List<int>[DemoCatalogue.Sources.Length];
        for (var source = 0; source < open.Length; source++) open[source] = new List<int>(BatchSize);
        foreach (var key in keys)
        {
            var index = (int)(key & ((1 << IndexBits) - 1));
            var source = DemoCatalogue.Shapes[(int)events[index].Kind].Source;
            var batch = open[(int)source];
            if (batch.Count == BatchSize || (batch.Count > 0 && events[index].TimeMs - events[batch[0]].TimeMs > BatchSpanMs))
            {
                yield return new DemoBatch(source, events, [.. batch], customers);
                batch.Clear();
            }

            batch.Add(index);
        }

        for (var source = 0; source < open.Length; source++)
            if (open[source].Count > 0) yield return new DemoBatch((DemoSource)source, events, [.. open[source]], customers);
    }
}
