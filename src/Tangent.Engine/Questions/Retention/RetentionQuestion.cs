namespace Tangent.Engine;

/// <summary>
/// Who comes back, and when: cohorts by period of start, and for each the customers who return in the same period, the next, and so on.
/// <para>
/// A customer belongs to the cohort of the period of the first start event of the filtered journey; with <see cref="Recurring"/>, to that of every period with a start event.
/// A return is a return event at or after the (in that period first) start event, so that a start event which is also a return event counts in its own period.
/// Cell k of a cohort counts who returns in the k-th period after; with <see cref="OrAfter"/>, in that or any later one.
/// </para>
/// Cost: one pass; cells times threads of memory.
/// </summary>
public sealed record RetentionQuestion : JourneyQuestion
{
    /// <summary>The most periods.</summary>
    public const int MaxPeriods = 400;

    /// <summary>Bounds of the periods in milliseconds, rising; period p is from bound p up to bound p + 1. Events outside are as if they had never happened.</summary>
    public required long[] BoundsMs { get; init; }

    /// <summary>Events that start. Null: any.</summary>
    public IReadOnlyList<EventRule>? Starts { get; init; }

    /// <summary>Events that count as coming back. Null: any.</summary>
    public IReadOnlyList<EventRule>? Returns { get; init; }

    /// <summary>A customer starts anew in every period with a start event, instead of once.</summary>
    public bool Recurring { get; init; }

    /// <summary>A return in the period or any later one counts, instead of in the period only.</summary>
    public bool OrAfter { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">Bounds that do not rise, or too many periods.</exception>
    public RetentionAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new RetentionPlan(this, view);
        var kernels = Scan.Run(view, plan.Lens, () => new RetentionKernel(plan), ct);
        var periods = plan.Buckets.Count;
        var sizes = new long[periods];
        var returned = new long[periods][];
        for (var cohort = 0; cohort < periods; cohort++)
        {
            sizes[cohort] = kernels.Sum(kernel => kernel.Size(cohort));
            returned[cohort] = new long[periods - cohort];
            for (var k = 0; k < returned[cohort].Length; k++) returned[cohort][k] = kernels.Sum(kernel => kernel.Cell(cohort, cohort + k));
            if (!OrAfter) continue;
            for (var k = returned[cohort].Length - 2; k >= 0; k--) returned[cohort][k] += returned[cohort][k + 1];
        }

        return new RetentionAnswer(kernels.Sum(kernel => kernel.Customers), sizes, returned);
    }

    /// <summary>The customers behind a number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="cohort">Period of start, from 0.</param>
    /// <param name="offset">Who returned so many periods later; null for the whole cohort.</param>
    /// <param name="absent">Those of the cohort who did not return then, instead.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, int cohort, int? offset = null, bool absent = false, int limit = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cohort);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cohort, BoundsMs.Length - 1);
        ArgumentOutOfRangeException.ThrowIfNegative(offset ?? 0, nameof(offset));
        var plan = new RetentionPlan(this, view);
        return CustomersKernel.Ask(view, plan.Lens, () => new RetentionCustomersKernel(plan, cohort, offset, absent), limit, ct);
    }
}

/// <summary>Cohorts and who of them came back.</summary>
/// <param name="Customers">Customers with any event in the periods.</param>
/// <param name="Sizes">By cohort: its customers.</param>
/// <param name="Returned">By cohort, then by periods since: who returned; a cohort has as many as there are periods from its own on.</param>
public sealed record RetentionAnswer(long Customers, long[] Sizes, long[][] Returned);
