namespace Tangent.Engine;

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

internal sealed class PrecedingRowsKernel(PrecedingPlan plan, int oneOf) : Kernel
{
    private readonly int[] seenIn = new int[plan.Touchpoints];
    private GrowingList<PrecedingRow> rows;
    private GrowingList<int> ends;
    private GrowingList<ushort> lived;
    private int turn;

    public GrowingList<PrecedingRow> Rows => rows;

    /// <summary>Where the touchpoints of each row end.</summary>
    public GrowingList<int> Ends => ends;

    public GrowingList<ushort> Lived => lived;

    public override unsafe void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var (customer, first) = (batch.Customers[run], batch.Starts[run]);
            if (oneOf > 1 && ((uint)customer * 2654435761u >> 8) % (uint)oneOf != 0) continue;
            if (!plan.Find(batch, customer, first, batch.Starts[run + 1], out var isCase, out var from, out var to)) continue;
            rows.Add(new PrecedingRow(customer, isCase, to - from, from - first));
            turn++;
            for (; from < to; from++)
            {
                var touchpoint = plan.TouchpointOf(batch, from);
                if (seenIn[touchpoint] == turn) continue;
                seenIn[touchpoint] = turn;
                lived.Add(touchpoint);
            }

            ends.Add(lived.Count);
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
