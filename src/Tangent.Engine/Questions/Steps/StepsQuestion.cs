namespace Tangent.Engine;

/// <summary>
/// How customers come to the steps of a journey map and go on from them.
/// <para>
/// A customer is at a step with the first event of the filtered journey that is one of the step's. The customer has gone on with the first later event
/// of a step that may follow; the wait is the time between the two. Nothing says that steps are taken in order: each is looked at by itself.
/// </para>
/// <para>Waits that agree in their eight leading bits after the first (they differ by less than 0.4 %) are counted as one; the median is the middle of those.</para>
/// Cost: one pass for all steps; some hundred kilobytes a thread, whatever the number of customers.
/// </summary>
public sealed record StepsQuestion : JourneyQuestion
{
    /// <summary>The most steps of one question.</summary>
    public const int MostSteps = EventMarks.Most;

    /// <summary>Which events are at each step.</summary>
    public required IReadOnlyList<IReadOnlyList<EventRule>> Steps { get; init; }

    /// <summary>For each step those that may follow, bit j for step j; its own bit does not count.</summary>
    public required IReadOnlyList<ulong> Following { get; init; }

    /// <summary>Bounds of the buckets that arrivals are counted in, in milliseconds, rising; null for none. Arrivals outside are in no bucket.</summary>
    public long[]? BucketBoundsMs { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">Too many steps, or as many lists of what follows as there are steps are not given.</exception>
    public StepsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new StepsPlan(this, view);
        var kernels = Scan.Run(view, plan.Lens, () => new StepsKernel(plan), ct);
        return new StepsAnswer(kernels.Sum(kernel => kernel.Customers), kernels.Sum(kernel => kernel.AtAny), [.. Enumerable.Range(0, Steps.Count).Select(step => StepsKernel.Sum(kernels, plan, step))]);
    }

    /// <summary>The customers who were at a step; or only those who have not gone on from it.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="stayed">Only who has not gone on.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, int step, bool stayed = false, int limit = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps.Count);
        var plan = new StepsPlan(this, view);
        return CustomersKernel.Ask(view, plan.Lens, () => new StepCustomersKernel(plan, step, stayed), limit, ct);
    }
}

/// <summary>How customers went through the steps.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="AtAny">Of them, who were at any step.</param>
/// <param name="Steps">The steps, in order.</param>
public sealed record StepsAnswer(long Customers, long AtAny, StepVisits[] Steps);

/// <summary>How customers came to one step and went on.</summary>
/// <param name="Customers">Customers who were there.</param>
/// <param name="WentOn">Of them, who went on to a step that may follow.</param>
/// <param name="MedianWaitMs">Median time until they did, to 0.4 %; 0 where nobody did.</param>
/// <param name="Arrivals">Customers by the bucket of their first event there; empty where no bounds were given.</param>
public sealed record StepVisits(long Customers, long WentOn, double MedianWaitMs, long[] Arrivals);

/// <summary>The question made ready for the scan.</summary>
internal sealed class StepsPlan
{
    private readonly ulong[] before;

    public StepsPlan(StepsQuestion question, JourneyView view)
    {
        if (question.Following.Count != question.Steps.Count) throw new ArgumentException("What follows is said for every step.", nameof(question));
        Marks = new EventMarks(view, question.TouchpointOfSignature, question.Steps);
        Lens = Lens.Of(view, Marks.OfSignature, question.Filter, isPassing: question.IsPassing || Marks.IsPassing);
        Steps = question.Steps.Count;
        Buckets = question.BucketBoundsMs is { } bounds ? new Buckets(bounds) : null;
        before = new ulong[Steps];
        for (var from = 0; from < Steps; from++)
            for (var to = 0; to < Steps; to++)
                if (from != to && (question.Following[from] >> to & 1) != 0) before[to] |= 1UL << from;
    }

    public EventMarks Marks { get; }

    public Lens Lens { get; }

    public int Steps { get; }

    public Buckets? Buckets { get; }

    /// <summary>The steps from which an event of this mark goes on.</summary>
    public ulong GoesOnFrom(ulong mark)
    {
        var from = 0UL;
        for (; mark != 0; mark &= mark - 1) from |= before[System.Numerics.BitOperations.TrailingZeroCount(mark)];
        return from;
    }
}
