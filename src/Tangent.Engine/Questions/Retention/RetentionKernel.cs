using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tangent.Engine;

internal sealed unsafe class RetentionKernel(RetentionPlan plan) : Kernel
{
    private const ulong LookCloser = 1UL << (HourTable.LookCloser & 63);

    private readonly RetentionPeriods periods = new(plan);
    private readonly int count = plan.Buckets.Count;
    // By cohort and period, the rows as long as whole vectors; the last row takes who has no event in the periods.
    private readonly int[] customers = new int[(plan.Buckets.Count + 1) * RowOf(plan.Buckets.Count)];
    private readonly long[] sizes = new long[plan.Buckets.Count];
    private readonly long[] cells = new long[plan.Buckets.Count * plan.Buckets.Count];
    private byte[] bitOfEvent = [];
    private long slow;

    public override Reads Reads => Reads.Journeys | (plan.Hours is { } hours ? hours.Reads | Reads.UnmovedWhereMost : Reads.Times | Reads.Rows);

    public long Customers => slow + Enumerable.Range(0, count).Sum(cohort => (long)customers[cohort * RowOf(count) + cohort]);

    /// <summary>Customers of a cohort.</summary>
    public long Size(int cohort) => sizes[cohort] + customers[cohort * RowOf(count) + cohort];

    /// <summary>Customers by cohort and period of return; for "or after", of the last return.</summary>
    public long Cell(int cohort, int period) => cells[cohort * count + period] + customers[cohort * RowOf(count) + period];

    public override void Visit(in JourneyBatch batch)
    {
        if (!plan.IsPlain) VisitRules(batch);
        else if (plan.Hours is { } hours) VisitHours(batch, hours);
        else
            for (var run = 0; run < batch.Runs; run++) VisitPlain(batch, run);
    }

    private static int RowOf(int periods) => (periods + Vector512<int>.Count) / Vector512<int>.Count * Vector512<int>.Count;

    // No branch depends on the events, and few on the journey's length: its periods are bits, and a row of counts is raised at once by the bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void VisitHours(in JourneyBatch batch, HourTable table)
    {
        ReadOnlySpan<int> sixteen = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
        var bit = Vector512.Create(sixteen);
        var (runs, starts, row) = (batch.Runs, new Ptr<int>(batch.Starts), RowOf(count));
        var bits = Bits(batch, table);
        var outside = 1UL << count;
        fixed (int* all = customers)
            for (var run = 0; run < runs; run++)
            {
                var mask = PeriodBits.Of(bits + starts.At[run], starts.At[run + 1] - starts.At[run]) | outside;
                if ((mask & LookCloser) != 0)
                {
                    VisitPlain(batch, run);
                    continue;
                }

                // Who has no event in the periods has only the bit behind the last, which means nothing beside others.
                var cohort = all + (nint)BitOperations.TrailingZeroCount(mask) * row;
                for (var end = cohort + row; cohort < end; cohort += Vector512<int>.Count, mask >>= Vector512<int>.Count)
                    (Vector512.Load(cohort) - Vector512.Equals(Vector512.Create((int)mask) & bit, bit)).Store(cohort);
            }
    }

    // The number of the bit of each event.
    private byte* Bits(in JourneyBatch batch, HourTable table)
    {
        if (bitOfEvent.Length < batch.Events + PeriodBits.Spare) bitOfEvent = Pinned.New<byte>(batch.Events * 2 + PeriodBits.Spare);
        var bits = Pinned.At(bitOfEvent);
        if (table.SpansFrom(batch.HoursOriginMs) is { } spans) PeriodBits.Number(batch.Hours, bits, batch.Events, spans);
        else
            fixed (ushort* bucketOf = table.From(batch.HoursOriginMs)) PeriodBits.Number(batch.Hours, bits, batch.Events, bucketOf);
        if (batch.Staying != null) PeriodBits.TakeOut(bits, batch.Staying, batch.Events);
        return bits;
    }

    // Any event, once, on the period: the first period is the cohort, and each further one counts when it begins.
    private void VisitPlain(in JourneyBatch batch, int run)
    {
        var toMs = plan.Buckets.FirstMs;
        var cohort = -1;
        for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
        {
            var time = batch.TimeOf(at);
            if (time < toMs || !batch.Stays(at)) continue;
            if (time >= plan.Buckets.EndMs) break;
            var period = plan.Buckets.Of(time, out toMs);
            if (cohort < 0)
            {
                cohort = period;
                slow++;
                sizes[cohort]++;
            }

            cells[cohort * count + period]++;
        }
    }

    private void VisitRules(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            if (!periods.Read(batch, run)) continue;
            slow++;
            foreach (var start in periods.Starts)
            {
                sizes[start]++;
                if (plan.OrAfter)
                {
                    if (periods.LastReturn(start) is >= 0 and var last) cells[start * count + last]++;
                    continue;
                }

                foreach (var period in periods.Returns)
                    if (period > start || (period == start && periods.ReturnsAtStart(start))) cells[start * count + period]++;
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
