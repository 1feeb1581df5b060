namespace Tangent.Engine;

/// <summary>
/// What customers lived through before something they did, compared with customers who did not do it.
/// <para>
/// Of a customer the first such event counts, a <b>case</b>. Everybody else is <b>compared with</b> at the time of a case, drawn by a hash of the customer's number, so that both sides know the same seasons and
/// the same changes. Only customers with an event in the <see cref="WindowMs"/> before are looked at, on both sides: what those who were away did not meet says nothing.
/// </para>
/// Cost: two passes; 8 bytes for each case.
/// </summary>
public sealed record PrecedingQuestion : JourneyQuestion
{
    /// <summary>The events before which it is looked.</summary>
    public required IReadOnlyList<EventRule> Cases { get; init; }

    /// <summary>How long before, in milliseconds; 90 days by default.</summary>
    public long WindowMs { get; init; } = 90L * 24 * 60 * 60 * 1000;

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">The window is not positive.</exception>
    public PrecedingAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = PrecedingPlan.Of(this, view, ct);
        var kernels = Scan.Run(view, plan.Lens, () => new PrecedingKernel(plan), ct);
        var touchpoints = Enumerable.Range(0, plan.Touchpoints)
            .Select(t => new PrecedingTouchpoint((ushort)t, kernels.Sum(k => k.WithCase[t]), kernels.Sum(k => k.WithOther[t])))
            .Where(t => t.Cases + t.Others > 0);
        return new PrecedingAnswer(kernels.Sum(k => k.Customers), plan.Did, kernels.Sum(k => k.Cases), kernels.Sum(k => k.Others), [.. touchpoints]);
    }

    /// <summary>The customers behind a number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="isCase">Those who did it, or those they are compared with.</param>
    /// <param name="touchpoint">Only who was there before.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, bool isCase, ushort? touchpoint = null, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var plan = PrecedingPlan.Of(this, view, ct);
        return CustomersKernel.Ask(view, plan.Lens, () => new PrecedingCustomersKernel(plan, isCase, touchpoint), limit, ct);
    }
}

/// <summary>What was lived through before.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Did">Customers who did it.</param>
/// <param name="Cases">Of them, those with an event in the time before.</param>
/// <param name="Others">Customers compared with.</param>
/// <param name="Touchpoints">Where they were before.</param>
public sealed record PrecedingAnswer(long Customers, long Did, long Cases, long Others, PrecedingTouchpoint[] Touchpoints);

/// <summary>Who was at a touchpoint before.</summary>
/// <param name="Touchpoint">Where.</param>
/// <param name="Cases">Of the cases.</param>
/// <param name="Others">Of those compared with.</param>
public readonly record struct PrecedingTouchpoint(ushort Touchpoint, long Cases, long Others);

internal sealed unsafe class PrecedingPlan
{
    private readonly EventMarks marks;
    private readonly ushort[] touchpointOfSignature;
    private readonly long windowMs;
    private long[] caseMs = [];

    private PrecedingPlan(PrecedingQuestion question, JourneyView view)
    {
        if (question.WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(question));
        windowMs = Math.Min(question.WindowMs, 1L << 50);
        touchpointOfSignature = question.TouchpointOfSignature;
        marks = new EventMarks(view, touchpointOfSignature, [question.Cases]);
        Lens = Lens.Of(view, marks.OfSignature, question.Filter, isPassing: marks.IsPassing);
        foreach (var touchpoint in touchpointOfSignature)
            if (touchpoint != Code.None) Touchpoints = Math.Max(Touchpoints, touchpoint + 1);
    }

    public Lens Lens { get; }

    public int Touchpoints { get; }

    /// <summary>How many did it.</summary>
    public long Did => caseMs.Length;

    public static PrecedingPlan Of(PrecedingQuestion question, JourneyView view, CancellationToken ct)
    {
        var plan = new PrecedingPlan(question, view);
        var times = Scan.Run(view, plan.Lens, () => new CaseTimesKernel(plan), ct);
        plan.caseMs = [.. times.SelectMany(k => k.Times.Items.ToArray())];
        Array.Sort(plan.caseMs);
        return plan;
    }

    public ushort TouchpointOf(in JourneyBatch batch, int at) => touchpointOfSignature[batch.Segment.Signatures[batch.Row(at)]];

    /// <summary>The first such event of a journey; its end where there is none.</summary>
    public int FindCase(in JourneyBatch batch, int first, int end)
    {
        while (first < end && marks.Of(batch, first) == 0) first++;
        return first;
    }

    /// <summary>The events before the case, or before the time of another's; false where there are none, or nothing to compare with.</summary>
    public bool Find(in JourneyBatch batch, int customer, int first, int end, out bool isCase, out int from, out int to)
    {
        to = FindCase(batch, first, end);
        isCase = to < end;
        from = first;
        if (caseMs.Length == 0) return false;
        var untilMs = isCase ? batch.Times[to] : caseMs[(int)(((uint)customer * 2654435761u >> 4) % (uint)caseMs.Length)];
        to = first;
        while (to < end && batch.Times[to] < untilMs) to++;
        while (from < to && batch.Times[from] < untilMs - windowMs) from++;
        return from < to;
    }
}

internal sealed class CaseTimesKernel(PrecedingPlan plan) : Kernel
{
    private GrowingList<long> times;

    public GrowingList<long> Times => times;

    public override unsafe void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
            if (plan.FindCase(batch, batch.Starts[run], batch.Starts[run + 1]) is var at && at < batch.Starts[run + 1]) times.Add(batch.Times[at]);
    }
}

internal sealed class PrecedingKernel(PrecedingPlan plan) : Kernel
{
    private readonly int[] seenIn = new int[plan.Touchpoints];
    private int turn;

    public long Customers { get; private set; }

    public long Cases { get; private set; }

    public long Others { get; private set; }

    public long[] WithCase { get; } = new long[plan.Touchpoints];

    public long[] WithOther { get; } = new long[plan.Touchpoints];

    public override unsafe void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!plan.Find(batch, batch.Customers[run], batch.Starts[run], batch.Starts[run + 1], out var isCase, out var from, out var to)) continue;
            if (isCase) Cases++;
            else Others++;
            var counts = isCase ? WithCase : WithOther;
            turn++;
            for (; from < to; from++)
            {
                var touchpoint = plan.TouchpointOf(batch, from);
                if (seenIn[touchpoint] == turn) continue;
                seenIn[touchpoint] = turn;
                counts[touchpoint]++;
            }
        }
    }
}

internal sealed class PrecedingCustomersKernel(PrecedingPlan plan, bool wanted, ushort? touchpoint) : CustomersKernel
{
    public override unsafe void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!plan.Find(batch, batch.Customers[run], batch.Starts[run], batch.Starts[run + 1], out var isCase, out var from, out var to) || isCase != wanted) continue;
            while (touchpoint is not null && from < to && plan.TouchpointOf(batch, from) != touchpoint) from++;
            if (from < to) Found(batch.Customers[run]);
        }
    }
}
