namespace Tangent.Engine;

/// <summary>When the filtered journeys begin and end. Cost: one pass that reads the two ends of each journey.</summary>
public sealed record SpanQuestion : JourneyQuestion
{
    /// <summary>Asks.</summary>
    /// <returns>Null where there is no event.</returns>
    public (long FirstMs, long LastMs)? Ask(JourneyView view, CancellationToken ct = default)
    {
        var kernels = Scan.Run(view, LensOn(view), () => new SpanKernel(), ct);
        var (first, last) = (kernels.Min(kernel => kernel.FirstMs), kernels.Max(kernel => kernel.LastMs));
        return first > last ? null : (first, last);
    }
}

internal sealed unsafe class SpanKernel : Kernel
{
    public long FirstMs { get; private set; } = long.MaxValue;

    public long LastMs { get; private set; } = long.MinValue;

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            FirstMs = Math.Min(FirstMs, batch.Times[batch.Starts[run]]);
            LastMs = Math.Max(LastMs, batch.Times[batch.Starts[run + 1] - 1]);
        }
    }
}
