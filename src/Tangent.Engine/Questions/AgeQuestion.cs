namespace Tangent.Engine;

/// <summary>Events that are older than a moment. Their times are compared exactly; a customer counts once. Cost: one pass over the times.</summary>
public sealed record AgeQuestion : JourneyQuestion
{
    /// <summary>Asks.</summary>
    /// <param name="view">Where to look.</param>
    /// <param name="beforeMs">The moment, in milliseconds since 1970 UTC.</param>
    /// <param name="found">Takes the log position of each that is older, from several threads at once; null where nobody wants them.</param>
    /// <param name="ct">Ends it.</param>
    public AgeAnswer Ask(JourneyView view, long beforeMs, Action<long>? found = null, CancellationToken ct = default)
    {
        var kernels = Scan.Run(view, LensOn(view), () => new AgeKernel(beforeMs, found), ct);
        return new AgeAnswer(kernels.Sum(k => k.Events), kernels.Sum(k => k.Customers), kernels.Min(k => k.FirstMs) is var first and < long.MaxValue ? first : null);
    }
}

/// <summary>What is older than a moment.</summary>
/// <param name="Events">Events before the moment.</param>
/// <param name="Customers">Customers who have one.</param>
/// <param name="FirstMs">Time of the first event of all, older or not; null where there is none.</param>
public sealed record AgeAnswer(long Events, long Customers, long? FirstMs);

internal sealed unsafe class AgeKernel(long beforeMs, Action<long>? found) : Kernel
{
    public long Events { get; private set; }

    public long Customers { get; private set; }

    public long FirstMs { get; private set; } = long.MaxValue;

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            int from = batch.Starts[run], to = batch.Starts[run + 1], row = from;
            FirstMs = Math.Min(FirstMs, batch.Times[from]);
            // A journey is in the order of its times.
            for (; row < to && batch.Times[row] < beforeMs; row++) found?.Invoke(batch.Segment.Positions[batch.Row(row)]);
            Events += row - from;
            if (row > from) Customers++;
        }
    }
}
