using System.Numerics;
using System.Runtime.CompilerServices;

namespace Tangent.Engine;

/// <summary>A question of retention made ready: bit 0 marks starts, bit 1 returns.</summary>
internal sealed class RetentionPlan
{
    public const ulong Start = 1, Return = 2;

    public RetentionPlan(RetentionQuestion question, JourneyView view)
    {
        Buckets = new Buckets(question.BoundsMs);
        if (Buckets.Count > RetentionQuestion.MaxPeriods) throw new ArgumentException($"There are more than {RetentionQuestion.MaxPeriods} periods.", nameof(question));
        var any = question is { Starts: null, Returns: null };
        Marks = any ? null : new EventMarks(view, question.TouchpointOfSignature, [question.Starts ?? [EventRule.Any], question.Returns ?? [EventRule.Any]]);
        Lens = Lens.Of(view, Marks?.OfSignature ?? question.TouchpointOfSignature, question.Filter, isPassing: Marks is { IsPassing: true });
        Recurring = question.Recurring;
        OrAfter = question.OrAfter;
        Slots = IsPlain && Buckets.Count <= PeriodSlots.MostPeriods ? new PeriodSlots(Buckets) : null;
    }

    public Buckets Buckets { get; }

    /// <summary>Null where any event starts and returns.</summary>
    public EventMarks? Marks { get; }

    public Lens Lens { get; }
    public bool Recurring { get; }
    public bool OrAfter { get; }

    /// <summary>Any event starts, once, and any event in the period returns.</summary>
    public bool IsPlain => Marks is null && this is { Recurring: false, OrAfter: false };

    /// <summary>Null where periods are too many, or the question is not plain.</summary>
    public PeriodSlots? Slots { get; }
}

/// <summary>Times cut into short slots of equal length, and the period each slot lies in: a look-up instead of a search.</summary>
internal sealed class PeriodSlots
{
    /// <summary>The most periods: the last bit says that a slot lies in two.</summary>
    public const int MostPeriods = 63;

    /// <summary>The bit of an event whose slot holds a bound, so that its period must be looked up.</summary>
    public const ulong LookCloser = 1UL << MostPeriods;

    // Few enough for the nearest cache.
    private const int MostSlots = 1 << 14;

    public PeriodSlots(Buckets buckets)
    {
        var span = buckets.EndMs - buckets.FirstMs;
        while (span >> Shift >= MostSlots) Shift++;
        PeriodOf = new byte[(span >> Shift) + 1];
        for (var slot = 0L; slot < PeriodOf.Length; slot++)
        {
            var fromMs = buckets.FirstMs + (slot << Shift);
            var toMs = Math.Min(buckets.FirstMs + ((slot + 1) << Shift), buckets.EndMs) - 1;
            var period = fromMs < buckets.EndMs ? buckets.Of(fromMs, out _) : MostPeriods;
            PeriodOf[slot] = (byte)(period < MostPeriods && buckets.Of(toMs, out _) == period ? period : MostPeriods);
        }
    }

    /// <summary>A slot is 2 to this milliseconds.</summary>
    public int Shift { get; }

    /// <summary>By slot: its period, or <see cref="MostPeriods"/> for two.</summary>
    public byte[] PeriodOf { get; }
}

/// <summary>In which periods a journey starts and returns; memory of one thread.</summary>
internal sealed unsafe class RetentionPeriods(RetentionPlan plan)
{
    private readonly int[] starts = new int[plan.Buckets.Count];
    private readonly int[] returns = new int[plan.Buckets.Count];
    private readonly bool[] returnsToo = new bool[plan.Buckets.Count];

    /// <summary>Periods with a start: the first only, or all of them.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, StartCount);

    /// <summary>Periods with a return event; where one starts only once, at or after the start.</summary>
    public ReadOnlySpan<int> Returns => returns.AsSpan(0, ReturnCount);

    public int StartCount { get; private set; }
    public int ReturnCount { get; private set; }

    /// <summary>Whether a return event lies in this period of start, at or after the start.</summary>
    public bool ReturnsAtStart(int period) => returnsToo[period];

    /// <summary>The last period with a return after a start in this period, or in it; -1 for none.</summary>
    public int LastReturn(int start) =>
        ReturnCount > 0 && returns[ReturnCount - 1] is var last && (last > start || (last == start && returnsToo[start])) ? last : returnsToo[start] ? start : -1;

