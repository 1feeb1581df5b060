namespace Tangent.Engine;

/// <summary>Value at each touchpoint, converted into one currency. Cost: one pass that also reads values and currencies.</summary>
public sealed record ValuesQuestion : JourneyQuestion
{
    /// <summary>What one unit of each currency code is worth in the reporting currency; 256 entries, finite; 0 leaves a currency out.</summary>
    public required double[] Rates { get; init; }

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">There are not 256 rates, or one is not finite.</exception>
    public ValuesAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        Check(Rates);
        var lens = LensOn(view);
        var kernels = Scan.Run(view, lens, () => new ValuesKernel(lens.Touchpoints, Rates), ct);
        var listed = new List<TouchpointValue>();
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
        {
            var events = kernels.Sum(kernel => kernel.Events(touchpoint));
            if (events > 0) listed.Add(new TouchpointValue((ushort)touchpoint, events, kernels.Sum(kernel => kernel.Value(touchpoint))));
        }

        return new ValuesAnswer(listed.Sum(item => item.Value), [.. listed]);
    }

    internal static void Check(double[] rates)
    {
        if (rates.Length != 256 || !Array.TrueForAll(rates, double.IsFinite)) throw new ArgumentException("256 finite rates are needed.");
    }
}

/// <summary>Values of touchpoints.</summary>
/// <param name="Value">All of it.</param>
/// <param name="Touchpoints">Touchpoints with valued events, by code.</param>
public sealed record ValuesAnswer(double Value, TouchpointValue[] Touchpoints);

/// <summary>Value at one touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="Events">Events with a value other than 0.</param>
/// <param name="Value">Their sum in the reporting currency, exact to rounding whatever the order (compensated).</param>
public readonly record struct TouchpointValue(ushort Touchpoint, long Events, double Value);

internal sealed unsafe class ValuesKernel(int touchpoints, double[] rates) : Kernel
{
    private readonly Sum[] sums = new Sum[Math.Max(1, touchpoints)];

    public long Events(int touchpoint) => sums[touchpoint].Events;

    public double Value(int touchpoint) => sums[touchpoint].Value.Total;

    public override Reads Reads => Reads.None;

    public override void Visit(in JourneyBatch batch)
    {
        var valued = new ValuedEvents(batch);
        while (valued.Next())
        {
            ref var sum = ref sums[batch.Touchpoints[valued.Index]];
            sum.Events++;
            sum.Value.Add(valued.Value * rates[valued.Currency]);
        }
    }

    private struct Sum
    {
        public long Events;
        public ExactSum Value;
    }
}

/// <summary>A sum that keeps beside it what each rounding loses (Knuth's TwoSum: no branch depends on which of two numbers is larger).</summary>
internal struct ExactSum
{
    private double sum;
    private double lost;

    public readonly double Total => sum + lost;

    public void Add(double item)
    {
        var next = sum + item;
        var taken = next - sum;
        lost += sum - (next - taken) + (item - taken);
        sum = next;
    }
}
