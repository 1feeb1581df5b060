namespace Tangent.Engine;

/// <summary>
/// In which order customers come to touchpoints for the first time: for each two, how many came to one before the other. From that the usual order of
/// touchpoints is made, and the place of one among others. Cost: one pass, and for each customer the square of the touchpoints asked about that he was at.
/// </summary>
public sealed record FirstsQuestion : JourneyQuestion
{
    /// <summary>The most touchpoints of one question.</summary>
    public const int MostTouchpoints = 64;

    /// <summary>The touchpoints, all different.</summary>
    public required IReadOnlyList<ushort> Touchpoints { get; init; }

    /// <summary>The first so many of them: customers who were at none of these do not count. 0: all count.</summary>
    public int Anchors { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">Too many touchpoints, or one twice.</exception>
    public unsafe FirstsAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        if (Touchpoints.Count > MostTouchpoints || Touchpoints.Distinct().Count() != Touchpoints.Count) throw new ArgumentException($"Up to {MostTouchpoints} different touchpoints can be asked about.");
        var places = new sbyte[Code.Count];
        places.AsSpan().Fill(-1);
        for (var place = 0; place < Touchpoints.Count; place++) places[Touchpoints[place]] = (sbyte)place;
        var needed = Anchors == 0 ? ulong.MaxValue : ulong.MaxValue >> (MostTouchpoints - Math.Min(Anchors, MostTouchpoints));
        var kernels = Scan.Run(view, LensOn(view), () => new FirstsKernel(places, Touchpoints.Count, needed), ct);
        var (before, at) = (new long[Touchpoints.Count, Touchpoints.Count], new long[Touchpoints.Count]);
        foreach (var kernel in kernels)
            for (var one = 0; one < Touchpoints.Count; one++)
            {
                at[one] += kernel.At[one];
                for (var other = 0; other < Touchpoints.Count; other++) before[one, other] += kernel.Before[one * Touchpoints.Count + other];
            }

        return new FirstsAnswer(kernels.Sum(kernel => kernel.Customers), at, before);
    }
}

/// <summary>In which order customers come to touchpoints for the first time.</summary>
/// <param name="Customers">Customers who count.</param>
/// <param name="At">Of them, who were at each touchpoint.</param>
/// <param name="Before">[a, b]: who were at both, and at a first.</param>
public sealed record FirstsAnswer(long Customers, long[] At, long[,] Before);

internal sealed unsafe class FirstsKernel(sbyte[] places, int count, ulong needed) : Kernel
{
    private readonly int[] order = new int[count];

    public override Reads Reads => Reads.Journeys;

    public long Customers { get; private set; }

    public long[] At { get; } = new long[count];

    public long[] Before { get; } = new long[count * count];

    public override void Visit(in JourneyBatch batch)
    {
        for (var run = 0; run < batch.Runs; run++)
        {
            var (seen, came) = (0UL, 0);
            for (var at = batch.Starts[run]; at < batch.Starts[run + 1]; at++)
            {
                int place = places[batch.Touchpoints[at]];
                if (place < 0 || (seen >> place & 1) != 0) continue;
                seen |= 1UL << place;
                order[came++] = place;
            }

            if ((seen & needed) == 0) continue;
            Customers++;
            for (var later = 0; later < came; later++)
            {
                At[order[later]]++;
                for (var earlier = 0; earlier < later; earlier++) Before[order[earlier] * count + order[later]]++;
            }
        }
    }
}
