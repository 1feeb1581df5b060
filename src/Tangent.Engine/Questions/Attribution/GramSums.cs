namespace Tangent.Engine;

/// <summary>
/// The counts of several <see cref="GramKernel"/>s as transitions of the paths. Scan codes become ranks of touchpoints, 0 before a path's
/// first one and, as what follows, for a conversion; so the transitions come out in the order of their keys.
/// What comes to a state and does not leave it is lost.
/// </summary>
internal sealed class GramSums
{
    private readonly AttributionPlan plan;
    private readonly int[] touchpoints;
    private readonly int[] rankOf;
    private readonly int ranks;
    private readonly int states;
    private readonly long[] counts;
    private readonly double[] values;
    private (long Count, double Value) direct;

    private GramSums(AttributionPlan plan)
    {
        this.plan = plan;
        touchpoints = [.. plan.TouchpointOf.Distinct().Order()];
        ranks = touchpoints.Length + 1;
        states = (int)Math.Pow(ranks, plan.Order);
        counts = new long[states * ranks];
        values = new double[states];
        // Conversions and beginnings have rank 0.
        rankOf = new int[GramKernel.WidthOf(plan)];
        for (var code = 0; code < plan.TouchpointOf.Length; code++) rankOf[code] = Array.BinarySearch(touchpoints, plan.TouchpointOf[code]) + 1;
    }

    /// <summary>All transitions, by key.</summary>
    public static List<PathGram> Of(AttributionPlan plan, List<GramKernel> kernels)
    {
        var sums = new GramSums(plan);
        foreach (var kernel in kernels) sums.Add(kernel);
        return sums.Grams();
    }

    private void Add(GramKernel kernel)
    {
        var all = kernel.Counts;
        for (var from = 0; from < all.Length; from += rankOf.Length)
        {
            var row = all.Slice(from, rankOf.Length);
            if (row.IndexOfAnyExcept(0u) < 0) continue;
            var state = StateOf(from / rankOf.Length);
            for (var code = 0; code < row.Length; code++) Add(state, code, row[code]);
        }

        foreach (var (gram, value) in kernel.Values)
        {
            var state = StateOf(gram / rankOf.Length);
            if (state == 0) direct.Value += value;
            else values[state] += value;
        }
    }

    private void Add(int state, int code, uint count)
    {
        if (state == 0 && code == plan.Conversion) direct.Count += count;
        else counts[state * ranks + rankOf[code]] += count;
    }

    // The last codes as a number of ranks; a conversion or a beginning resets what was before it.
    private int StateOf(int codes)
    {
        var (state, unit) = (0, 1);
        for (var place = 0; place < plan.Order; place++)
        {
            var rank = rankOf[codes % rankOf.Length];
            if (rank == 0) break;
            state += rank * unit;
            unit *= ranks;
            codes /= rankOf.Length;
        }

        return state;
    }

    private List<PathGram> Grams()
    {
        var lost = new long[states];
        for (var gram = 0; gram < counts.Length; gram++)
        {
            if (counts[gram] == 0) continue;
            lost[gram / ranks] -= counts[gram];
            if (gram % ranks > 0) lost[gram % states] += counts[gram];
        }

        var grams = new List<PathGram>();
        for (var state = 0; state < states; state++) List(grams, state, lost[state]);
        if (direct.Count == 0) return grams;
        var straight = PathGram.FirstTouchpoint + (long)plan.Direct;
        Insert(grams, new PathGram(straight, direct.Count, 0));
        Insert(grams, new PathGram(straight << plan.Bits | PathGram.Converted, direct.Count, direct.Value));
        return grams;
    }

    private void List(List<PathGram> grams, int state, long lost)
    {
        var key = KeyOf(state) << plan.Bits;
        var follow = counts.AsSpan(state * ranks, ranks);
        if (follow[0] > 0) grams.Add(new PathGram(key | PathGram.Converted, follow[0], values[state]));
        if (lost > 0 && state > 0) grams.Add(new PathGram(key | PathGram.Lost, lost, 0));
        for (var rank = 1; rank < ranks; rank++)
            if (follow[rank] > 0) grams.Add(new PathGram(key | (uint)SymbolOf(rank), follow[rank], 0));
    }

    private static void Insert(List<PathGram> grams, PathGram gram)
    {
        var place = grams.BinarySearch(gram, Comparer<PathGram>.Create((a, b) => a.Key.CompareTo(b.Key)));
        grams.Insert(~place, gram);
    }

    private long KeyOf(int state)
    {
        long key = 0;
        for (var (shift, rest) = (0, state); rest > 0; shift += plan.Bits, rest /= ranks) key |= (rest % ranks == 0 ? PathGram.Start : (long)SymbolOf(rest % ranks)) << shift;
        return key;
    }

    private int SymbolOf(int rank) => touchpoints[rank - 1] + PathGram.FirstTouchpoint;
}
