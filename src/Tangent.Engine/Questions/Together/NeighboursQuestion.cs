namespace Tangent.Engine;

/// <summary>
/// What comes in the steps before and after a touchpoint. Each of its events is a case; a neighbour counts once for a case, however
/// often it comes. The base rate is the same of all events, whatever their touchpoint.
/// Cost: one pass, whatever the number of steps.
/// </summary>
public sealed record NeighboursQuestion : JourneyQuestion
{
    /// <summary>The most steps looked at.</summary>
    public const int MostSteps = 100;

    /// <summary>The touchpoint in the middle.</summary>
    public required ushort Touchpoint { get; init; }

    /// <summary>Events looked at on either side, 1 to 100; 3 by default.</summary>
    public int Steps { get; init; } = 3;

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">Too few or too many steps.</exception>
    public NeighboursAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        CheckSteps();
        var lens = LensOn(view);
        var kernels = Scan.Run(view, lens, () => new NeighboursKernel(lens.Touchpoints, Touchpoint, Steps), ct);
        return new NeighboursAnswer(
            kernels.Sum(kernel => kernel.Customers), kernels.Sum(kernel => kernel.Events), kernels.Sum(kernel => kernel.With), kernels.Sum(kernel => kernel.Cases),
            Listed(kernels, before: true), Listed(kernels, before: false));
    }

    /// <summary>The customers who have a neighbour at least once.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="neighbour">The neighbour; null: all customers with the touchpoint.</param>
    /// <param name="before">Before the touchpoint, or after it.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Customers(JourneyView view, ushort? neighbour, bool before, int limit = int.MaxValue, CancellationToken ct = default)
    {
        CheckSteps();
        return CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            for (var at = first; at < end; at++)
            {
                if (batch.Touchpoints[at] != Touchpoint) continue;
                if (neighbour is not { } wanted) return true;
                var (from, to) = before ? (Math.Max(first, at - Steps), at) : (at + 1, (int)Math.Min(end, at + 1L + Steps));
                if (new ReadOnlySpan<ushort>(batch.Touchpoints + from, to - from).Contains(wanted)) return true;
            }

            return false;
        }), limit, ct);
    }

    private void CheckSteps()
    {
        if (Steps is < 1 or > MostSteps) throw new ArgumentException($"1 to {MostSteps} steps are looked at.");
    }

    private static Neighbour[] Listed(List<NeighboursKernel> kernels, bool before)
    {
        var sums = kernels[0].Side(before).Select((_, code) => new Neighbour(
            (ushort)code, kernels.Sum(k => k.Side(before)[code].Cases), kernels.Sum(k => k.Side(before)[code].Customers), kernels.Sum(k => k.Side(before)[code].Base)));
        return [.. sums.Where(n => n.Cases > 0)];
    }
}

/// <summary>What comes before and after a touchpoint.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Events">Their events: the cases of the base rates.</param>
/// <param name="With">Customers with the touchpoint.</param>
/// <param name="Cases">Events of the touchpoint.</param>
/// <param name="Before">What comes before it, by code.</param>
/// <param name="After">What comes after it, by code.</param>
public sealed record NeighboursAnswer(long Customers, long Events, long With, long Cases, Neighbour[] Before, Neighbour[] After);

/// <summary>A neighbour.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Cases">Events of the touchpoint in the middle that have it among the steps.</param>
/// <param name="Customers">Customers with such an event.</param>
/// <param name="Base">Events of any touchpoint that have it among the steps.</param>
public readonly record struct Neighbour(ushort Touchpoint, long Cases, long Customers, long Base);

internal sealed unsafe class NeighboursKernel(int touchpoints, ushort middle, int steps) : Kernel
{
    private readonly Cell[] before = new Cell[touchpoints];
    private readonly Cell[] after = new Cell[touchpoints];
    private int[] middles = new int[1024];
    private long run;

    public long Customers { get; private set; }
    public long Events { get; private set; }
    public long With { get; private set; }
    public long Cases { get; private set; }

    public Cell[] Side(bool isBefore) => isBefore ? before : after;

    public override void Visit(in JourneyBatch batch)
    {
        Customers += batch.Runs;
        Events += batch.Events;
        for (var index = 0; index < batch.Runs; index++)
        {
            run++;
            var codes = batch.Touchpoints + batch.Starts[index];
            var length = batch.Starts[index + 1] - batch.Starts[index];
            var cases = CountMiddles(codes, length);
            Cases += cases;
            With += cases > 0 ? 1 : 0;
            After(codes, length);
            Before(codes, length);
        }
    }

    // Events that have this one among the next steps and none of its touchpoint nearer: from the last one of its touchpoint on.
    private void After(ushort* codes, int length)
    {
        for (var at = 0; at < length; at++)
        {
            ref var cell = ref after[codes[at]];
            var from = Math.Max(at - steps, cell.Run == run ? cell.Last : 0);
            Add(ref cell, Math.Max(0, from), at);
            (cell.Run, cell.Last) = (run, at);
        }
    }

    private void Before(ushort* codes, int length)
    {
        for (var at = length - 1; at >= 0; at--)
        {
            ref var cell = ref before[codes[at]];
            var to = (int)Math.Min(at + (long)steps, cell.Run == run ? cell.Last : length - 1);
            Add(ref cell, at + 1, to + 1);
            (cell.Run, cell.Last) = (run, at);
        }
    }

    private void Add(ref Cell cell, int from, int to)
    {
        cell.Base += to - from;
        var cases = middles[to] - middles[from];
        cell.Cases += cases;
        if (cases == 0 || cell.LastWith == run) return;
        cell.LastWith = run;
        cell.Customers++;
    }

    /// <summary>How many events of the touchpoint in the middle lie before each place.</summary>
    private int CountMiddles(ushort* codes, int length)
    {
        if (middles.Length <= length) middles = new int[length * 2];
        var count = 0;
        for (var at = 0; at < length; at++)
        {
            middles[at] = count;
            count += codes[at] == middle ? 1 : 0;
        }

        return middles[length] = count;
    }

    public struct Cell
    {
        public long Base, Cases, Customers, LastWith, Run;
        public int Last;
    }
}
