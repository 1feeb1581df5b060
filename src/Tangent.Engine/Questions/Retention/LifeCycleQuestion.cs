namespace Tangent.Engine;

/// <summary>
/// What part of their life customers are in, period by period. A customer is active in a period with an event of <see cref="Active"/>:
/// <b>new</b> in the first such period; <b>returning</b> where also active in the period before; <b>resurrecting</b> where not active in the period before, but earlier;
/// and <b>dormant</b> in the first period without activity after one with it. Nobody is in two of them in one period.
/// Cost: one pass.
/// </summary>
public sealed record LifeCycleQuestion : JourneyQuestion
{
    /// <summary>The most periods.</summary>
    public const int MaxPeriods = 4001;

    /// <summary>Bounds of the periods in milliseconds, rising; period p is from bound p up to bound p + 1. Events outside are as if they had never happened.</summary>
    public required long[] BoundsMs { get; init; }

    /// <summary>Events that make a customer active. Null: any.</summary>
    public IReadOnlyList<EventRule>? Active { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">Bounds that do not rise, or too many periods.</exception>
    public LifeCycleAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new LifeCyclePlan(this, view);
        var kernels = Scan.Run(view, plan.Lens, () => new LifeCycleKernel(plan), ct);
        long[] Row(LifePart part) => [.. Enumerable.Range(0, plan.Buckets.Count).Select(period => kernels.Sum(kernel => kernel.Counts[(int)part * plan.Buckets.Count + period]))];
        return new LifeCycleAnswer(kernels.Sum(kernel => kernel.Customers), Row(LifePart.New), Row(LifePart.Returning), Row(LifePart.Resurrecting), Row(LifePart.Dormant));
    }

    /// <summary>The customers who are in a part of their life in a period.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="period">Period, from 0.</param>
    /// <param name="part">Part.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, int period, LifePart part, int limit = int.MaxValue, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(period);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(period, BoundsMs.Length - 1);
        var plan = new LifeCyclePlan(this, view);
        return CustomersKernel.Ask(view, plan.Lens, () => new LifeCycleCustomersKernel(plan, period, part), limit, ct);
    }
}

/// <summary>A part of a customer's life.</summary>
public enum LifePart
{
    /// <summary>Active for the first time.</summary>
    New,

    /// <summary>Active, and in the period before.</summary>
    Returning,

    /// <summary>Active, not in the period before, but earlier.</summary>
    Resurrecting,

    /// <summary>Not active, but in the period before.</summary>
    Dormant,
}

/// <summary>Customers by period and part of life.</summary>
/// <param name="Customers">Customers active in any period.</param>
/// <param name="New">By period.</param>
/// <param name="Returning">By period.</param>
/// <param name="Resurrecting">By period.</param>
/// <param name="Dormant">By period.</param>
public sealed record LifeCycleAnswer(long Customers, long[] New, long[] Returning, long[] Resurrecting, long[] Dormant);

internal sealed class LifeCyclePlan
{
    public LifeCyclePlan(LifeCycleQuestion question, JourneyView view)
    {
        Buckets = new Buckets(question.BoundsMs);
        if (Buckets.Count > LifeCycleQuestion.MaxPeriods) throw new ArgumentException($"There are more than {LifeCycleQuestion.MaxPeriods} periods.", nameof(question));
        Marks = question.Active is null ? null : new EventMarks(view, question.TouchpointOfSignature, [question.Active]);
        Lens = Lens.Of(view, Marks?.OfSignature ?? question.TouchpointOfSignature, question.Filter, isPassing: Marks is { IsPassing: true });
    }

    public Buckets Buckets { get; }

    /// <summary>Bit 0 is activity; null where any event is.</summary>
    public EventMarks? Marks { get; }

    public Lens Lens { get; }

    /// <summary>The next period with activity, from an event on; -1 behind the last.</summary>
    public unsafe int Next(in JourneyBatch batch, ref int at, int end, ref long toMs)
    {
        for (; at < end; at++)
        {
            var time = batch.Times[at];
            if (time < toMs || time < Buckets.FirstMs || (Marks is not null && Marks.Of(batch, at) == 0)) continue;
            return time >= Buckets.EndMs ? -1 : Buckets.Of(time, out toMs);
        }

        return -1;
    }
}

internal sealed unsafe class LifeCycleKernel(LifeCyclePlan plan) : Kernel
{
    public long Customers { get; private set; }

    /// <summary>Customers by part and period.</summary>
    public long[] Counts { get; } = new long[4 * plan.Buckets.Count];

    public override void Visit(in JourneyBatch batch)
    {
        var periods = plan.Buckets.Count;
        for (var run = 0; run < batch.Runs; run++)
        {
            var (at, toMs, before) = (batch.Starts[run], long.MinValue, -1);
            for (int period; (period = plan.Next(batch, ref at, batch.Starts[run + 1], ref toMs)) >= 0; before = period)
            {
                var part = before < 0 ? LifePart.New : period == before + 1 ? LifePart.Returning : LifePart.Resurrecting;
                Counts[(int)part * periods + period]++;
                if (part == LifePart.Resurrecting) Counts[(int)LifePart.Dormant * periods + before + 1]++;
            }

            if (before < 0) continue;
            Customers++;
            if (before + 1 < periods) Counts[(int)LifePart.Dormant * periods + before + 1]++;
        }
    }
}

internal sealed unsafe class LifeCycleCustomersKernel(LifeCyclePlan plan, int wanted, LifePart part) : CustomersKernel
{
    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var (at, toMs) = (batch.Starts[run], long.MinValue);
            var (earlier, before, now) = (false, false, false);
            for (int period; (period = plan.Next(batch, ref at, batch.Starts[run + 1], ref toMs)) >= 0 && period <= wanted;)
            {
                earlier |= period < wanted - 1;
                before |= period == wanted - 1;
                now |= period == wanted;
            }

            var found = part switch
            {
                LifePart.New => now && !before && !earlier,
                LifePart.Returning => now && before,
                LifePart.Resurrecting => now && !before && earlier,
                _ => !now && before,
            };
            if (found) Found(batch.Customers[run]);
        }
    }
}
