namespace Tangent.Engine;

/// <summary>How often each touchpoint is reached, what comes before it, and which values properties have there.</summary>
internal sealed unsafe class ExperiencesKernel(DriversPlan plan) : Kernel
{
    // What lies longer ago is not waited for.
    private const long MostMs = 30L * 24 * 60 * 60 * 1000;

    private readonly LastTimes last = new(plan.Touchpoints);

    public long Outcomes { get; private set; }
    public long[] Events { get; } = new long[plan.Touchpoints];

    /// <summary>By touchpoint and what came before it: in how many cases, and how long before altogether.</summary>
    public long[] Before { get; } = new long[plan.Touchpoints * plan.Touchpoints];
    public double[] BeforeMs { get; } = new double[plan.Touchpoints * plan.Touchpoints];

    /// <summary>By column: events by touchpoint and value.</summary>
    public long[][] Values { get; } = [.. plan.Columns.Select(c => new long[plan.Touchpoints * c.Values])];

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            last.Clear();
            for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
            {
                if (plan.IsAt(batch, at)) Outcomes++;
                if (!plan.IsExperience(batch, at)) continue;
                var touchpoint = plan.TouchpointOf(batch, at);
                Events[touchpoint]++;
                foreach (var before in last.Seen)
                {
                    var waited = batch.Times[at] - last.Of(before);
                    if (waited > MostMs) continue;
                    Before[touchpoint * plan.Touchpoints + before]++;
                    BeforeMs[touchpoint * plan.Touchpoints + before] += waited;
                }

                last.Set(touchpoint, batch.Times[at]);
                var row = batch.Row(at);
                for (var column = 0; column < plan.Columns.Count; column++)
                {
                    var (values, code) = (plan.Columns[column].Values, batch.Segment.Property(plan.Columns[column].Column)[row]);
                    if (code < values) Values[column][touchpoint * values + code]++;
                }
            }
        }
    }
}

/// <summary>How long customers waited at each touchpoint where something nearly always comes before.</summary>
internal sealed unsafe class WaitsKernel(DriversPlan plan) : Kernel
{
    private readonly LastTimes last = new(plan.Touchpoints);
    private readonly GrowingList<long>[] waits = new GrowingList<long>[plan.Touchpoints];

    public long[] Of(int touchpoint) => waits[touchpoint].Items.ToArray();

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            last.Clear();
            for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
            {
                if (!plan.IsExperience(batch, at)) continue;
                var touchpoint = plan.TouchpointOf(batch, at);
                if (plan.Since[touchpoint] is var since && since != Code.None && last.Has(since)) waits[touchpoint].Add(batch.Times[at] - last.Of(since));
                last.Set(touchpoint, batch.Times[at]);
            }
        }
    }
}

/// <summary>Gathers the experiences before each outcome of a journey.</summary>
internal sealed unsafe class LivedThrough(DriversPlan plan)
{
    private readonly LastTimes last = new(plan.Touchpoints);
    private readonly int[] seenIn = new int[plan.Experiences.Length];
    private bool[] isLate = [];
    private GrowingList<ushort> found;
    private int turn, lateOf = -1;

    /// <summary>Forgets the journey before; to be called for each.</summary>
    public void Begin() => lateOf = -1;

    /// <summary>The experiences up to an outcome's event, each once.</summary>
    public ReadOnlySpan<ushort> Before(in JourneyBatch batch, int first, int end, int at)
    {
        if (lateOf < 0) MarkLate(batch, first, end);
        turn++;
        found.Clear();
        var to = plan.EndOfExperiences(at);
        var from = to;
        while (from > first && batch.Times[from - 1] >= batch.Times[at] - plan.WindowMs) from--;
        for (; from < to; from++)
        {
            if (!plan.IsExperience(batch, from)) continue;
            var touchpoint = plan.TouchpointOf(batch, from);
            if (!Add(plan.Reached(touchpoint))) Add(plan.Again(touchpoint));
            if (isLate[from - first]) Add(plan.Late(touchpoint));
            var row = batch.Row(from);
            for (var column = 0; column < plan.Columns.Count; column++) Add(plan.With(column, touchpoint, batch.Segment.Property(plan.Columns[column].Column)[row]));
        }

        return found.Items;
    }

