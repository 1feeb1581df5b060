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

    /// <summary>What each customer lived through before, one row for each that an answer counts, to hold one thing fixed while another is looked at.</summary>
    /// <param name="view">The view.</param>
    /// <param name="oneOf">Of so many customers one is taken, by a hash of the number.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>8 bytes for each customer and 2 for each touchpoint the customer was at.</returns>
    public PrecedingRows Rows(JourneyView view, int oneOf = 1, CancellationToken ct = default)
    {
        var plan = PrecedingPlan.Of(this, view, ct);
        var kernels = Scan.Run(view, plan.Lens, () => new PrecedingRowsKernel(plan, oneOf), ct);
        var order = kernels.SelectMany((kernel, k) => Enumerable.Range(0, kernel.Rows.Count).Select(row => (Kernel: k, Row: row, kernel.Rows.Items[row].Customer)))
            .OrderBy(at => at.Customer).ToArray();
        var (rows, starts, lived) = (new PrecedingRow[order.Length], new int[order.Length + 1], new ushort[kernels.Sum(kernel => kernel.Lived.Count)]);
        for (int i = 0, to = 0; i < order.Length; i++)
        {
            var kernel = kernels[order[i].Kernel];
            var (first, end) = (order[i].Row == 0 ? 0 : kernel.Ends.Items[order[i].Row - 1], kernel.Ends.Items[order[i].Row]);
            rows[i] = kernel.Rows.Items[order[i].Row];
            kernel.Lived.Items[first..end].CopyTo(lived.AsSpan(to));
            starts[i + 1] = to += end - first;
        }

        return new PrecedingRows(rows, starts, lived);
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

/// <summary>What each customer lived through before.</summary>
/// <param name="Customers">The customers, rising.</param>
/// <param name="Starts">Where each begins in <paramref name="Lived"/>, and the end of the last.</param>
/// <param name="Lived">The touchpoints of each, each once, in the order of the first time.</param>
public sealed record PrecedingRows(PrecedingRow[] Customers, int[] Starts, ushort[] Lived);

/// <summary>A customer who did it, or who is compared with.</summary>
/// <param name="Customer">Number of the customer.</param>
/// <param name="IsCase">Did it.</param>
/// <param name="Contacts">Events in the time before; 1 or more.</param>
/// <param name="Earlier">Events before that time.</param>
public readonly record struct PrecedingRow(int Customer, bool IsCase, int Contacts, int Earlier);
