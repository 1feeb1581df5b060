namespace Tangent.Engine;

/// <summary>Events that are older than a moment. Their times are compared exactly; a customer counts once. Cost: one pass over the times.</summary>
public sealed record AgeQuestion : JourneyQuestion
{
    /// <summary>Asks.</summary>
    /// <param name="view">Where to look.</param>
    /// <param name="beforeMs">The moment, in milliseconds since 1970 UTC.</param>
    /// <param name="positions">Takes the log positions of what is older; null where nobody wants them.</param>
    /// <param name="ct">Ends it.</param>
    public AgeAnswer Ask(JourneyView view, long beforeMs, PositionBits? positions = null, CancellationToken ct = default)
    {
        var kernels = Scan.Run(view, LensOn(view), () => new AgeKernel(beforeMs, positions), ct);
        return new AgeAnswer(kernels.Sum(k => k.Events), kernels.Sum(k => k.Customers), kernels.Min(k => k.FirstMs) is var first and < long.MaxValue ? first : null);
    }
}

/// <summary>What is older than a moment.</summary>
/// <param name="Events">Events before the moment.</param>
/// <param name="Customers">Customers who have one.</param>
/// <param name="FirstMs">Time of the first event of all, older or not; null where there is none.</param>
public sealed record AgeAnswer(long Events, long Customers, long? FirstMs);

/// <summary>A set of positions of the log, one bit each; several threads may add.</summary>
/// <param name="end">Positions are below this.</param>
public sealed class PositionBits(long end)
{
    private readonly ulong[] words = new ulong[(end + 63) / 64];

    /// <summary>Adds a position; one at or beyond the end is left out.</summary>
    public void Add(long position)
    {
        if ((ulong)position < (ulong)end) Interlocked.Or(ref words[position >> 6], 1UL << (int)(position & 63));
    }

    /// <summary>The runs of positions in the set, rising, each from its first up to its end (exclusive).</summary>
    public IEnumerable<(long From, long To)> Ranges()
    {
        for (long at = 0; (at = Next(at, isIn: true)) < end;)
        {
            var from = at;
            at = Next(at, isIn: false);
            yield return (from, at);
        }
    }

    private long Next(long at, bool isIn)
    {
        while (at < end)
        {
            var word = (isIn ? words[at >> 6] : ~words[at >> 6]) >> (int)(at & 63);
            if (word != 0) return Math.Min(end, at + System.Numerics.BitOperations.TrailingZeroCount(word));
            at = (at | 63) + 1;
        }

        return end;
    }
}

internal sealed unsafe class AgeKernel(long beforeMs, PositionBits? positions) : Kernel
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
            for (; row < to && batch.Times[row] < beforeMs; row++) positions?.Add(batch.Segment.Positions[batch.Row(row)]);
            Events += row - from;
            if (row > from) Customers++;
        }
    }
}
