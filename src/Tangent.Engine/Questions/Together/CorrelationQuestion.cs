namespace Tangent.Engine;

/// <summary>
/// Which touchpoints go along with a conversion: of the customers who entered, those who converted and those who did not, each with and
/// without the touchpoint.
/// <para>
/// A customer enters with an event of <see cref="Entry"/> and converts with the first later event of <see cref="Goal"/> that is at most
/// <see cref="WindowMs"/> after one (exactly the window still counts). What lies between that goal and the earliest entry within the
/// window before it was done; of those who do not convert, what lies within the window after their first entry. Without an entry everybody
/// enters by the first event, which then was done too.
/// </para>
/// Cost: one pass.
/// </summary>
public sealed record CorrelationQuestion : JourneyQuestion
{
    /// <summary>Touchpoints that enter; null: the first event, whatever it is.</summary>
    public ushort[]? Entry { get; init; }

    /// <summary>Touchpoints that convert; at least one.</summary>
    public required ushort[] Goal { get; init; }

    /// <summary>Time from entry to conversion in milliseconds; 14 days by default.</summary>
    public long WindowMs { get; init; } = 14L * 24 * 60 * 60 * 1000;

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">No goal, or a window that is not positive.</exception>
    public CorrelationAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new CorrelationPlan(this);
        var lens = LensOn(view);
        var kernels = Scan.Run(view, lens, () => new CorrelationKernel(plan, lens.Touchpoints), ct);
        var listed = new List<CorrelationTouchpoint>();
        long entrants = kernels.Sum(kernel => kernel.Entrants), converted = kernels.Sum(kernel => kernel.Converted);
        for (var touchpoint = 0; touchpoint < lens.Touchpoints; touchpoint++)
        {
            var (with, without) = (kernels.Sum(kernel => kernel.Did(touchpoint, true)), kernels.Sum(kernel => kernel.Did(touchpoint, false)));
            if (with + without > 0) listed.Add(new CorrelationTouchpoint((ushort)touchpoint, with, without, converted - with, entrants - converted - without));
        }

        return new CorrelationAnswer(kernels.Sum(kernel => kernel.Customers), entrants, converted, [.. listed]);
    }

    /// <summary>The customers behind one of the four cells of a touchpoint, or behind the totals.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoint">Touchpoint; null: whatever they did.</param>
    /// <param name="did">Those who were there, or those who were not; without meaning where no touchpoint is named.</param>
    /// <param name="converted">Those who converted, or those who did not; null: both.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public unsafe CustomersBehind Customers(JourneyView view, ushort? touchpoint, bool did, bool? converted, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var plan = new CorrelationPlan(this);
        return CustomersKernel.Ask(view, LensOn(view), () => new MatchingCustomersKernel((in batch, first, end) =>
        {
            if (!plan.Find(batch.Touchpoints, batch.Times, first, end, out var from, out var to, out var converts)) return false;
            if (converted is { } wanted && wanted != converts) return false;
            return touchpoint is not { } code || new ReadOnlySpan<ushort>(batch.Touchpoints + from, to - from).Contains(code) == did;
        }), limit, ct);
    }
}

/// <summary>What goes along with a conversion.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Entrants">Customers who entered.</param>
/// <param name="Converted">Those of them who converted.</param>
/// <param name="Touchpoints">Touchpoints somebody was at, by code.</param>
public sealed record CorrelationAnswer(long Customers, long Entrants, long Converted, CorrelationTouchpoint[] Touchpoints);

/// <summary>The four cells of one touchpoint.</summary>
/// <param name="Touchpoint">Touchpoint code.</param>
/// <param name="DidAndConverted">a: were there and converted.</param>
/// <param name="DidNotConvert">b: were there and did not convert.</param>
/// <param name="ConvertedWithout">c: converted without having been there.</param>
/// <param name="Neither">d: neither.</param>
public readonly record struct CorrelationTouchpoint(ushort Touchpoint, long DidAndConverted, long DidNotConvert, long ConvertedWithout, long Neither)
{
    /// <summary>((a + 1)(d + 1)) / ((b + 1)(c + 1)): above 1 those who were there converted more often. One is added to each cell so that an empty one does not decide.</summary>
    public double OddsRatio => Math.Exp(LogOdds);

    /// <summary>Lower end of the 95 % interval of the odds ratio, from the normal approximation of its logarithm with variance Σ 1 / (cell + 1) (Woolf, 1955).</summary>
    public double Low => Math.Exp(LogOdds - 1.959963984540054 * Deviation);

    /// <summary>Upper end of the 95 % interval.</summary>
    public double High => Math.Exp(LogOdds + 1.959963984540054 * Deviation);

    /// <summary>Natural logarithm of the odds ratio: the strength, alike in both directions.</summary>
    public double LogOdds => Math.Log(DidAndConverted + 1.0) + Math.Log(Neither + 1.0) - Math.Log(DidNotConvert + 1.0) - Math.Log(ConvertedWithout + 1.0);

    private double Deviation => Math.Sqrt(1 / (DidAndConverted + 1.0) + 1 / (DidNotConvert + 1.0) + 1 / (ConvertedWithout + 1.0) + 1 / (Neither + 1.0));
}
