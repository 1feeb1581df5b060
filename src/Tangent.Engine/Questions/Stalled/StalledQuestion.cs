namespace Tangent.Engine;

/// <summary>
/// Journeys that stand still at a touchpoint longer than is usual there.
/// <para>
/// Each event of a touchpoint begins a wait: completed by the next event of the journey, or open where it is the last, and then as long as from
/// it to <see cref="AsOfMs"/>. Completed waits alone would say too little: of the latest waits only the short ones are complete. So the
/// time to the next event is estimated from all of them by the product-limit estimator (E. L. Kaplan, P. Meier, JASA 53, 1958), open waits being censored.
/// Many journeys never go on from a touchpoint, because they are at their natural end or because the customer is lost; the estimate then stays
/// below 1, and what it reaches at the longest wait is the share that goes on (the estimator of R. Maller and S. Zhou, Biometrika 79, 1992).
/// What is usual is a quantile of the time to the next event among those: the estimate divided by the share that goes on.
/// </para>
/// <para>
/// A journey is stalled where its last event is longer ago than that. For the estimate, waits that agree in their eight leading bits
/// after the first (they differ by less than 0.4 %) count as equally long, completed ones before open ones; of those the longest completed one is reported.
/// </para>
/// Cost: one pass, and eight bytes a customer.
/// </summary>
public sealed record StalledQuestion : JourneyQuestion
{
    /// <summary>The moment that open waits are measured to, in milliseconds since 1970 UTC; later events do not count.</summary>
    public required long AsOfMs { get; init; }

    /// <summary>Quantile of the time to the next event up to which a wait is usual, above 0 and below 1; 0.9 by default.</summary>
    public double Quantile { get; init; } = 0.9;

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">The quantile does not lie between 0 and 1.</exception>
    public StalledAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        if (!(Quantile > 0 && Quantile < 1)) throw new ArgumentException("The quantile lies between 0 and 1.");
        var lens = Until().LensOn(view);
        var kernels = Scan.Run(view, lens, () => new StalledKernel(lens.Touchpoints, UntilMs), ct);
        foreach (var kernel in kernels.Skip(1)) kernels[0].AddCompleted(kernel);
        var listed = new StalledTouchpoint?[lens.Touchpoints];
        Parallel.For(0, lens.Touchpoints, touchpoint => listed[touchpoint] = StalledKernel.At(kernels, touchpoint, Quantile));
        return new StalledAnswer(kernels.Sum(kernel => kernel.Customers), [.. listed.OfType<StalledTouchpoint>().OrderByDescending(item => item.Stalled).ThenBy(item => item.Touchpoint)]);
    }

    /// <summary>The customers whose last event is at one of some touchpoints.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoints">Touchpoints; null for all.</param>
    /// <param name="stalled">Only those who have waited longer than usual at theirs.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, IReadOnlyCollection<ushort>? touchpoints, bool stalled, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var longerThan = new long[Code.Count];
        longerThan.AsSpan().Fill(long.MaxValue);
        foreach (var item in Ask(view, ct).Touchpoints)
            if (touchpoints is null || touchpoints.Contains(item.Touchpoint)) longerThan[item.Touchpoint] = stalled ? item.UsualMs ?? long.MaxValue : -1;
        return CustomersKernel.Ask(view, Until().LensOn(view), () => new StalledCustomersKernel(longerThan, UntilMs), limit, ct);
    }

    private long UntilMs => Math.Clamp(AsOfMs, JourneyEvent.EarliestMs, JourneyEvent.LatestMs);

    private StalledQuestion Until() => this with { Filter = Filter with { ToMs = Math.Min(Filter.ToMs, UntilMs + 1) } };
}

/// <summary>Where journeys stand still.</summary>
/// <param name="Customers">Customers with a journey; each waits at one touchpoint.</param>
/// <param name="Touchpoints">Touchpoints with events, those with the most stalled customers first; equal ones by code.</param>
public sealed record StalledAnswer(long Customers, StalledTouchpoint[] Touchpoints);

/// <summary>Waits at one touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Visits">Events there, each of which begins a wait.</param>
/// <param name="WentOn">Waits that a next event completed.</param>
/// <param name="GoesOn">Estimated share of visits after which the journey goes on, 0 to 1.</param>
/// <param name="UsualMs">Up to this long is usual; null where no journey ever went on.</param>
/// <param name="Waiting">Customers whose last event is there.</param>
/// <param name="Stalled">Those of them who have waited longer than usual.</param>
/// <param name="MedianWaitMs">Exact median of how long these have waited so far; 0 where there are none.</param>
public sealed record StalledTouchpoint(
    ushort Touchpoint, long Visits, long WentOn, double GoesOn, long? UsualMs, long Waiting, long Stalled, double MedianWaitMs);
