namespace Tangent.Engine;

/// <summary>
/// How well journeys keep to rules. The fitness of a journey is 1 − violated ÷ applicable rules; one without an applicable rule has none.
/// Its first deviation is the earliest event at which a rule is broken (see <see cref="RuleKind"/>), or its end; where one event breaks
/// several rules, that of the rule named first. Journeys are taken as finished: what has not happened by their last event has not happened.
/// Cost: one pass; events at touchpoints that no rule names cost one look-up.
/// </summary>
public sealed record ConformanceQuestion : JourneyQuestion
{
    /// <summary>The most rules of a question.</summary>
    public const int MaxRules = 64;

    /// <summary>Bins of the histogram of fitness: ten of a tenth each, and one for a fitness of 1.</summary>
    public const int Bins = 11;

    /// <summary>The rules, 1 to 64.</summary>
    public required IReadOnlyList<ConformanceRule> Rules { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">No rule, too many, or one that cannot be (see <see cref="ConformanceRule"/>).</exception>
    public ConformanceAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new ConformancePlan(Rules);
        var lens = LensOn(view);
        var kernels = Scan.Run(view, lens, () => new ConformanceKernel(plan, lens.Touchpoints), ct);
        var sum = kernels[0];
        foreach (var kernel in kernels.Skip(1)) sum.Add(kernel);
        var rules = Enumerable.Range(0, plan.Rules).Select(rule => new RuleConformance(sum.Applicable[rule], sum.Violated[rule])).ToArray();
        var (mean, variance) = sum.Fitness();
        return new ConformanceAnswer(sum.Customers, sum.CustomersWithRule, mean, variance, rules, sum.FirstDeviations(), sum.Histogram());
    }

    /// <summary>The customers behind a number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="pick">Which number.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, ConformancePick pick, int limit = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pick.Rule ?? 0, Rules.Count);
        var plan = new ConformancePlan(Rules);
        return CustomersKernel.Ask(view, LensOn(view), () => new ConformanceCustomersKernel(plan, pick), limit, ct);
    }

    /// <summary>What the rules say of some journeys, one by one.</summary>
    /// <param name="view">The view to look in.</param>
    /// <param name="customers">Customers; those without a journey in the filter are left out.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>By customer number, rising.</returns>
    public JourneyConformance[] Journeys(JourneyView view, IEnumerable<int> customers, CancellationToken ct = default)
    {
        var plan = new ConformancePlan(Rules);
        var some = CustomerBitmap.Of(Filter.Customers is { } allowed ? customers.Where(allowed.Contains) : customers);
        var kernels = Scan.Run(view, (this with { Filter = Filter with { Customers = some } }).LensOn(view), () => new ConformanceJourneysKernel(plan), ct);
        return [.. kernels.SelectMany(kernel => kernel.Judged.ToArray()).OrderBy(journey => journey.Customer)];
    }
}

/// <summary>How journeys keep to the rules.</summary>
/// <param name="Customers">Customers with a journey.</param>
/// <param name="Applicable">Those with an applicable rule, who have a fitness.</param>
/// <param name="Fitness">Mean of their fitness, 0 to 1; 0 where there are none.</param>
/// <param name="Variance">Sample variance of their fitness (divided by n − 1); 0 of fewer than two.</param>
/// <param name="Rules">One for each rule of the question.</param>
/// <param name="FirstDeviations">First deviations by rule and place, the most customers first; equal ones by rule, then touchpoint, the end last. Each customer who breaks a rule is in one.</param>
/// <param name="Histogram">Customers by fitness: bin b from b tenths on to below b + 1 tenths, bin 10 for 1.</param>
public sealed record ConformanceAnswer(
    long Customers, long Applicable, double Fitness, double Variance, RuleConformance[] Rules, FirstDeviation[] FirstDeviations, long[] Histogram);

/// <summary>How journeys keep to one rule.</summary>
/// <param name="Applicable">Customers for whom it is applicable.</param>
/// <param name="Violated">Those of them who break it.</param>
public readonly record struct RuleConformance(long Applicable, long Violated);

/// <summary>Where journeys first leave the rules.</summary>
/// <param name="Rule">Number of the rule from 0.</param>
/// <param name="Touchpoint">Touchpoint of the event that breaks it; <see cref="Code.None"/> for the end of the journey.</param>
/// <param name="Customers">Customers.</param>
public readonly record struct FirstDeviation(int Rule, ushort Touchpoint, long Customers);

/// <summary>What the rules say of one journey. Its fitness is 1 − the number of broken ÷ the number of applicable rules.</summary>
/// <param name="Customer">Customer number.</param>
/// <param name="Applicable">The applicable rules: bit r for rule r of the question.</param>
/// <param name="Broken">The broken ones of them.</param>
/// <param name="First">Number of the rule broken first; −1 where none is.</param>
/// <param name="Touchpoint">Touchpoint of the event that breaks it; <see cref="Code.None"/> for the end, or where none is broken.</param>
/// <param name="AtMs">Time of that event; for the end, and where none is broken, of the last event.</param>
public readonly record struct JourneyConformance(int Customer, ulong Applicable, ulong Broken, int First, ushort Touchpoint, long AtMs);

/// <summary>Which customers: those who meet every condition that is given.</summary>
/// <param name="Outcome">What became of the rule, or of any rule where none is named.</param>
/// <param name="Rule">Number of the rule from 0.</param>
/// <param name="Touchpoint">Of <see cref="RuleOutcome.First"/>: only where the first deviation is at this touchpoint; <see cref="Code.None"/> for the end.</param>
/// <param name="Bin">Only with a fitness in this bin of the histogram.</param>
public readonly record struct ConformancePick(RuleOutcome Outcome, int? Rule = null, ushort? Touchpoint = null, int? Bin = null);

/// <summary>What becomes of a rule in a journey.</summary>
public enum RuleOutcome
{
    /// <summary>It is applicable.</summary>
    Applicable,

    /// <summary>It is applicable and kept; without a rule named: all applicable ones are.</summary>
    Satisfied,

    /// <summary>It is broken.</summary>
    Violated,

    /// <summary>It is the first one broken.</summary>
    First,

    /// <summary>It is not applicable; without a rule named: none is.</summary>
    NotApplicable,
}
