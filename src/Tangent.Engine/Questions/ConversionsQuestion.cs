namespace Tangent.Engine;

/// <summary>
/// Of the customers who were at each touchpoint, how many reached a goal within a window. One converts at a touchpoint when a goal event lies strictly after one of the events there,
/// at most the window later (exactly the window still counts); who does not, and has an event there whose window reaches past <see cref="EndMs"/>, is open. Cost: one pass.
/// </summary>
public sealed record ConversionsQuestion : JourneyQuestion
{
    /// <summary>Goal events.</summary>
    public required IReadOnlyList<EventRule> Goals { get; init; }

    /// <summary>Within what time, in milliseconds.</summary>
    public required long WindowMs { get; init; }

    /// <summary>Up to when events are known, in milliseconds since 1970 UTC.</summary>
    public required long EndMs { get; init; }

    /// <summary>Asks.</summary>
    /// <returns>Touchpoints with events, by code.</returns>
    /// <exception cref="ArgumentException">The window is not positive.</exception>
    public TouchpointConversion[] Ask(JourneyView view, CancellationToken ct = default)
    {
        if (WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(view));
        var marks = new EventMarks(view, TouchpointOfSignature, [Goals]);
        var lens = Lens.Of(view, marks.OfSignature, Filter, isPassing: marks.IsPassing);
        var touchpoints = 0;
        foreach (var touchpoint in TouchpointOfSignature)
            if (touchpoint != Code.None) touchpoints = Math.Max(touchpoints, touchpoint + 1);
        var kernels = Scan.Run(view, lens, () => new TouchpointConversionsKernel(this, marks, touchpoints), ct);
        var found = new List<TouchpointConversion>();
        for (var touchpoint = 0; touchpoint < touchpoints; touchpoint++)
        {
            long Sum(ConversionState state) => kernels.Sum(kernel => kernel.Count(touchpoint, state));
            var (not, open, converted) = (Sum(ConversionState.NotConverted), Sum(ConversionState.Open), Sum(ConversionState.Converted));
            if (not + open + converted > 0) found.Add(new TouchpointConversion((ushort)touchpoint, not + converted, converted, open));
        }

        return [.. found];
    }

    /// <summary>The customers behind a number.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoint">Where they were.</param>
    /// <param name="state">What became of them.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ArgumentException">The window is not positive.</exception>
    public CustomersBehind Customers(JourneyView view, ushort touchpoint, ConversionState state, int limit = int.MaxValue, CancellationToken ct = default)
    {
        if (WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(view));
        var marks = new EventMarks(view, TouchpointOfSignature, [Goals]);
        var lens = Lens.Of(view, marks.OfSignature, Filter, isPassing: marks.IsPassing);
        return CustomersKernel.Ask(view, lens, () => new MatchingCustomersKernel((in batch, first, end) => StateOf(batch, marks, first, end, touchpoint) == (int)state), limit, ct);
    }

    /// <summary>0 where the journey was never there.</summary>
    private unsafe int StateOf(in JourneyBatch batch, EventMarks marks, int first, int end, ushort touchpoint)
    {
        var (goals, found) = (new LaterGoal(), 0);
        for (var at = end - 1; at >= first; at--)
        {
            var later = goals.At(batch.Times[at]);
            if (TouchpointOfSignature[batch.Segment.Signatures[batch.Row(at)]] == touchpoint) found = Math.Max(found, (int)Judge(batch.Times[at], later));
            goals.See(marks.Of(batch, at) != 0);
        }

        return found;
    }

    /// <summary>First whether it can be judged: who converts at once would count, who may yet convert would not.</summary>
    internal ConversionState Judge(long ms, long laterMs)
    {
        var windowMs = Math.Min(WindowMs, 1L << 50);
        return ms + windowMs > EndMs ? ConversionState.Open : laterMs != long.MaxValue && laterMs - ms <= windowMs ? ConversionState.Converted : ConversionState.NotConverted;
    }
}

/// <summary>What became of a customer at a touchpoint; of several times there the later of these holds.</summary>
public enum ConversionState
{
    /// <summary>Cannot be judged yet.</summary>
    Open = 1,

    /// <summary>Reached no goal within the window.</summary>
    NotConverted = 2,

    /// <summary>Reached one.</summary>
    Converted = 3,
}

/// <summary>Going backwards through a journey: the nearest goal that is strictly later than an event.</summary>
internal struct LaterGoal()
{
    private long later = long.MaxValue, sameMs = long.MaxValue;
    private bool same;

    /// <summary>Time of that goal; the highest number where there is none.</summary>
    public long At(long ms)
    {
        if (ms == sameMs) return later;
        if (same) later = sameMs;
        (same, sameMs) = (false, ms);
        return later;
    }

    /// <summary>Whether the event just looked at is a goal itself.</summary>
    public void See(bool isGoal) => same |= isGoal;
}

/// <summary>Customers at one touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Customers">Who was there and can be judged.</param>
/// <param name="Converted">Of them, who reached a goal.</param>
/// <param name="Open">Who was there and cannot be judged yet.</param>
public readonly record struct TouchpointConversion(ushort Touchpoint, long Customers, long Converted, long Open);

internal sealed unsafe class TouchpointConversionsKernel(ConversionsQuestion question, EventMarks marks, int touchpoints) : Kernel
{
    private readonly long[] counts = new long[touchpoints * 4];
    private readonly byte[] states = new byte[touchpoints];
    private readonly List<ushort> visited = [];

    public long Count(int touchpoint, ConversionState state) => counts[touchpoint * 4 + (int)state];

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var goals = new LaterGoal();
            for (var at = batch.Starts[run + 1] - 1; at >= batch.Starts[run]; at--)
            {
                var later = goals.At(batch.Times[at]);
                var touchpoint = question.TouchpointOfSignature[batch.Segment.Signatures[batch.Row(at)]];
                if (states[touchpoint] == 0) visited.Add(touchpoint);
                states[touchpoint] = (byte)Math.Max(states[touchpoint], (int)question.Judge(batch.Times[at], later));
                goals.See(marks.Of(batch, at) != 0);
            }

            foreach (var touchpoint in visited)
            {
                counts[touchpoint * 4 + states[touchpoint]]++;
                states[touchpoint] = 0;
            }

            visited.Clear();
        }
    }
}
