using System.Diagnostics;
using System.Globalization;
using Tangent.Engine;

namespace Tangent.Bench;

/// <summary>Times the load of a table and every question asked of it.</summary>
internal static class QuestionsBench
{
    private static readonly ushort[] Touchpoints = Generator.TouchpointOfSignature;
    private const long WeekMs = 7 * Generator.DayMs;

    public static void Run(int events, int seed, int runs, string? only)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"tangent-bench-{Environment.ProcessId}");
        try
        {
            using var table = JourneyTable.Open(folder, 1);
            Load(table, events, seed);
            Ask(table.View(), runs, only);
            if (only is not null) return;
            Reopen(folder, runs);
            Refresh(table, seed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Load(JourneyTable table, int count, int seed)
    {
        var processor = Environment.CpuUsage.TotalTime;
        void Print(string name, TimeSpan time)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-32} {time.TotalMilliseconds,8:F0} ms   processors {(Environment.CpuUsage.TotalTime - processor).TotalMilliseconds,8:F0} ms"));
            processor = Environment.CpuUsage.TotalTime;
        }

        var watch = Stopwatch.StartNew();
        var (events, merges) = new Generator(seed).Make(count);
        Print("generate", watch.Elapsed);
        watch.Restart();
        Span<ushort> property = stackalloc ushort[1];
        foreach (ref var e in events.AsSpan())
        {
            property[0] = (ushort)(e.Identity % 7);
            table.Append(e, property);
        }

        foreach (var (identity, customer) in merges) table.Assign(identity, customer);
        Print("append", watch.Elapsed);
        watch.Restart();
        var view = table.View();
        Print("first view", watch.Elapsed);
        watch.Restart();
        table.Compact(count);
        Print("compact", watch.Elapsed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{view.Events:N0} events, {view.Customers - merges.Count:N0} customers"));
    }

    private static void Ask(JourneyView view, int runs, string? only)
    {
        var days = Enumerable.Range(0, Generator.Days + 1).Select(day => Generator.StartMs + day * Generator.DayMs).ToArray();
        var rates = new double[256];
        rates[1] = 1;
        var filter = new JourneyFilter
        {
            FromMs = Generator.StartMs + 30 * Generator.DayMs,
            Signatures = [.. Generator.ChannelOfSignature.Select(channel => channel != 3)],
        };
        var half = new CustomerBitmap(view.Customers);
        for (var customer = 0; customer < view.Customers; customer += 2) half.Add(customer);
        var funnel = new FunnelQuestion { TouchpointOfSignature = Touchpoints, Steps = [[0], [1], [2], [3], [Generator.Purchase]], WindowMs = WeekMs };
        var rules = new RuleFunnelQuestion
        {
            TouchpointOfSignature = Touchpoints,
            Steps = [.. funnel.Steps.Select(step => (EventRule[])[EventRule.Of([.. Touchpoints.Select(touchpoint => step.Contains(touchpoint))])])],
            WindowMs = WeekMs,
            Order = FunnelOrder.Any,
        };
        var retention = new RetentionQuestion { TouchpointOfSignature = Touchpoints, BoundsMs = [.. Enumerable.Range(0, (int)Generator.Days / 7 + 2).Select(week => Generator.StartMs + week * WeekMs)] };
        var paths = new PathsQuestion { TouchpointOfSignature = Touchpoints, Steps = 7 };
        var flow = new FlowQuestion { TouchpointOfSignature = Touchpoints };
        var attribution = new AttributionQuestion
        {
            TouchpointOfSignature = Touchpoints,
            ConversionOfSignature = [.. Touchpoints.Select(touchpoint => touchpoint == Generator.Purchase)],
            Models = AttributionModels.First | AttributionModels.Last | AttributionModels.Linear | AttributionModels.TimeDecay,
            LookbackMs = Generator.Days * Generator.DayMs,
        };
        (string Name, Func<object> Ask)[] questions =
        [
            ("funnel", () => funnel.Ask(view)),
            ("funnel by first channel", () => (funnel with { GroupOfSignature = Generator.ChannelOfSignature }).Ask(view)),
            ("funnel, period and channels", () => (funnel with { Filter = filter }).Ask(view)),
            ("funnel, one property value", () => (funnel with { Filter = new JourneyFilter { Properties = [new PropertyCondition(0, [true, true, true])] } }).Ask(view)),
            ("funnel, half the customers", () => (funnel with { Filter = new JourneyFilter { Customers = half } }).Ask(view)),
            ("funnel, customers behind", () => funnel.Customers(view, 2, FunnelOutcome.Dropped)),
            ("funnel of rules, in any order", () => rules.Ask(view)),
            ("funnel of rules, excluded", () => (rules with { Order = FunnelOrder.Ordered, Exclusions = [new FunnelExclusion([EventRule.Of([.. Touchpoints.Select(touchpoint => touchpoint == 5)])], 0, 4)] }).Ask(view)),
            ("retention by week", () => retention.Ask(view)),
            ("retention by week, recurring", () => (retention with { Recurring = true }).Ask(view)),
            ("life cycle by week", () => new LifeCycleQuestion { TouchpointOfSignature = Touchpoints, BoundsMs = retention.BoundsMs }.Ask(view)),
            ("recovery", () => new RecoveryQuestion { TouchpointOfSignature = Touchpoints, Bad = rules.Steps[2], EndMs = retention.BoundsMs[^1] }.Ask(view)),
            ("drivers of buying again", () => new DriversQuestion { TouchpointOfSignature = Touchpoints, At = rules.Steps[2], Goals = rules.Steps[2], GoalMs = WeekMs, WindowMs = 4 * WeekMs, EndMs = retention.BoundsMs[^1], Columns = [new ValueColumn(0, 0, 7)] }.Ask(view)),
            ("paths", () => paths.Ask(view)),
            ("paths from a touchpoint", () => (paths with { Start = [2] }).Ask(view)),
            ("flow", () => flow.Ask(view)),
            ("flow, collapsed", () => (flow with { CollapseRepeats = true }).Ask(view)),
            ("flow, signatures as nodes", () => (flow with { TouchpointOfSignature = [.. Enumerable.Range(0, Touchpoints.Length).Select(code => (ushort)code)] }).Ask(view)),
            ("variants", () => new VariantsQuestion { TouchpointOfSignature = Touchpoints }.Ask(view)),
            ("variants, collapsed, top 20", () => new VariantsQuestion { TouchpointOfSignature = Touchpoints, CollapseRepeats = true, Limit = 20 }.Ask(view)),
            ("touchpoints", () => new TouchpointsQuestion { TouchpointOfSignature = Touchpoints }.Ask(view)),
            ("touchpoints by day", () => new TouchpointsQuestion { TouchpointOfSignature = Touchpoints, BucketBoundsMs = days }.Ask(view)),
            ("attribution by order", () => attribution.Ask(view)),
            ("attribution, Shapley", () => (attribution with { Models = AttributionModels.Shapley }).Ask(view)),
            ("attribution, Markov 1", () => (attribution with { Models = AttributionModels.Markov }).Ask(view)),
            ("attribution, Markov 3", () => (attribution with { Models = AttributionModels.Markov, MarkovOrder = 3 }).Ask(view)),
            ("attribution, transitions", () => attribution.Transitions(view)),
            ("signatures", () => new SignaturesQuestion().Ask(view)),
            ("values", () => new ValuesQuestion { TouchpointOfSignature = Touchpoints, Rates = rates }.Ask(view)),
            ("channels by day, value too", () => new TotalsQuestion { TouchpointOfSignature = Generator.ChannelOfSignature, BucketBoundsMs = days, Rates = rates }.Ask(view)),
            ("customers, latest 50", () => new CustomersQuestion { TouchpointOfSignature = Touchpoints }.Ask(view)),
        ];
        foreach (var (name, ask) in questions)
            if (only is null || (only[0] == '=' ? name == only[1..] : name.Contains(only, StringComparison.Ordinal))) Time(name, runs, ask);
    }

    // What steady writing costs: batches of 10,000 events of anyone, each followed by a view.
    private static void Refresh(JourneyTable table, int seed)
    {
        var random = new Random(seed);
        var customers = table.View().Customers;
        long position = 1L << 40, worst = 0, total = 0;
        const int Batches = 100;
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var i = 0; i < 10_000; i++)
                table.Append(new JourneyEvent(random.Next(customers), Generator.StartMs + Generator.Days * Generator.DayMs + position - (1L << 40), (ushort)random.Next(320), 0, 0, position++), [1]);
            var watch = Stopwatch.StartNew();
            table.View();
            total += watch.ElapsedMilliseconds;
            worst = Math.Max(worst, watch.ElapsedMilliseconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"view after each of {Batches} batches of 10,000 events: mean {total / (double)Batches:F1} ms, worst {worst} ms, overlay {table.OverlayEvents:N0} events"));
        Ask(table.View(), 5, "funnel");
    }

    private static void Reopen(string folder, int runs) => Time("open", runs, () =>
    {
        using var table = JourneyTable.Open(folder, 1);
        return table.Base.State;
    });

    private static void Time(string name, int runs, Func<object> ask)
    {
        for (var warm = 0; warm < 2; warm++) ask();
        var times = new double[runs];
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        for (var run = 0; run < runs; run++)
        {
            var watch = Stopwatch.StartNew();
            ask();
            times[run] = watch.Elapsed.TotalMilliseconds;
        }

        allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / runs;
        // On a busy machine the time of the processors says more than the clock.
        var processorMs = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / runs;
        Array.Sort(times);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} {times[runs / 2],8:F1} ms   best {times[0],8:F1}   processors {processorMs,8:F1} ms   {allocated / 1024.0,10:F0} KiB"));
    }
}
