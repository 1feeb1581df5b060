using System.Numerics;

namespace Tangent.Engine;

/// <summary>What a kernel does with the verdict on each journey.</summary>
internal static unsafe class ConformanceReading
{
    public delegate void Take(in JourneyBatch batch, int run, in ConformanceVerdict verdict);

    public static void All(ConformancePlan plan, in JourneyBatch batch, Take take)
    {
        var counts = stackalloc int[ConformanceQuestion.MaxRules];
        var deadlines = stackalloc long[ConformanceQuestion.MaxRules];
        fixed (ushort* places = plan.Places)
        fixed (ulong* firsts = plan.First, seconds = plan.Second)
        {
            var match = new ConformanceMatch(plan, places, firsts, seconds, counts, deadlines);
            for (var run = 0; run < batch.Runs; run++)
                take(batch, run, match.Read(batch.Touchpoints, batch.Times, batch.Starts[run], batch.Starts[run + 1]));
        }
    }
}

internal sealed unsafe class ConformanceKernel : Kernel
{
    private const int Side = ConformanceQuestion.MaxRules + 1;
    private readonly ConformancePlan plan;
    private readonly int places;

    // Customers by the number of applicable and of broken rules: everything about fitness follows from them, exactly.
    private readonly long[] cells = new long[Side * Side];

    // By rule and touchpoint; the last place is the end.
    private readonly long[] deviations;
    private readonly ConformanceReading.Take take;

    public ConformanceKernel(ConformancePlan plan, int touchpoints)
    {
        this.plan = plan;
        places = touchpoints + 1;
        deviations = new long[plan.Rules * places];
        take = Take;
    }

    public long[] Applicable { get; } = new long[ConformanceQuestion.MaxRules];
    public long[] Violated { get; } = new long[ConformanceQuestion.MaxRules];
    public long Customers => cells.Sum();
    public long CustomersWithRule => Customers - cells[0];

    public override void Visit(in JourneyBatch batch) => ConformanceReading.All(plan, batch, take);

    public void Add(ConformanceKernel other)
    {
        for (var index = 0; index < cells.Length; index++) cells[index] += other.cells[index];
        for (var index = 0; index < deviations.Length; index++) deviations[index] += other.deviations[index];
        for (var rule = 0; rule < plan.Rules; rule++)
        {
            Applicable[rule] += other.Applicable[rule];
            Violated[rule] += other.Violated[rule];
        }
    }

    public (double Mean, double Variance) Fitness()
    {
        var n = CustomersWithRule;
        if (n == 0) return (0, 0);
        double sum = 0, squares = 0;
        foreach (var (fitness, customers) in ByFitness()) sum += fitness * customers;
        var mean = sum / n;
        foreach (var (fitness, customers) in ByFitness()) squares += (fitness - mean) * (fitness - mean) * customers;
        return (mean, n < 2 ? 0 : squares / (n - 1));
    }

    public long[] Histogram()
    {
        var bins = new long[ConformanceQuestion.Bins];
        for (var applicable = 1; applicable < Side; applicable++)
            for (var broken = 0; broken <= applicable; broken++) bins[10 * (applicable - broken) / applicable] += cells[applicable * Side + broken];
        return bins;
    }

    public FirstDeviation[] FirstDeviations()
    {
        var found = new List<FirstDeviation>();
        for (var index = 0; index < deviations.Length; index++)
        {
            var touchpoint = index % places == places - 1 ? Code.None : (ushort)(index % places);
            if (deviations[index] > 0) found.Add(new FirstDeviation(index / places, touchpoint, deviations[index]));
        }

        return [.. found.OrderByDescending(d => d.Customers).ThenBy(d => d.Rule).ThenBy(d => d.Touchpoint)];
    }

    private IEnumerable<(double Fitness, long Customers)> ByFitness()
    {
        for (var applicable = 1; applicable < Side; applicable++)
            for (var broken = 0; broken <= applicable; broken++)
                if (cells[applicable * Side + broken] > 0) yield return ((double)(applicable - broken) / applicable, cells[applicable * Side + broken]);
    }

    private void Take(in JourneyBatch batch, int run, in ConformanceVerdict verdict)
    {
        cells[BitOperations.PopCount(verdict.Applicable) * Side + BitOperations.PopCount(verdict.Broken)]++;
        for (var rules = verdict.Applicable; rules != 0; rules &= rules - 1) Applicable[BitOperations.TrailingZeroCount(rules)]++;
        if (verdict.Broken == 0) return;
        for (var rules = verdict.Broken; rules != 0; rules &= rules - 1) Violated[BitOperations.TrailingZeroCount(rules)]++;
        deviations[verdict.FirstRule * places + (verdict.FirstAt < 0 ? places - 1 : batch.Touchpoints[verdict.FirstAt])]++;
    }
}

internal sealed unsafe class ConformanceCustomersKernel : CustomersKernel
{
    private readonly ConformancePlan plan;
    private readonly ConformancePick pick;
    private readonly ConformanceReading.Take take;

    public ConformanceCustomersKernel(ConformancePlan plan, ConformancePick pick)
    {
        (this.plan, this.pick) = (plan, pick);
        take = Take;
    }

    public override void Visit(in JourneyBatch batch) => ConformanceReading.All(plan, batch, take);

    private void Take(in JourneyBatch batch, int run, in ConformanceVerdict verdict)
    {
        if (IsOutcome(batch, verdict) && (pick.Bin is not { } bin || (verdict.Applicable != 0 && verdict.Bin == bin))) Found(batch.Customers[run]);
    }

    private bool IsOutcome(in JourneyBatch batch, in ConformanceVerdict verdict)
    {
        var rules = pick.Rule is { } rule ? 1UL << rule : ulong.MaxValue;
        return pick.Outcome switch
        {
            RuleOutcome.Violated => (verdict.Broken & rules) != 0,
            RuleOutcome.Satisfied => (verdict.Applicable & rules) != 0 && (verdict.Broken & rules) == 0,
            RuleOutcome.First => verdict.Broken != 0 && (pick.Rule is null || pick.Rule == verdict.FirstRule) && (pick.Touchpoint is not { } wanted || wanted == Place(batch, verdict)),
            RuleOutcome.NotApplicable => (verdict.Applicable & rules) == 0,
            _ => (verdict.Applicable & rules) != 0,
        };
    }

    private static ushort Place(in JourneyBatch batch, in ConformanceVerdict verdict) => verdict.FirstAt < 0 ? Code.None : batch.Touchpoints[verdict.FirstAt];
}

internal sealed unsafe class ConformanceJourneysKernel : Kernel
{
    private readonly ConformancePlan plan;
    private readonly ConformanceReading.Take take;
    private GrowingList<JourneyConformance> judged;

    public ConformanceJourneysKernel(ConformancePlan plan)
    {
        this.plan = plan;
        take = Take;
    }

    public Span<JourneyConformance> Judged => judged.Items;

    public override void Visit(in JourneyBatch batch) => ConformanceReading.All(plan, batch, take);

    private void Take(in JourneyBatch batch, int run, in ConformanceVerdict verdict)
    {
        var isEvent = verdict.Broken != 0 && verdict.FirstAt >= 0;
        judged.Add(new JourneyConformance(
            batch.Customers[run], verdict.Applicable, verdict.Broken, verdict.Broken == 0 ? -1 : verdict.FirstRule,
            isEvent ? batch.Touchpoints[verdict.FirstAt] : Code.None, batch.Times[isEvent ? verdict.FirstAt : batch.Starts[run + 1] - 1]));
    }
}
