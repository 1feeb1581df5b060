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
            long Sum(int state) => kernels.Sum(kernel => kernel.Count(touchpoint, state));
            var (not, open, converted) = (Sum(TouchpointConversionsKernel.Not), Sum(TouchpointConversionsKernel.Open), Sum(TouchpointConversionsKernel.Converted));
            if (not + open + converted > 0) found.Add(new TouchpointConversion((ushort)touchpoint, not + converted, converted, open));
        }

        return [.. found];
    }
}

/// <summary>Customers at one touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Customers">Who was there and can be judged.</param>
/// <param name="Converted">Of them, who reached a goal.</param>
/// <param name="Open">Who was there and cannot be judged yet.</param>
public readonly record struct TouchpointConversion(ushort Touchpoint, long Customers, long Converted, long Open);

internal sealed unsafe class TouchpointConversionsKernel(ConversionsQuestion question, EventMarks marks, int touchpoints) : Kernel
{
    // The later holds where a customer was at a touchpoint several times.
    public const int Open = 1, Not = 2, Converted = 3;

    private readonly long windowMs = Math.Min(question.WindowMs, 1L << 50);
    private readonly long[] counts = new long[touchpoints * 4];
    private readonly byte[] states = new byte[touchpoints];
    private readonly List<ushort> visited = [];

    public long Count(int touchpoint, int state) => counts[touchpoint * 4 + state];

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            // Backwards: the nearest goal that is strictly later is known at each event.
            var (later, same, sameMs) = (long.MaxValue, false, long.MaxValue);
            for (var at = batch.Starts[run + 1] - 1; at >= batch.Starts[run]; at--)
            {
                var ms = batch.Times[at];
                if (ms != sameMs)
                {
                    if (same) later = sameMs;
                    (same, sameMs) = (false, ms);
                }

                var touchpoint = question.TouchpointOfSignature[batch.Segment.Signatures[batch.Row(at)]];
                // First whether it can be judged: who converts at once would count, who may yet convert would not.
                var state = ms + windowMs > question.EndMs ? Open : later != long.MaxValue && later - ms <= windowMs ? Converted : Not;
                if (states[touchpoint] == 0) visited.Add(touchpoint);
                states[touchpoint] = (byte)Math.Max(states[touchpoint], state);
                same |= marks.Of(batch, at) != 0;
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
