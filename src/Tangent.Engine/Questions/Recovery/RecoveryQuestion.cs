namespace Tangent.Engine;

/// <summary>
/// Break and recovery: after a bad contact, who leaves, who stays, and which next contact makes up for it.
/// <para>
/// Of a customer the first bad contact of the filtered journey counts. A customer <b>leaves</b> when no event follows within <see cref="WindowMs"/> (exactly the window still counts), and else <b>stays</b>;
/// the first event that follows is the <b>next contact</b>. It <b>makes up</b> for the bad one when, at or after it and within the window counted from it, a goal event occurs;
/// without goals, when another event follows it within the window. Who cannot be judged yet, because the window reaches past <see cref="EndMs"/>, is <b>open</b> and in none of the shares:
/// without a next contact the window from the bad contact, with one that from the next contact.
/// </para>
/// Cost: one pass.
/// </summary>
public sealed record RecoveryQuestion : JourneyQuestion
{
    /// <summary>Events that are bad contacts.</summary>
    public required IReadOnlyList<EventRule> Bad { get; init; }

    /// <summary>Events that show that all is well again. Null: any further event does.</summary>
    public IReadOnlyList<EventRule>? Goals { get; init; }

    /// <summary>Within what time, in milliseconds, a customer has left, and a contact has made up; 30 days by default.</summary>
    public long WindowMs { get; init; } = 30L * 24 * 60 * 60 * 1000;

    /// <summary>Up to when events are known, in milliseconds since 1970 UTC.</summary>
    public required long EndMs { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">The window is not positive.</exception>
    public RecoveryAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new RecoveryPlan(this, view);
        var kernels = Scan.Run(view, plan.Lens, () => new RecoveryKernel(plan), ct);
        var next = new List<NextContact>();
        for (var touchpoint = 0; touchpoint < plan.Touchpoints; touchpoint++)
        {
            long Sum(RecoveryOutcome outcome) => kernels.Sum(kernel => kernel.Counts[plan.Index(outcome, touchpoint)]);
            var (made, not, open) = (Sum(RecoveryOutcome.MadeUp), Sum(RecoveryOutcome.NotMadeUp), Sum(RecoveryOutcome.StayedOpen));
            if (made + not + open > 0) next.Add(new NextContact((ushort)touchpoint, made + not, made, open));
        }

        return new RecoveryAnswer(
            kernels.Sum(kernel => kernel.Customers), kernels.Sum(kernel => kernel.Counts[0]), next.Sum(n => n.Customers + n.Open), kernels.Sum(kernel => kernel.Counts[1]), [.. next]);
    }

    /// <summary>The customers behind a number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="outcomes">Any of these.</param>
    /// <param name="next">Only with this next contact.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, IReadOnlyList<RecoveryOutcome> outcomes, ushort? next = null, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var plan = new RecoveryPlan(this, view);
        var wanted = new bool[Enum.GetValues<RecoveryOutcome>().Length];
        foreach (var outcome in outcomes) wanted[(int)outcome] = true;
        return CustomersKernel.Ask(view, plan.Lens, () => new MatchingCustomersKernel((in batch, first, end) =>
            plan.Judge(batch, first, end, out var touchpoint) is { } found && wanted[(int)found] && (next is null || touchpoint == next)), limit, ct);
    }
}

/// <summary>What became of a customer after a bad contact.</summary>
public enum RecoveryOutcome
{
    /// <summary>No event within the window.</summary>
    Left,

    /// <summary>No event so far, and the window is not over.</summary>
    Open,

    /// <summary>A next contact, and it made up.</summary>
    MadeUp,

    /// <summary>A next contact, and it did not.</summary>
    NotMadeUp,

    /// <summary>A next contact, and its window is not over.</summary>
    StayedOpen,
}

/// <summary>Customers after a bad contact. Those with one are the sum of left, stayed and open.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Left">Who left.</param>
/// <param name="Stayed">Who had a next contact.</param>
/// <param name="Open">Who cannot be judged yet.</param>
/// <param name="Next">The next contacts, by touchpoint.</param>
public sealed record RecoveryAnswer(long Customers, long Left, long Stayed, long Open, NextContact[] Next);

/// <summary>A next contact after bad ones.</summary>
/// <param name="Touchpoint">Where it was.</param>
/// <param name="Customers">Who had it and can be judged.</param>
/// <param name="MadeUp">Of them, for whom it made up.</param>
/// <param name="Open">Who had it and cannot be judged yet.</param>
public readonly record struct NextContact(ushort Touchpoint, long Customers, long MadeUp, long Open);

internal sealed unsafe class RecoveryPlan
{
    private const ulong BadBit = 1, GoalBit = 2;
    private readonly EventMarks marks;
    private readonly ushort[] touchpointOfSignature;
    private readonly bool hasGoals;
    private readonly long windowMs, endMs;

    public RecoveryPlan(RecoveryQuestion question, JourneyView view)
    {
        if (question.WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(question));
        windowMs = Math.Min(question.WindowMs, 1L << 50);
        endMs = question.EndMs;
        hasGoals = question.Goals is not null;
        touchpointOfSignature = question.TouchpointOfSignature;
        marks = new EventMarks(view, touchpointOfSignature, [question.Bad, question.Goals ?? []]);
        Lens = Lens.Of(view, marks.OfSignature, question.Filter, isPassing: marks.IsPassing);
        foreach (var touchpoint in touchpointOfSignature)
            if (touchpoint != Code.None) Touchpoints = Math.Max(Touchpoints, touchpoint + 1);
    }

    public Lens Lens { get; }
    public int Touchpoints { get; }

    public int Index(RecoveryOutcome outcome, int touchpoint) => outcome switch
    {
        RecoveryOutcome.Left => 0,
        RecoveryOutcome.Open => 1,
        _ => 2 + ((int)outcome - (int)RecoveryOutcome.MadeUp) * Touchpoints + touchpoint,
    };

    /// <summary>What became of a customer; null without a bad contact.</summary>
    public RecoveryOutcome? Judge(in JourneyBatch batch, int first, int end, out ushort touchpoint)
    {
        touchpoint = Code.None;
        var bad = first;
        while (bad < end && (marks.Of(batch, bad) & BadBit) == 0) bad++;
        if (bad == end) return null;
        var next = bad + 1;
        if (next == end || batch.Times[next] - batch.Times[bad] > windowMs)
            return next == end && batch.Times[bad] + windowMs > endMs ? RecoveryOutcome.Open : RecoveryOutcome.Left;

        touchpoint = touchpointOfSignature[batch.Segment.Signatures[batch.Row(next)]];
        var untilMs = batch.Times[next] + windowMs;
        if (untilMs > endMs) return RecoveryOutcome.StayedOpen;
        for (var at = hasGoals ? next : next + 1; at < end && batch.Times[at] <= untilMs; at++)
            if (!hasGoals || (marks.Of(batch, at) & GoalBit) != 0) return RecoveryOutcome.MadeUp;
        return RecoveryOutcome.NotMadeUp;
    }
}

internal sealed unsafe class RecoveryKernel(RecoveryPlan plan) : Kernel
{
    public long Customers { get; private set; }

    /// <summary>Customers by outcome and, where there is one, next contact.</summary>
    public long[] Counts { get; } = new long[2 + 3 * plan.Touchpoints];

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
            if (plan.Judge(batch, batch.Starts[run], batch.Starts[run + 1], out var touchpoint) is { } outcome) Counts[plan.Index(outcome, touchpoint)]++;
    }
}
