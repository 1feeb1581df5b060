namespace Tangent.Analyse;

/// <summary>
/// How an outcome rises with answers: the slope of a least-squares line, with an interval from a bootstrap of customers. Customers are put into a hundred groups by
/// chance, and samples of groups are drawn, always the same ones, as drivers do (<see cref="DriverAnalysis"/>): only sums of groups are kept.
/// </summary>
internal sealed class Slope
{
    private const int Groups = 100;
    private const int Samples = 400;

    // Sample by sample, the groups in it.
    private static readonly byte[] Drawn = Draw();

    private readonly Sums[] _groups = new Sums[Groups];

    public long N { get; private set; }

    /// <summary>Adds an answer.</summary>
    /// <param name="customer">Whose it is: all answers of a customer are in one group.</param>
    /// <param name="x">The answer.</param>
    /// <param name="y">The outcome.</param>
    public void Add(int customer, double x, double y)
    {
        N++;
        // Mixes the bits of the number, so that neighbours are not in neighbouring groups.
        ref var sums = ref _groups[(uint)(customer * 2654435761u >> 7) % Groups];
        sums = sums with { N = sums.N + 1, X = sums.X + x, Y = sums.Y + y, XX = sums.XX + (x * x), XY = sums.XY + (x * y) };
    }

    /// <summary>The slope and its 95 % interval; null where all answers are alike.</summary>
    public (double Value, double Low, double High)? Find()
    {
        if (Of(_groups.Aggregate(Plus)) is not { } value) return null;
        var drawn = new List<double>(Samples);
        for (var s = 0; s < Samples; s++)
        {
            var sum = default(Sums);
            foreach (var group in Drawn.AsSpan(s * Groups, Groups)) sum = Plus(sum, _groups[group]);
            if (Of(sum) is { } slope) drawn.Add(slope);
        }

        drawn.Sort();
        return drawn.Count < Samples / 2 ? null : (value, drawn[drawn.Count / 40], drawn[^((drawn.Count / 40) + 1)]);
    }

    private static byte[] Draw()
    {
        var chance = new Random(3);
        var drawn = new byte[Samples * Groups];
        for (var i = 0; i < drawn.Length; i++) drawn[i] = (byte)chance.Next(Groups);
        return drawn;
    }

    private static double? Of(Sums s)
    {
        var spread = s.XX - (s.X * s.X / s.N);
        return s.N < 2 || spread <= 1e-9 ? null : (s.XY - (s.X * s.Y / s.N)) / spread;
    }

    private static Sums Plus(Sums a, Sums b) => new(a.N + b.N, a.X + b.X, a.Y + b.Y, a.XX + b.XX, a.XY + b.XY);

    private readonly record struct Sums(double N, double X, double Y, double XX, double XY);
}
