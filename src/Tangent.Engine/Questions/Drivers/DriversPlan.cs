namespace Tangent.Engine;

/// <summary>A question for drivers made ready: which events give outcomes, and which experiences there are to have.</summary>
internal sealed unsafe class DriversPlan
{
    // Enough to know what comes before what, and how long waits usually are.
    private const long SampledEvents = 4_000_000;
    private const double NearlyAlways = 0.95;
    private const int LeastEvents = 30;
    private const int MostValues = 20;
    private const ulong AtBit = 1, GoalBit = 2, ApartBit = 4;

    private readonly DriversQuestion question;
    private readonly EventMarks marks;
    private readonly ushort[] touchpointOfSignature;
    private int[] reached = [], again = [], late = [];
    private int[][] with = [];

    private DriversPlan(DriversQuestion question, JourneyView view)
    {
        if (question.WindowMs <= 0 || question.GoalMs <= 0) throw new ArgumentException("A time is not positive.", nameof(question));
        if (question.Score is null && question.Goals.Count == 0) throw new ArgumentException("There is neither score nor goal.", nameof(question));
        this.question = question;
        touchpointOfSignature = question.TouchpointOfSignature;
        marks = new EventMarks(view, touchpointOfSignature, [question.At, question.Goals, question.Apart]);
        Lens = Lens.Of(view, marks.OfSignature, question.Filter, isPassing: marks.IsPassing);
        foreach (var touchpoint in touchpointOfSignature)
            if (touchpoint != Code.None) Touchpoints = Math.Max(Touchpoints, touchpoint + 1);
    }

    public Lens Lens { get; }
    public int Touchpoints { get; }
    public Experience[] Experiences { get; private set; } = [];
    public int OneOf { get; private set; } = 1;
    public long WindowMs => question.WindowMs;
    public IReadOnlyList<ValueColumn> Columns => question.Columns;

    /// <summary>Where waits at a touchpoint are counted from; none where nothing comes before nearly always.</summary>
    public ushort[] Since { get; private set; } = [];

    /// <summary>Waits beyond this are long.</summary>
    public long[] BeyondMs { get; private set; } = [];

    public static DriversPlan Of(DriversQuestion question, JourneyView view, CancellationToken ct)
    {
        var plan = new DriversPlan(question, view);
        var every = (int)Math.Max(1, view.Events / SampledEvents);
        var seen = Scan.Run(view, plan.Lens, () => new ExperiencesKernel(plan), ct, every);
        plan.OneOf = (int)Math.Max(1, Math.Ceiling(seen.Sum(kernel => kernel.Outcomes) * (double)every / DriversQuestion.MostRows));
        plan.ChooseSince(seen);
        var waits = Scan.Run(view, plan.Lens, () => new WaitsKernel(plan), ct, every);
        plan.List(seen, waits);
        return plan;
    }

    public ushort TouchpointOf(in JourneyBatch batch, int at) => touchpointOfSignature[batch.Segment.Signatures[batch.Row(at)]];

    public bool IsAt(in JourneyBatch batch, int at) => (marks.Of(batch, at) & AtBit) != 0;

    public bool IsExperience(in JourneyBatch batch, int at) => (marks.Of(batch, at) & ApartBit) == 0;

    /// <summary>Whether the customer is one of those that are looked at, where not all are: by a hash of the number, so that neighbours in it are not all in or out.</summary>
    public bool Takes(int customer) => OneOf == 1 || ((uint)customer * 2654435761u >> 8) % (uint)OneOf == 0;

    /// <summary>The outcome at an event; null where it has none, not a number where it cannot be judged yet.</summary>
    public double? OutcomeOf(in JourneyBatch batch, int at, int end)
    {
        if (!IsAt(batch, at)) return null;
        if (question.Score is { } score)
        {
            var code = batch.Segment.Property(score.Column)[batch.Row(at)];
            return code < score.OfCode.Length && double.IsFinite(score.OfCode[code]) ? score.OfCode[code] : null;
        }

        var untilMs = batch.Times[at] + question.GoalMs;
        if (untilMs > question.EndMs) return double.NaN;
        for (var next = at + 1; next < end && batch.Times[next] <= untilMs; next++)
            if ((marks.Of(batch, next) & GoalBit) != 0) return 1;
        return 0;
    }

    /// <summary>How many events up to an outcome's can be experiences: the event itself is one where it does not tell the outcome.</summary>
    public int EndOfExperiences(int at) => question.Score is null ? at + 1 : at;

    public int Reached(ushort touchpoint) => reached[touchpoint];

