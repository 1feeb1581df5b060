namespace Tangent.Engine;

/// <summary>Finds what a customer did between entry and conversion.</summary>
internal sealed unsafe class CorrelationPlan
{
    private readonly bool[]? entries;
    private readonly bool[] goals = new bool[Code.Count];
    private readonly long windowMs;

    public CorrelationPlan(CorrelationQuestion question)
    {
        if (question.Goal.Length == 0) throw new ArgumentException("A conversion needs a touchpoint.");
        if (question.WindowMs <= 0) throw new ArgumentException("The window must be positive.");
        windowMs = question.WindowMs;
        foreach (var code in question.Goal) goals[code] = true;
        if (question.Entry is null) return;
        entries = new bool[Code.Count];
        foreach (var code in question.Entry) entries[code] = true;
    }

    /// <summary>The events from one up to another that count; false where the customer never entered.</summary>
    public bool Find(ushort* codes, long* times, int first, int end, out int from, out int to, out bool converted)
    {
        (from, to, converted) = (first, first, false);
        if (entries is null)
        {
            for (; to < end && times[to] - times[first] <= windowMs; to++)
                if (goals[codes[to]]) return converted = true;
            return true;
        }

        int entered = -1, earliest = -1;
        for (var at = first; at < end; at++)
        {
            if (goals[codes[at]] && earliest >= 0)
            {
                // Times only rise: an entry that is too early for this goal is so for all later ones.
                while (earliest < at && (times[at] - times[earliest] > windowMs || !entries[codes[earliest]])) earliest++;
                if (earliest < at)
                {
                    (from, to) = (earliest + 1, at);
                    return converted = true;
                }
            }

            if (!entries[codes[at]]) continue;
            if (entered < 0) entered = at;
            if (earliest < 0) earliest = at;
        }

        if (entered < 0) return false;
        from = to = entered + 1;
        while (to < end && times[to] - times[entered] <= windowMs) to++;
        return true;
    }
}

internal sealed unsafe class CorrelationKernel(CorrelationPlan plan, int touchpoints) : Kernel
{
    private readonly Cell[] cells = new Cell[touchpoints];

    public long Customers { get; private set; }
    public long Entrants { get; private set; }
    public long Converted { get; private set; }

    public long Did(int touchpoint, bool converted) => converted ? cells[touchpoint].Converted : cells[touchpoint].Others;

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!plan.Find(batch.Touchpoints, batch.Times, batch.Starts[run], batch.Starts[run + 1], out var from, out var to, out var converted)) continue;
            Entrants++;
            Converted += converted ? 1 : 0;
            for (var at = from; at < to; at++)
            {
                ref var cell = ref cells[batch.Touchpoints[at]];
                if (cell.LastEntrant == Entrants) continue;
                cell.LastEntrant = Entrants;
                if (converted) cell.Converted++;
                else cell.Others++;
            }
        }
    }

    private struct Cell
    {
        public long Converted, Others, LastEntrant;
    }
}
