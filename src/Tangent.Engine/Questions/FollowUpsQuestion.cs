using System.Runtime.InteropServices;

namespace Tangent.Engine;

/// <summary>
/// What follows each event of a kind: how long until the next event of another kind in the same journey, and the value of all events within the window.
/// Both count strictly after the event; exactly the window still counts. Cost: one pass; up to three times 32 bytes for each event found while it is asked, 32 after.
/// </summary>
public sealed record FollowUpsQuestion : JourneyQuestion
{
    /// <summary>Events that are looked at.</summary>
    public required IReadOnlyList<EventRule> At { get; init; }

    /// <summary>Events that may follow.</summary>
    public required IReadOnlyList<EventRule> Then { get; init; }

    /// <summary>Within what time, in milliseconds.</summary>
    public required long WindowMs { get; init; }

    /// <summary>Up to when events are known, in milliseconds since 1970 UTC.</summary>
    public required long EndMs { get; init; }

    /// <summary>What one unit of each currency code is worth; 256 entries, finite.</summary>
    public required double[] Rates { get; init; }

    /// <summary>Asks.</summary>
    /// <returns>By rising customer, in the order of the journey.</returns>
    /// <exception cref="ArgumentException">The window is not positive, or the rates are not 256 finite ones.</exception>
    public FollowUp[] Ask(JourneyView view, CancellationToken ct = default)
    {
        if (WindowMs <= 0) throw new ArgumentException("The window is not positive.", nameof(view));
        ValuesQuestion.Check(Rates);
        var marks = new EventMarks(view, TouchpointOfSignature, [At, Then]);
        var lens = Lens.Of(view, marks.OfSignature, Filter, isPassing: marks.IsPassing);
        var kernels = Scan.Run(view, lens, () => new FollowUpsKernel(this, marks), ct);
        var all = new FollowUp[kernels.Sum(kernel => kernel.Found.Length)];
        var count = 0;
        foreach (var (kernel, from, to) in RisingRuns.InOrder([.. kernels.Select(kernel => kernel.Found.Length)], (kernel, at) => kernels[kernel].Found[at].Customer))
        {
            kernels[kernel].Found[from..to].CopyTo(all.AsSpan(count));
            count += to - from;
        }

        return all;
    }
}

/// <summary>What followed an event.</summary>
/// <param name="Customer">Customer number.</param>
/// <param name="AtMs">Time of the event.</param>
/// <param name="DelayMs">Time until the next event that may follow; −1 where none does within the window.</param>
/// <param name="Value">Value of all events within the window.</param>
/// <param name="IsOpen">The window is not over yet.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FollowUp(int Customer, long AtMs, long DelayMs, double Value, bool IsOpen);

internal sealed unsafe class FollowUpsKernel(FollowUpsQuestion question, EventMarks marks) : Kernel
{
    private const ulong AtBit = 1, ThenBit = 2;

    private readonly long windowMs = Math.Min(question.WindowMs, 1L << 50);
    private GrowingList<FollowUp> found;
    private double[] values = [];

    public ReadOnlySpan<FollowUp> Found => found.Items;

    public override void Visit(in JourneyBatch batch)
    {
        if (values.Length < batch.Events) values = new double[batch.Events];
        Array.Clear(values);
        var valued = new ValuedEvents(batch);
        while (valued.Next()) values[valued.Index] = valued.Value * question.Rates[valued.Currency];
        for (var run = 0; run < batch.Runs; run++)
        {
            var end = batch.Starts[run + 1];
            for (var at = batch.Starts[run]; at < end; at++)
                if ((marks.Of(batch, at) & AtBit) != 0) found.Add(Follow(batch, batch.Customers[run], at, end));
        }
    }

    private FollowUp Follow(in JourneyBatch batch, int customer, int at, int end)
    {
        var (atMs, delayMs, value) = (batch.Times[at], -1L, 0.0);
        for (var next = at + 1; next < end && batch.Times[next] - atMs <= windowMs; next++)
        {
            if (batch.Times[next] == atMs) continue;
            value += values[next];
            if (delayMs < 0 && (marks.Of(batch, next) & ThenBit) != 0) delayMs = batch.Times[next] - atMs;
        }

        return new FollowUp(customer, atMs, delayMs, value, atMs + windowMs > question.EndMs);
    }
}