    public int Again(ushort touchpoint) => again[touchpoint];

    public int Late(ushort touchpoint) => late[touchpoint];

    /// <summary>The experience of a property's value at a touchpoint; for a property that nearly every event has, anywhere.</summary>
    public int With(int column, ushort touchpoint, int code) =>
        code >= Columns[column].Values ? -1 : with[column][touchpoint * Columns[column].Values + code];

    private void ChooseSince(List<ExperiencesKernel> seen)
    {
        (Since, BeyondMs) = (new ushort[Touchpoints], new long[Touchpoints]);
        for (var touchpoint = 0; touchpoint < Touchpoints; touchpoint++)
        {
            Since[touchpoint] = Code.None;
            var (events, nearest) = (seen.Sum(kernel => kernel.Events[touchpoint]), double.MaxValue);
            if (events < LeastEvents) continue;
            for (var before = 0; before < Touchpoints; before++)
            {
                var index = touchpoint * Touchpoints + before;
                var cases = seen.Sum(kernel => kernel.Before[index]);
                if (before == touchpoint || cases < NearlyAlways * events) continue;
                var mean = seen.Sum(kernel => kernel.BeforeMs[index]) / cases;
                if (mean < nearest) (Since[touchpoint], nearest) = ((ushort)before, mean);
            }
        }
    }

    private void List(List<ExperiencesKernel> seen, List<WaitsKernel> waits)
    {
        var experiences = new List<Experience>();
        int Add(ExperienceKind kind, int touchpoint, int column = -1, int value = -1, ushort since = Code.None, long beyondMs = 0, int usual = -1)
        {
            if (experiences.Count == ushort.MaxValue) return -1;
            experiences.Add(new Experience(kind, (ushort)touchpoint, column, value, since, beyondMs, usual));
            return experiences.Count - 1;
        }

        (reached, again, late, with) = (New(Touchpoints), New(Touchpoints), New(Touchpoints), [.. Columns.Select(c => New(Touchpoints * c.Values))]);
        var events = Enumerable.Range(0, Touchpoints).Select(t => seen.Sum(kernel => kernel.Events[t])).ToArray();
        var all = events.Sum();
        foreach (var t in Enumerable.Range(0, Touchpoints).Where(t => events[t] >= LeastEvents))
        {
            (reached[t], again[t]) = (Add(ExperienceKind.Reached, t), Add(ExperienceKind.Again, t));
            if (Since[t] == Code.None) continue;
            long[] found = [.. waits.SelectMany(kernel => kernel.Of(t))];
            var (lower, upper) = (Quantile.Of(found, 0.25), Quantile.Of(found, 0.75));
            BeyondMs[t] = (long)(upper + 1.5 * (upper - lower));
            late[t] = Add(ExperienceKind.Late, t, since: Since[t], beyondMs: BeyondMs[t]);
        }

        for (var column = 0; column < Columns.Count; column++)
        {
            var (first, values) = (Columns[column].First, Columns[column].Values);
            var at = Enumerable.Range(0, Touchpoints).Select(t => Enumerable.Range(0, values).Select(v => v < first ? 0 : seen.Sum(kernel => kernel.Values[column][t * values + v])).ToArray()).ToArray();
            if (at.Sum(counts => counts.Sum()) >= NearlyAlways * all)
            {
                long[] anywhere = [.. Enumerable.Range(0, values).Select(v => at.Sum(counts => counts[v]))];
                foreach (var (value, usual) in Listed(anywhere))
                {
                    var index = Add(ExperienceKind.With, Code.None, Columns[column].Column, value, usual: usual);
                    for (var t = 0; t < Touchpoints; t++) with[column][t * values + value] = index;
                }

                continue;
            }

            for (var t = 0; t < Touchpoints; t++)
                foreach (var (value, usual) in Listed(at[t])) with[column][t * values + value] = Add(ExperienceKind.With, t, Columns[column].Column, value, usual: usual);
        }

        Experiences = [.. experiences];
    }

    /// <summary>The values worth an experience each, all but the most frequent; none where there are too many to tell apart.</summary>
    private static IEnumerable<(int Value, int Usual)> Listed(long[] counts)
    {
        var found = Enumerable.Range(0, counts.Length).Where(v => counts[v] >= LeastEvents).OrderByDescending(v => counts[v]).ToList();
        return found.Count is 0 or > MostValues ? [] : found.Skip(1).Select(v => (v, found[0]));
    }

    private static int[] New(int count)
    {
        var places = new int[count];
        Array.Fill(places, -1);
        return places;
    }
}
