namespace Tangent.Engine;

/// <summary>
/// How many customers go through some steps in order, and where they are lost.
/// <para>
/// An attempt begins at any event of the first step; each further step is the next event of that step later in the journey,
/// at most <see cref="WindowMs"/> after the attempt's first event (exactly the window still counts). One event serves one step,
/// so the same step twice must happen twice. Of all attempts of a customer the deepest counts.
/// </para>
/// <para>
/// The time to a step is taken from the attempt that reaches the step first; where several attempts reach it with the same event,
/// from the one that began last.
/// </para>
/// Cost: one pass, linear in events, whatever the number of attempts.
/// </summary>
public sealed record FunnelQuestion : JourneyQuestion
{
    /// <summary>The most steps a funnel may have.</summary>
    public const int MaxSteps = 64;

    /// <summary>Each step as the touchpoints it may happen at; 1 to 64 steps.</summary>
    public required IReadOnlyList<ushort[]> Steps { get; init; }

    /// <summary>Conversion window in milliseconds, counted from the first step; 14 days by default.</summary>
    public long WindowMs { get; init; } = 14L * 24 * 60 * 60 * 1000;

    /// <summary>The group (such as the channel) of each signature; customers are broken down by that of their first event in the filtered journey. Null: no breakdown.</summary>
    public ushort[]? GroupOfSignature { get; init; }

    /// <summary>Only customers are wanted, not how long they took: times from the start are left out.</summary>
    public bool OnlyCustomers { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">No step, too many, or a window that is not positive.</exception>
    public FunnelAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new FunnelPlan(this);
        var kernels = Scan.Run(view, LensOn(view), () => new FunnelKernel(plan), ct);
        var counts = new long[plan.Groups * (plan.Steps + 1)];
        foreach (var kernel in kernels)
            for (var index = 0; index < counts.Length; index++) counts[index] += kernel.Counts[index];

        var total = Reached(counts, 0, plan.Groups, plan.Steps);
        var steps = new FunnelStep[plan.Steps];
        Parallel.For(0, plan.Steps, step =>
        {
            var times = kernels.Count == 1 ? kernels[0].Times(step) : [.. kernels.SelectMany(kernel => kernel.Times(step).ToArray())];
            steps[step] = new FunnelStep(
                total[step + 1],
                Share(total[step + 1], total[1]),
                Share(total[step + 1], total[Math.Max(1, step)]),
                step == 0 && !OnlyCustomers ? new Durations(total[1], 0, 0, 0) : Quantile.Durations(times));
        });

        var groups = new List<FunnelGroup>();
        for (var group = 0; group < plan.Groups && GroupOfSignature is not null; group++)
        {
            var reached = Reached(counts, group, 1, plan.Steps);
            if (reached[0] > 0) groups.Add(new FunnelGroup(group == plan.Groups - 1 ? Code.None : (ushort)group, reached[0], reached[1..]));
        }

        return new FunnelAnswer(total[0], steps, [.. groups]);
    }

    /// <summary>The customers behind a step's number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="step">Step, from 0.</param>
    /// <param name="outcome">Who reached the step, or who reached it and not the next.</param>
    /// <param name="group">Only customers of this group of the breakdown.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, int step, FunnelOutcome outcome, ushort? group = null, int limit = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps.Count);
        var plan = new FunnelPlan(this);
        var most = outcome == FunnelOutcome.Dropped ? step + 1 : plan.Steps;
        var wantedGroup = group is { } code ? plan.GroupIndex(code) : -1;
        return CustomersKernel.Ask(view, LensOn(view), () => new FunnelCustomersKernel(plan, step + 1, most, wantedGroup), limit, ct);
    }

    // Customers whose deepest attempt has at least 0, 1, 2 … steps.
    private static long[] Reached(long[] counts, int firstGroup, int groups, int steps)
    {
        var reached = new long[steps + 1];
        for (var group = firstGroup; group < firstGroup + groups; group++)
            for (var depth = 0; depth <= steps; depth++) reached[depth] += counts[group * (steps + 1) + depth];
        for (var depth = steps - 1; depth >= 0; depth--) reached[depth] += reached[depth + 1];
        return reached;
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>What became of customers at a step.</summary>
public enum FunnelOutcome
{
    /// <summary>They reached the step.</summary>
    Reached,

    /// <summary>They reached the step, but never the next.</summary>
    Dropped,
}

/// <summary>How customers went through a funnel.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Groups">The breakdown by group, by group code; groups without customers are left out, and without a group is <see cref="Code.None"/>, last.</param>
public sealed record FunnelAnswer(long Customers, FunnelStep[] Steps, FunnelGroup[] Groups);

/// <summary>One step.</summary>
/// <param name="Customers">Customers who reached it.</param>
/// <param name="Conversion">Their share of the customers at the first step, 0 to 1; 0 where there are none.</param>
/// <param name="FromPrevious">Their share of the customers at the step before.</param>
/// <param name="SinceStart">Time from the first step, over those who reached this one.</param>
public sealed record FunnelStep(long Customers, double Conversion, double FromPrevious, Durations SinceStart);

/// <summary>One group of the breakdown.</summary>
/// <param name="Group">Group code.</param>
/// <param name="Customers">Customers whose first event is of this group.</param>
/// <param name="Reached">How many of them reached each step.</param>
public sealed record FunnelGroup(ushort Group, long Customers, long[] Reached);
