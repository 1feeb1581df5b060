namespace Tangent.Engine;

/// <summary>Events and customers of each signature, mapped to a touchpoint or not. Cost: one pass.</summary>
public sealed record SignaturesQuestion
{
    private static readonly ushort[] Itself = [.. Enumerable.Range(0, Code.Count).Select(code => (ushort)code)];

    /// <summary>Which events count.</summary>
    public JourneyFilter Filter { get; init; } = JourneyFilter.Everything;

    /// <summary>Asks.</summary>
    public SignaturesAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var lens = Lens.Of(view, Itself, Filter, isPassing: true);
        var sum = VolumesKernel.Sum(Scan.Run(view, lens, () => new VolumesKernel(lens.Touchpoints), ct));
        return new SignaturesAnswer(sum.Events, sum.Customers, sum.Listed());
    }

    /// <summary>The customers with an event of a signature.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="signature">Signature.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, ushort signature, int limit = int.MaxValue, CancellationToken ct = default) =>
        new TouchpointsQuestion { TouchpointOfSignature = Itself, Filter = Filter }.Customers(view, signature, null, limit, ct);
}

/// <summary>Volumes of signatures.</summary>
/// <param name="Events">All events.</param>
/// <param name="Customers">All customers.</param>
/// <param name="Signatures">Signatures with events, by code.</param>
public sealed record SignaturesAnswer(long Events, long Customers, Volume[] Signatures);
