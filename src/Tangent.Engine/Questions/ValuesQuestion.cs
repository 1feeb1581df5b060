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
        if (Rates.Length != 256 || !Array.TrueForAll(Rates, double.IsFinite)) throw new ArgumentException("256 finite rates are needed.");
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

    public double Value(int touchpoint) => sums[touchpoint].Value + sums[touchpoint].Lost;

    public override void Visit(in JourneyBatch batch)
    {
        var values = batch.Segment.Values;
        for (var at = 0; at < batch.Events; at++)
        {
            var row = batch.Row(at);
            var value = values[row];
            if (value == 0) continue;
            ref var sum = ref sums[batch.Touchpoints[at]];
            sum.Events++;
            sum.Add(value * rates[batch.Segment.Currencies[row]]);
        }
    }

    // Neumaier's summation: what a rounding loses is kept beside the sum.
    private struct Sum
    {
        public long Events;
        public double Value;
        public double Lost;

        public void Add(double item)
        {
            var sum = Value + item;
            Lost += Math.Abs(Value) >= Math.Abs(item) ? Value - sum + item : item - sum + Value;
            Value = sum;
        }
    }
}
