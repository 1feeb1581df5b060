namespace Tangent.Engine;

/// <summary>A question of retention made ready: bit 0 marks starts, bit 1 returns.</summary>
internal sealed class RetentionPlan
{
    public const ulong Start = 1, Return = 2;

    // Periods are bits of a word; one more says that events are outside all periods, the last that some must be looked up.
    private const int MostBits = 62;

    public RetentionPlan(RetentionQuestion question, JourneyView view)
    {
        Buckets = new Buckets(question.BoundsMs);
        if (Buckets.Count > RetentionQuestion.MaxPeriods) throw new ArgumentException($"There are more than {RetentionQuestion.MaxPeriods} periods.", nameof(question));
        var any = question is { Starts: null, Returns: null };
        Marks = any ? null : new EventMarks(view, question.TouchpointOfSignature, [question.Starts ?? [EventRule.Any], question.Returns ?? [EventRule.Any]]);
        Lens = Lens.Of(view, Marks?.OfSignature ?? question.TouchpointOfSignature, question.Filter, isPassing: Marks is { IsPassing: true });
        Recurring = question.Recurring;
        OrAfter = question.OrAfter;
        Hours = IsPlain && Buckets.Count <= MostBits ? new HourTable(Buckets) : null;
    }

    public Buckets Buckets { get; }

    /// <summary>Null where any event starts and returns.</summary>
    public EventMarks? Marks { get; }

    public Lens Lens { get; }
    public bool Recurring { get; }
    public bool OrAfter { get; }

    /// <summary>Any event starts, once, and any event in the period returns.</summary>
    public bool IsPlain => Marks is null && this is { Recurring: false, OrAfter: false };

    /// <summary>Null where the question is not plain, or periods are too many.</summary>
    public HourTable? Hours { get; }
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
