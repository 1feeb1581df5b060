namespace Tangent.Engine;

/// <summary>
/// A funnel whose steps are rules on events, in one of three orders, with exclusions, breakdown, trend and histogram.
/// <para>
/// An <b>attempt</b> of a customer is a choice of events e1 … ek of the filtered journey, one for each step reached, all different,
/// none later than <see cref="WindowMs"/> after the first (exactly the window still counts), after the <see cref="Ignored"/> events were taken out. By order:
/// <see cref="FunnelOrder.Ordered"/>: e1 … ek serve steps 1 … k and follow each other in the journey, others may lie between;
/// <see cref="FunnelOrder.Strict"/>: the same, and each is the very next event after the one before;
/// <see cref="FunnelOrder.Any"/>: they serve any k different steps, in any order.
/// From the step after which an exclusion holds, no event it names lies strictly between that step's event and the event of the step before which it holds,
/// or the last event of the attempt if it does not come that far (<see cref="FunnelOrder.Any"/>: between the first and the last event of the attempt);
/// so a customer for whom one does drops out at the last step reached before it, unless another attempt goes on.
/// </para>
/// <para>
/// A customer reaches step k where an attempt with k events exists: of all possible starts, and all choices of events, the deepest counts.
/// The time to a step is that of the attempt that reaches it first; where several do with the same event, of the one that began last.
/// A customer enters when that attempt for the deepest step reached begins.
/// </para>
/// Cost: one pass. Ordered and strict: linear in events times steps served; any order: for each event of a step, the events in the window before it until enough are found.
/// A plain ordered funnel is answered by <see cref="FunnelQuestion"/>.
/// </summary>
public sealed record RuleFunnelQuestion : JourneyQuestion
{
    /// <summary>The most steps.</summary>
    public const int MaxSteps = 32;

    /// <summary>The most exclusions that make customers drop out.</summary>
    public const int MaxExclusions = 31;

    /// <summary>Each step as the events it may be; 1 to 32.</summary>
    public required IReadOnlyList<IReadOnlyList<EventRule>> Steps { get; init; }

    /// <summary>How the steps must follow each other.</summary>
    public FunnelOrder Order { get; init; }

    /// <summary>Conversion window in milliseconds, counted from the first event of an attempt; 14 days by default.</summary>
    public long WindowMs { get; init; } = 14L * 24 * 60 * 60 * 1000;

    /// <summary>Events that must not lie between two steps.</summary>
    public IReadOnlyList<FunnelExclusion> Exclusions { get; init; } = [];

    /// <summary>Events taken out before matching; they still make a customer one with events, and still count as first and last touch.</summary>
    public IReadOnlyList<EventRule> Ignored { get; init; } = [];

    /// <summary>Null: no breakdown.</summary>
    public FunnelBreakdown? Breakdown { get; init; }

    /// <summary>Bounds of days, weeks or months of entry in milliseconds, rising; bucket b is from bound b up to bound b + 1. Null: no trend.</summary>
    public long[]? TrendBoundsMs { get; init; }

    /// <summary>Whether the times to the last step are also counted in bins.</summary>
    public bool Histogram { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">No step, too many, a window that is not positive, or an exclusion between steps that are not there.</exception>
    public RuleFunnelAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new RuleFunnelPlan(this, view);
        if (plan.Plain(this) is { } plain)
        {
            var answer = plain.Ask(view, ct);
            return new RuleFunnelAnswer(answer.Customers, answer.Steps, answer.Groups, [], null);
        }

        return RuleFunnelAnswers.Of(plan, Scan.Run(view, plan.Lens, () => new RuleFunnelKernel(plan), ct), Histogram);
    }

    /// <summary>The customers behind a number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="pick">Which number.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, RuleFunnelPick pick, int limit = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pick.Step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pick.Step, Steps.Count);
        var plan = new RuleFunnelPlan(this, view);
        return CustomersKernel.Ask(view, plan.Lens, () => new RuleFunnelCustomersKernel(plan, pick), limit, ct);
    }
}

/// <summary>How the steps of a funnel must follow each other.</summary>
public enum FunnelOrder
{
    /// <summary>In order; other events may lie between.</summary>
    Ordered,

    /// <summary>In order, with no other event between.</summary>
    Strict,

    /// <summary>In any order; step k then means that any k of the steps happened.</summary>
    Any,
}

/// <summary>Events that end an attempt when they occur between two steps.</summary>
/// <param name="Events">Which events.</param>
/// <param name="After">The step before, from 0.</param>
/// <param name="Before">The step behind, from 0, greater than <paramref name="After"/>. In any order the exclusion counts between the first and the last event, whatever is said here.</param>
public sealed record FunnelExclusion(IReadOnlyList<EventRule> Events, int After, int Before);

/// <summary>What customers are broken down by: exactly one of the first three.</summary>
/// <param name="OfSignature">The group of each signature.</param>
/// <param name="Column">A property column; its codes are the groups.</param>
/// <param name="OfCustomer">The group of each customer; then the touch does not matter.</param>
/// <param name="Touch">Of which event the group is taken.</param>
/// <param name="Step">The step, from 0, for <see cref="FunnelTouch.Step"/>.</param>
public sealed record FunnelBreakdown(ushort[]? OfSignature = null, int? Column = null, ushort[]? OfCustomer = null, FunnelTouch Touch = FunnelTouch.First, int Step = 0);

/// <summary>Which event of a customer gives the group.</summary>
public enum FunnelTouch
{
    /// <summary>The first of the filtered journey.</summary>
    First,

    /// <summary>The last of the filtered journey.</summary>
    Last,

    /// <summary>The event with which the customer first reached a step; customers who never did have the group <see cref="Code.None"/>.</summary>
    Step,
}

/// <summary>Which customers of a funnel; all that is said must hold.</summary>
/// <param name="Step">Step, from 0.</param>
/// <param name="Outcome">Who reached it, or who reached it and not the next.</param>
/// <param name="Group">Only this group of the breakdown.</param>
/// <param name="Bucket">Only who entered in this bucket of the trend.</param>
/// <param name="FromMs">Only where the time to the step is at least this.</param>
/// <param name="ToMs">Only where the time to the step is less than this.</param>
public sealed record RuleFunnelPick(int Step, FunnelOutcome Outcome = FunnelOutcome.Reached, ushort? Group = null, int? Bucket = null, long? FromMs = null, long? ToMs = null);

/// <summary>How customers went through a funnel.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Groups">The breakdown by group, by group code; groups without customers are left out, <see cref="Code.None"/> is last.</param>
/// <param name="Trend">By bucket of entry: how many customers reached each step.</param>
/// <param name="Histogram">Times to the last step; null where not asked for.</param>
public sealed record RuleFunnelAnswer(long Customers, FunnelStep[] Steps, FunnelGroup[] Groups, long[][] Trend, FunnelHistogram? Histogram);

/// <summary>Times to the last step in bins of equal width from 0: bin b is from b widths up to (not including) b + 1 widths.</summary>
/// <param name="WidthMs">The least of 1, 2, 5, 10, 15, 30 s, 1, 2, 5, 10, 15, 30 min, 1, 2, 3, 6, 12 h, 1, 2, 7, 14, 28, 56 … d with which 24 bins hold 95 % of the times (the time of rank ⌊0.95·(n − 1)⌋ from 0).</param>
/// <param name="Customers">By bin, at most 24; the last is not empty.</param>
/// <param name="LastIsOpen">The last bin also holds all longer times.</param>
public sealed record FunnelHistogram(long WidthMs, long[] Customers, bool LastIsOpen);