    private void MarkLate(in JourneyBatch batch, int first, int end)
    {
        lateOf = first;
        if (isLate.Length < end - first) isLate = new bool[Math.Max(1024, (end - first) * 2)];
        last.Clear();
        for (var at = first; at < end; at++)
        {
            isLate[at - first] = false;
            if (!plan.IsExperience(batch, at)) continue;
            var touchpoint = plan.TouchpointOf(batch, at);
            var since = plan.Since[touchpoint];
            isLate[at - first] = since != Code.None && last.Has(since) && batch.Times[at] - last.Of(since) > plan.BeyondMs[touchpoint];
            last.Set(touchpoint, batch.Times[at]);
        }
    }

    // False where it was there before, so that the second time is told from the first.
    private bool Add(int experience)
    {
        if (experience < 0) return true;
        if (seenIn[experience] == turn) return false;
        seenIn[experience] = turn;
        found.Add((ushort)experience);
        return true;
    }
}

internal readonly record struct DriversRow(int Customer, long AtMs, double Outcome, int First, int Count);

/// <summary>Makes the rows.</summary>
internal sealed unsafe class DriversKernel(DriversPlan plan) : Kernel
{
    private readonly LivedThrough lived = new(plan);
    private GrowingList<DriversRow> rows;
    private GrowingList<ushort> experiences;

    public long Customers { get; private set; }
    public long Open { get; private set; }
    public GrowingList<DriversRow> Rows => rows;
    public GrowingList<ushort> Experiences => experiences;

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!plan.Takes(batch.Customers[run])) continue;
            int first = batch.Starts[run], end = batch.Starts[run + 1];
            lived.Begin();
            for (var at = first; at < end; at++)
            {
                if (plan.OutcomeOf(batch, at, end) is not { } outcome) continue;
                if (double.IsNaN(outcome))
                {
                    Open++;
                    continue;
                }

                var before = lived.Before(batch, first, end, at);
                rows.Add(new DriversRow(batch.Customers[run], batch.Times[at], outcome, experiences.Count, before.Length));
                foreach (var experience in before) experiences.Add(experience);
            }
        }
    }
}

internal sealed unsafe class DriversCustomersKernel(DriversPlan plan, int wanted, bool had) : CustomersKernel
{
    private readonly LivedThrough lived = new(plan);

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!plan.Takes(batch.Customers[run])) continue;
            int first = batch.Starts[run], end = batch.Starts[run + 1];
            lived.Begin();
            for (var at = first; at < end; at++)
            {
                if (plan.OutcomeOf(batch, at, end) is not { } outcome || double.IsNaN(outcome)) continue;
                if (wanted >= 0 && lived.Before(batch, first, end, at).Contains((ushort)wanted) != had) continue;
                Found(batch.Customers[run]);
                break;
            }
        }
    }
}

/// <summary>When a customer was last at each touchpoint; forgetting costs only what was there.</summary>
internal sealed class LastTimes(int touchpoints)
{
    private readonly long[] times = new long[touchpoints];
    private readonly bool[] has = new bool[touchpoints];
    private readonly ushort[] seen = new ushort[touchpoints];
    private int count;

    public ReadOnlySpan<ushort> Seen => seen.AsSpan(0, count);

    public bool Has(ushort touchpoint) => has[touchpoint];

    public long Of(ushort touchpoint) => times[touchpoint];

    public void Set(ushort touchpoint, long ms)
    {
        if (!has[touchpoint]) seen[count++] = touchpoint;
        (has[touchpoint], times[touchpoint]) = (true, ms);
    }

    public void Clear()
    {
        foreach (var touchpoint in Seen) has[touchpoint] = false;
        count = 0;
    }
}
