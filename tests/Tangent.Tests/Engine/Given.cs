using System.Text.Json;
using Tangent.Engine;

namespace Tangent.Tests.Engine;

/// <summary>A table in a folder of its own and the model of what it should hold, filled alike.</summary>
internal sealed class Given : IDisposable
{
    public const int Signatures = 14;
    public const int PropertyColumns = 2;
    private readonly Random random;
    private readonly int identities;
    private readonly List<CustomerEvent> withdrawn = [];
    private long position;

    public Given(int seed, int identities = 40)
    {
        random = new Random(seed);
        this.identities = identities;
        // Compactions flush to the disk; where there is one in memory the tests are many times faster.
        Folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "tangent-engine-" + Guid.NewGuid().ToString("N"));
        Table = JourneyTable.Open(Folder, PropertyColumns);
    }

    public string Folder { get; }
    public JourneyTable Table { get; private set; }
    public Model Model { get; } = new();
    public long Position => position;

    /// <summary>How many times longer than usual everything takes; usually all is over in minutes.</summary>
    public long Stretch { get; init; } = 1;

    public void Dispose()
    {
        Table.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Events of random identities; times rise roughly, with ties and late ones.</summary>
    public Given Events(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var late = random.Next(10) == 0 ? random.Next(50_000) : random.Next(40);
            var ms = 1_700_000_000_000 + (position * 100 - late * 100) / 300 * 300 * Stretch;
            var valued = random.Next(4) == 0;
            var e = new JourneyEvent(Skewed(identities), ms, (ushort)Skewed(Signatures), valued ? random.Next(-500, 5000) / 100.0 : 0,
                (byte)(valued ? random.Next(1, 4) : 0), position++);
            ushort[] properties = [(ushort)random.Next(4), (ushort)random.Next(3)];
            Table.Append(e, properties);
            Model.Append(e, properties);
        }

        return this;
    }

    public Given Assign(int identity, int customer)
    {
        Table.Assign(identity, customer);
        Model.Assign(identity, customer);
        return this;
    }

    /// <summary>A merge, a split or an undone merge, of any identities.</summary>
    public Given Move() => Assign(random.Next(identities), random.Next(identities + 5));

    public Given Erase()
    {
        var identity = random.Next(identities);
        withdrawn.RemoveAll(e => e.Event.Identity == identity);
        Table.Erase(identity);
        Model.Erase(identity);
        return this;
    }

    /// <summary>Takes two stretches of the log out.</summary>
    public Given Withdraw()
    {
        (long From, long To)[] ranges = [.. Enumerable.Range(0, 2).Select(_ => random.NextInt64(position + 1)).Select(from => (from, from + random.Next(40)))];
        Table.Withdraw(new PositionRanges(ranges));
        foreach (var (from, to) in ranges) withdrawn.AddRange(Model.Withdraw(from, to));
        return this;
    }

    /// <summary>Says some of what was taken out again.</summary>
    public Given Restore()
    {
        foreach (var e in withdrawn.Where(_ => random.Next(2) == 0).ToList())
        {
            withdrawn.Remove(e);
            Table.Append(e.Event, e.Properties);
            Model.Append(e.Event, e.Properties);
        }

        return this;
    }

    public Given Compact()
    {
        Table.Compact(position);
        return this;
    }

    public Given Reopen()
    {
        Table.Dispose();
        Table = JourneyTable.Open(Folder, PropertyColumns);
        return this;
    }

    public ushort[] Touchpoints(int count = 6)
    {
        var touchpoints = new ushort[Signatures - 1];
        for (var signature = 0; signature < touchpoints.Length; signature++)
            touchpoints[signature] = random.Next(8) == 0 ? Code.None : (ushort)random.Next(count);
        return touchpoints;
    }

    public JourneyFilter Filter()
    {
        var filter = new JourneyFilter();
        if (Model.Events.Count == 0) return filter;
        var latest = Model.Events.Max(e => e.Event.TimestampMs);
        var earliest = Model.Events.Min(e => e.Event.TimestampMs);
        if (random.Next(3) == 0) filter = filter with { FromMs = earliest + (latest - earliest) * random.Next(5) / 10 };
        if (random.Next(3) == 0) filter = filter with { ToMs = latest - (latest - earliest) * random.Next(5) / 10 };
        if (random.Next(3) == 0) filter = filter with { Signatures = [.. Enumerable.Range(0, Signatures).Select(_ => random.Next(3) > 0)] };
        if (random.Next(3) == 0) filter = filter with { Properties = [new PropertyCondition(random.Next(2), [true, random.Next(2) == 0, true])] };
        if (random.Next(3) == 0) filter = filter with { Customers = CustomerBitmap.Of(Enumerable.Range(0, identities).Where(_ => random.Next(2) == 0)) };
        return filter;
    }

    public int Next(int limit) => random.Next(limit);

    public static void ShouldBeSame<T>(T actual, T expected, string because) =>
        JsonSerializer.Serialize(actual).ShouldBe(JsonSerializer.Serialize(expected), because);

    public void TableShouldEqualModel(string because)
    {
        var view = Table.View();
        var journeys = Model.Journeys();
        view.Events.ShouldBe(Model.Events.Count, because);
        for (var customer = 0; customer < identities + 6; customer++)
        {
            var actual = CustomerJourney.Of(view, customer).Events;
            ShouldBeSame(actual, journeys.TryGetValue(customer, out var journey) ? [.. journey] : [], $"{because}, customer {customer}");
        }

        // Through the scan as well, which does not look journeys up.
        var touchpoints = Enumerable.Range(0, Signatures).Select(code => (ushort)code).ToArray();
        var flow = new FlowQuestion { TouchpointOfSignature = touchpoints };
        ShouldBeSame(flow.Ask(view), Oracles.Flow(flow, Model), because);
    }

    // Small numbers are frequent: some customers and touchpoints have most of the events.
    private int Skewed(int limit) => Math.Min(random.Next(limit), random.Next(limit));
}
