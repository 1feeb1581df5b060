namespace Tangent.Engine;

/// <summary>
/// What is done again, and how long journeys take: how often customers come back to a touchpoint, loops of one and of two touchpoints,
/// and the time from beginning to end. Times are exact. Cost: one pass; 8 bytes of memory for each journey.
/// </summary>
public sealed record ReworkQuestion : JourneyQuestion
{
    /// <summary>Throughput is also taken from the first event of one of these touchpoints …; null: not.</summary>
    public ushort[]? From { get; init; }

    /// <summary>… to the first event after it of one of these.</summary>
    public ushort[]? To { get; init; }

    /// <summary>Asks.</summary>
    public ReworkAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var lens = LensOn(view);
        var plan = new ReworkPlan(lens.Touchpoints, From, To);
        var kernels = Scan.Run(view, lens, () => new ReworkKernel(plan), ct);
        var touchpoints = new List<Repeats>();
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
            if (ReworkKernel.Sum(kernels, touchpoint) is { Events: > 0 } repeats) touchpoints.Add(repeats);
        return new ReworkAnswer(kernels.Sum(kernel => kernel.Customers), [.. touchpoints], ReworkKernel.LoopsOf(kernels, lens.Touchpoints),
            Times(kernels, kernel => kernel.Times), plan.IsFrom is null ? null : Times(kernels, kernel => kernel.Between));
    }

    /// <summary>The customers who were at a touchpoint at least twice.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoint">Touchpoint.</param>
    /// <param name="atOnce">Only those who were there twice with nothing between.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Repeating(JourneyView view, ushort touchpoint, bool atOnce = false, int limit = int.MaxValue, CancellationToken ct = default) =>
        CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            var seen = -1;
            for (var i = first; i < end; i++)
            {
                if (batch.Touchpoints[i] != touchpoint) continue;
                if (seen >= 0 && (!atOnce || seen == i - 1)) return true;
                seen = i;
            }

            return false;
        }), limit, ct);

    /// <summary>The customers who went from a touchpoint to another and straight back.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoint">Touchpoint come back to.</param>
    /// <param name="over">Touchpoint between.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Looping(JourneyView view, ushort touchpoint, ushort over, int limit = int.MaxValue, CancellationToken ct = default) =>
        CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            for (var i = first + 2; i < end; i++)
                if (batch.Touchpoints[i] == touchpoint && batch.Touchpoints[i - 1] == over && batch.Touchpoints[i - 2] == touchpoint) return true;
            return false;
        }), limit, ct);

    /// <summary>The customers whose time between <see cref="From"/> and <see cref="To"/> is taken; everybody where they are null.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Throughput(JourneyView view, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var lens = LensOn(view);
        var plan = new ReworkPlan(lens.Touchpoints, From, To);
        return CustomersKernel.Ask(view, lens, () => new MatchingCustomersKernel((in batch, first, end) => plan.IsFrom is null || plan.Between(batch, first, end) >= 0), limit, ct);
    }

    private static Durations Times(List<ReworkKernel> kernels, ReworkKernel.TimesOf times)
    {
        var all = new long[kernels.Sum(kernel => times(kernel).Length)];
        var count = 0;
        foreach (var kernel in kernels)
        {
            times(kernel).CopyTo(all.AsSpan(count));
            count += times(kernel).Length;
        }

        return Quantile.Durations(all);
    }
}

/// <summary>What is done again, and how long journeys take.</summary>
/// <param name="Customers">Customers with a journey.</param>
/// <param name="Touchpoints">Touchpoints with events, by code.</param>
/// <param name="Loops">From a touchpoint to another and straight back; most frequent first, equal ones by codes.</param>
/// <param name="Throughput">Time from the first event to the last, over all journeys; those of one event take no time.</param>
/// <param name="Between">Time between the two touchpoints, over the journeys that have both in this order; null where it was not asked for.</param>
public sealed record ReworkAnswer(long Customers, Repeats[] Touchpoints, Loop[] Loops, Durations Throughput, Durations? Between);

/// <summary>How often customers come back to a touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Events">Events there.</param>
/// <param name="Customers">Customers who were there.</param>
/// <param name="Repeating">Of them, who were there at least twice.</param>
/// <param name="AtOnce">How often it follows itself directly (self-loops).</param>
/// <param name="AtOnceCustomers">Customers of whom it does.</param>
public readonly record struct Repeats(ushort Touchpoint, long Events, long Customers, long Repeating, long AtOnce, long AtOnceCustomers);

/// <summary>From a touchpoint to another and straight back.</summary>
/// <param name="Touchpoint">Touchpoint come back to.</param>
/// <param name="Over">Touchpoint between.</param>
/// <param name="Count">How often.</param>
/// <param name="Customers">For how many customers.</param>
public readonly record struct Loop(ushort Touchpoint, ushort Over, long Count, long Customers);
