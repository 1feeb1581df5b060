namespace Tangent.Engine;

/// <summary>How the paths of a question that asks for more than the plain one are read.</summary>
internal sealed class PathWalkPlan
{
    public PathWalkPlan(PathsQuestion question, Lens lens)
    {
        Steps = question.Steps;
        Collapse = question.CollapseRepeats;
        IsStart = Flags(question.Start);
        IsEnd = Flags(question.End);
        VisitGapMs = question.VisitGapMs ?? long.MaxValue;
        OpenFromMs = question.OpenFromMs ?? long.MaxValue;
        LooksOutside = lens.HasPeriod && question.OpenFromMs is not null;
        Touchpoints = lens.Touchpoints;
        Lens = lens;
    }

    public int Steps { get; }
    public bool Collapse { get; }
    public bool[]? IsStart { get; }
    public bool[]? IsEnd { get; }
    public long VisitGapMs { get; }
    public long OpenFromMs { get; }
    public int Touchpoints { get; }

    /// <summary>Whether journeys go on outside the period is to be told.</summary>
    public bool LooksOutside { get; }

    public Lens Lens { get; }
    public bool IsBackwards => IsStart is null && IsEnd is not null;

    private static bool[]? Flags(ushort[]? touchpoints)
    {
        if (touchpoints is null) return null;
        var flags = new bool[Code.Count];
        foreach (var touchpoint in touchpoints) flags[touchpoint] = true;
        return flags;
    }
}

/// <summary>The paths of one run, one after the other: one of the journey, or one of each visit.</summary>
internal unsafe ref struct PathWalk
{
    /// <summary>No fate: the path arrived at its end.</summary>
    public const PathFate Arrived = PathFate.Any;

    private readonly PathWalkPlan plan;
    private readonly ushort* touchpoints;
    private readonly long* times;
    private readonly ushort* buffer;
    private readonly int from;
    private readonly int to;
    // Times of the events right before and right after the period, or ones that no visit reaches.
    private readonly long beforeMs = long.MinValue;
    private readonly long afterMs = long.MaxValue;
    private int next;

    /// <param name="plan">How to read.</param>
    /// <param name="batch">Where the run is.</param>
    /// <param name="run">The run.</param>
    /// <param name="buffer">Room for as many codes as a path may have positions.</param>
    public PathWalk(PathWalkPlan plan, in JourneyBatch batch, int run, ushort* buffer)
    {
        this.plan = plan;
        this.buffer = buffer;
        touchpoints = batch.Touchpoints;
        times = batch.Times;
        next = from = batch.Starts[run];
        to = batch.Starts[run + 1];
        if (!plan.LooksOutside) return;
        var segment = batch.Segment;
        var segmentRun = segment.RunOf(batch.Customers[run]);
        if (plan.IsBackwards)
        {
            for (var row = batch.Row(from) - 1; row >= segment.Starts[segmentRun] && beforeMs == long.MinValue; row--)
                if (segment.Times[row] < plan.Lens.FromMs && Passes(segment, row)) beforeMs = segment.Times[row];
        }
        else
        {
            for (var row = batch.Row(to - 1) + 1; row < segment.Starts[segmentRun + 1] && afterMs == long.MaxValue; row++)
                if (segment.Times[row] >= plan.Lens.ToMs && Passes(segment, row)) afterMs = segment.Times[row];
        }
    }

    /// <summary>Touchpoints of the path now read, in the order of time.</summary>
    public ushort* Steps { get; private set; }

    /// <summary>Number of <see cref="Steps"/>.</summary>
    public int Length { get; private set; }

    /// <summary>Position, from 0, of the first of the steps: paths read backwards end at the last position.</summary>
    public int First { get; private set; }

    /// <summary>What became of the path where it goes no further.</summary>
    public PathFate Fate { get; private set; }

    /// <summary>Number of the step that <see cref="Fate"/> is about: the last; the first where the path is read backwards.</summary>
    public readonly int FateAt => plan.IsBackwards ? 0 : Length - 1;

    /// <summary>Reads the next path that there is.</summary>
    public bool Next()
    {
        while (next < to)
        {
            var first = next;
            var end = to;
            if (plan.VisitGapMs != long.MaxValue)
                for (end = first + 1; end < to && times[end] - times[end - 1] <= plan.VisitGapMs;) end++;
            next = end;
            if (plan.IsBackwards ? ReadBackwards(first, end) : ReadOn(first, end)) return true;
        }

        return false;
    }

    private bool ReadOn(int first, int end)
    {
        var at = first;
        while (at < end && plan.IsStart is { } isStart && !isStart[touchpoints[at]]) at++;
        if (at == end) return false;
        var last = end;
        if (plan.IsEnd is { } isEnd)
        {
            last = After(at, end);
            while (last < end && !isEnd[touchpoints[last]]) last = After(last, end);
            if (last == end) return false;
        }

        Steps = buffer;
        (Length, First) = (0, 0);
        while (true)
        {
            buffer[Length++] = touchpoints[at];
            var following = At(last, at) ? end : After(at, end);
            if (following == end)
            {
                Fate = At(last, at) ? Arrived : EndOf(end);
                return true;
            }

            if (Length == plan.Steps)
            {
                Fate = PathFate.Continues;
                return true;
            }

            at = following;
        }
    }

    private bool ReadBackwards(int first, int end)
    {
        var at = first;
        while (at < end && !plan.IsEnd![touchpoints[at]]) at++;
        if (at == end) return false;
        Length = 0;
        var place = buffer + plan.Steps;
        while (true)
        {
            *--place = touchpoints[at];
            Length++;
            var before = at - 1;
            while (before >= first && plan.Collapse && touchpoints[before] == touchpoints[at]) before--;
            if (before >= first && Length < plan.Steps)
            {
                at = before;
                continue;
            }

            Steps = place;
            First = plan.Steps - Length;
            Fate = before >= first || (first == from && beforeMs != long.MinValue && times[first] - beforeMs <= plan.VisitGapMs) ? PathFate.Continues : PathFate.Ended;
            return true;
        }
    }

    private readonly bool At(int last, int at) => plan.IsEnd is not null && at == last;

    private readonly int After(int at, int end)
    {
        var here = touchpoints[at++];
        while (plan.Collapse && at < end && touchpoints[at] == here) at++;
        return at;
    }

    /// <summary>What became of a journey, or a visit, after its last event.</summary>
    private readonly PathFate EndOf(int end)
    {
        if (end < to) return PathFate.Ended;
        if (afterMs != long.MaxValue) return afterMs - times[end - 1] <= plan.VisitGapMs ? PathFate.Continues : PathFate.Ended;
        return times[end - 1] >= plan.OpenFromMs ? PathFate.Open : PathFate.Ended;
    }

    private readonly bool Passes(Segment segment, int row)
    {
        var signature = segment.Signatures[row];
        if (plan.Lens.TouchpointOfSignature[signature] == Code.None || plan.Lens.Signatures is { } signatures && !signatures.Allows(signature)) return false;
        foreach (var (column, allowed) in plan.Lens.Conditions)
            if (!allowed.Allows(segment.Property(column)[row])) return false;
        return true;
    }
}
