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

    public static int Step(ulong pattern, int column) => (int)(pattern >> (column * BitsAStep)) & ((1 << BitsAStep) - 1);
}