    /// <summary>Reads a journey; false where no event lies in a period.</summary>
    public bool Read(in JourneyBatch batch, int run)
    {
        (StartCount, ReturnCount) = (0, 0);
        var (period, toMs, any) = (-1, long.MinValue, false);
        for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
        {
            var time = batch.Times[at];
            if (time >= toMs)
            {
                if (time < plan.Buckets.FirstMs) continue;
                if (time >= plan.Buckets.EndMs) break;
                period = plan.Buckets.Of(time, out toMs);
                any = true;
            }

            var mark = plan.Marks is null ? RetentionPlan.Start | RetentionPlan.Return : plan.Marks.Of(batch, at);
            if ((mark & RetentionPlan.Start) != 0 && (StartCount == 0 || (plan.Recurring && starts[StartCount - 1] != period)))
            {
                starts[StartCount++] = period;
                returnsToo[period] = false;
            }

            if ((mark & RetentionPlan.Return) == 0 || (StartCount == 0 && !plan.Recurring)) continue;
            if (ReturnCount == 0 || returns[ReturnCount - 1] != period) returns[ReturnCount++] = period;
            if (StartCount > 0 && starts[StartCount - 1] == period) returnsToo[period] = true;
        }

        return any;
    }
}

internal sealed unsafe class RetentionKernel(RetentionPlan plan) : Kernel
{
    private readonly RetentionPeriods periods = new(plan);
    private readonly int count = plan.Buckets.Count;

    public long Customers { get; private set; }

    /// <summary>Customers by cohort.</summary>
    public long[] Sizes { get; } = new long[plan.Buckets.Count];

    /// <summary>Customers by cohort and period of return; for "or after", of the last return.</summary>
    public long[] Cells { get; } = new long[plan.Buckets.Count * plan.Buckets.Count];

    public override void Visit(in JourneyBatch batch)
    {
        if (!plan.IsPlain) VisitRules(batch);
        else if (plan.Slots is { } slots) VisitSlots(batch, slots);
        else
            for (var run = 0; run < batch.Runs; run++) VisitPlain(batch, run);
    }

    // Up to 63 periods are bits; the loop over events has no branch that depends on them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VisitSlots(in JourneyBatch batch, PeriodSlots slots)
    {
        long firstMs = plan.Buckets.FirstMs, endMs = plan.Buckets.EndMs;
        var shift = slots.Shift;
        fixed (byte* periodOf = slots.PeriodOf)
        fixed (long* cells = Cells, sizes = Sizes)
            for (var run = 0; run < batch.Runs; run++)
            {
                int from = batch.Starts[run], to = batch.Starts[run + 1];
                var mask = PeriodSlots.LookCloser;
                if (batch.Times[from] >= firstMs && batch.Times[to - 1] < endMs)
                {
                    mask = 0;
                    for (var at = from; at < to; at++) mask |= 1UL << periodOf[(batch.Times[at] - firstMs) >> shift];
                }

                if ((mask & PeriodSlots.LookCloser) != 0)
                {
                    VisitPlain(batch, run);
                    continue;
                }

                var cohort = BitOperations.TrailingZeroCount(mask);
                var row = cells + (long)cohort * count;
                Customers++;
                sizes[cohort]++;
                for (; mask != 0; mask &= mask - 1) row[BitOperations.TrailingZeroCount(mask)]++;
            }
    }

    // Any event, once, on the period: the first period is the cohort, and each further one counts when it begins.
    private void VisitPlain(in JourneyBatch batch, int run)
    {
        var toMs = plan.Buckets.FirstMs;
        var cohort = -1;
        for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
        {
            var time = batch.Times[at];
            if (time < toMs) continue;
            if (time >= plan.Buckets.EndMs) break;
            var period = plan.Buckets.Of(time, out toMs);
            if (cohort < 0)
            {
                cohort = period;
                Customers++;
                Sizes[cohort]++;
            }

            Cells[cohort * count + period]++;
        }
    }

    private void VisitRules(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!periods.Read(batch, run)) continue;
            Customers++;
            foreach (var start in periods.Starts)
            {
                Sizes[start]++;
                if (plan.OrAfter)
                {
                    if (periods.LastReturn(start) is >= 0 and var last) Cells[start * count + last]++;
                    continue;
                }

                foreach (var period in periods.Returns)
                    if (period > start || (period == start && periods.ReturnsAtStart(start))) Cells[start * count + period]++;
            }
        }
    }
}

internal sealed class RetentionCustomersKernel(RetentionPlan plan, int cohort, int? offset, bool absent) : CustomersKernel
{
    private readonly RetentionPeriods periods = new(plan);

    public override unsafe void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
            if (periods.Read(batch, run) && periods.Starts.Contains(cohort) && (offset is null || Returns(cohort + offset.Value) != absent)) Found(batch.Customers[run]);
    }

    private bool Returns(int period)
    {
        if (plan.OrAfter) return periods.LastReturn(cohort) >= period;
        return period > cohort ? periods.Returns.Contains(period) : period == cohort && periods.ReturnsAtStart(cohort);
    }
}
