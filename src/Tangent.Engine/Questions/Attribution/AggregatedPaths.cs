namespace Tangent.Engine;

/// <summary>
/// Attribution of paths that were counted elsewhere: sequences of touchpoints with their conversions, their value and how many led to none.
/// The same models as <see cref="AttributionQuestion"/> but time decay, since paths without times have no age. Memory grows with the
/// different transitions, not with the paths.
/// </summary>
public sealed class AggregatedPaths
{
    private const int Bits = 15;
    private static readonly AttributionModels Known = AttributionModels.All & ~AttributionModels.TimeDecay;
    private readonly AttributionSums sums = new();
    private readonly Dictionary<long, (double Count, double Value)> grams = [];
    private readonly HashSet<int> members = [];
    private readonly int order;

    /// <param name="markovOrder">Number of last touchpoints that are a state, 1 to 3.</param>
    public AggregatedPaths(int markovOrder = 1)
    {
        if (markovOrder is < 1 or > 3) throw new ArgumentException("Markov chains of order 1 to 3 are known.");
        order = markovOrder;
    }

    /// <summary>Touchpoint codes must be below this. Each takes a solution of its own, and four of them must fit into one number.</summary>
    public const int MostTouchpoints = (1 << Bits) - PathGram.FirstTouchpoint;

    /// <summary>Adds a path.</summary>
    /// <param name="touchpoints">Its touchpoints in order, at least one; where there was none, a code for "direct".</param>
    /// <param name="conversions">How often it led to a conversion.</param>
    /// <param name="value">The value of these together.</param>
    /// <param name="lost">How often it led to none.</param>
    /// <param name="lastWithSource">Index of the last touchpoint with a source; the last one where none has.</param>
    /// <exception cref="ArgumentException">No touchpoint, a code out of range, or a number that is negative or not finite.</exception>
    public void Add(ReadOnlySpan<int> touchpoints, double conversions, double value, double lost, int lastWithSource)
    {
        if (touchpoints.IsEmpty) throw new ArgumentException("A path has at least one touchpoint.");
        if (!(conversions >= 0 && lost >= 0 && double.IsFinite(conversions + lost + value))) throw new ArgumentException("Conversions and lost paths are numbers from 0 on, the value is a number.");
        members.Clear();
        foreach (var touchpoint in touchpoints)
        {
            if (touchpoint < 0 || touchpoint >= MostTouchpoints) throw new ArgumentException("Too many touchpoints.");
            members.Add(touchpoint);
            sums.Grow(touchpoint + 1);
        }

        sums.Conversions += conversions;
        sums.Value += value;
        sums.Lost += lost;
        Credit(touchpoints, conversions, value, lastWithSource);
        foreach (var member in members)
        {
            sums.Add(AttributionModels.Shapley, member, conversions / members.Count, value / members.Count);
            sums.AddReach(member, 0, conversions, lost);
        }

        Count(touchpoints, conversions, value, lost);
    }

    /// <summary>Asks.</summary>
    public AttributionAnswer Ask(CancellationToken ct = default)
    {
        var markov = MarkovChain.Of(grams.Select(gram => new PathGram(gram.Key, gram.Value.Count, gram.Value.Value)), Bits, order).Removal(sums.Touchpoints, ct);
        return sums.Answer(Known, sums.Touchpoints, markov);
    }

    private void Credit(ReadOnlySpan<int> touchpoints, double conversions, double value, int lastWithSource)
    {
        sums.Add(AttributionModels.First, touchpoints[0], conversions, value);
        sums.Add(AttributionModels.Last, touchpoints[^1], conversions, value);
        sums.Add(AttributionModels.LastWithSource, touchpoints[lastWithSource], conversions, value);
        var count = touchpoints.Length;
        var between = count > 2 ? 0.2 / (count - 2) : 1.0 / count;
        for (var at = 0; at < count; at++)
        {
            sums.Add(AttributionModels.Linear, touchpoints[at], conversions / count, value / count);
            var share = count > 2 && (at == 0 || at == count - 1) ? 0.4 : between;
            sums.Add(AttributionModels.PositionBased, touchpoints[at], conversions * share, value * share);
        }
    }

    private void Count(ReadOnlySpan<int> touchpoints, double conversions, double value, double lost)
    {
        long state = PathGram.Start;
        var mask = (1L << (Bits * order)) - 1;
        foreach (var touchpoint in touchpoints) state = Add(state << Bits | (uint)(touchpoint + PathGram.FirstTouchpoint), conversions + lost, 0) & mask;
        Add(state << Bits | PathGram.Converted, conversions, value);
        Add(state << Bits | PathGram.Lost, lost, 0);
    }

    private long Add(long gram, double count, double value)
    {
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(grams, gram, out _);
        sum = (sum.Count + count, sum.Value + value);
        return gram;
    }
}
