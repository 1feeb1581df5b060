using System.Runtime.InteropServices;

namespace Tangent.Unify;

/// <summary>How many pairs agree in the same way, column by column: all that the estimates need to know of the pairs.</summary>
internal sealed class PatternCounts
{
    private const int BitsAStep = 3;

    /// <summary>A pattern is one number: so many columns fit into it, and no more are compared.</summary>
    public const int MostColumns = 63 / BitsAStep;

    private readonly Dictionary<ulong, double> _counts = [];

    public void Add(ReadOnlySpan<byte> steps, double pairs = 1)
    {
        ulong pattern = 0;
        for (var c = 0; c < steps.Length; c++) pattern |= (ulong)steps[c] << (c * BitsAStep);
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, pattern, out _) += pairs;
    }

    public void Add(PatternCounts other)
    {
        foreach (var (pattern, pairs) in other._counts) CollectionsMarshal.GetValueRefOrAddDefault(_counts, pattern, out _) += pairs;
    }

    public IEnumerable<(ulong Pattern, double Pairs)> All => _counts.Select(c => (c.Key, c.Value));

    /// <summary>How many pairs have this pattern.</summary>
    public double Of(ulong pattern) => _counts.GetValueOrDefault(pattern);

    public static int Step(ulong pattern, int column) => (int)(pattern >> (column * BitsAStep)) & ((1 << BitsAStep) - 1);
}

/// <summary>How those pairs agree of which somebody said whether they are one person.</summary>
internal sealed class DecidedPatterns
{
    /// <summary>Of one person. As these are one by now, they are not among the proposed pairs any more.</summary>
    public PatternCounts Same { get; } = new();

    /// <summary>Of two persons. They are proposed as before.</summary>
    public PatternCounts Other { get; } = new();
}
