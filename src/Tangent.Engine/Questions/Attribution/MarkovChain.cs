namespace Tangent.Engine;

/// <summary>
/// The Markov chain of paths: states that were observed, and where they lead. State 0 is the start; the others are numbered as a walk
/// from there finds them. Held by incoming transitions, without those of a state to itself.
/// </summary>
internal sealed class MarkovChain
{
    private MarkovChain(int order, int states)
    {
        Order = order;
        (Visits, Converts, Worth, Stays) = (new double[states], new double[states], new double[states], new double[states]);
        (EndsIn, First) = (new int[states], new int[states + 1]);
    }

    public int Order { get; }

    public int States => EndsIn.Length;

    /// <summary>The touchpoint each state ends in; negative at the start.</summary>
    public int[] EndsIn { get; }

    /// <summary>
    /// How often a path is in each state on average. Known without solving anything: what flows into an observed state flows out of it,
    /// so the observed frequencies are the solution.
    /// </summary>
    public double[] Visits { get; }

    /// <summary>Probability of a conversion right after each state.</summary>
    public double[] Converts { get; }

    /// <summary>Value expected right after each state.</summary>
    public double[] Worth { get; }

    /// <summary>Probability of each state to follow itself.</summary>
    public double[] Stays { get; }

    /// <summary>Bounds of the incoming transitions of each state.</summary>
    public int[] First { get; }

    /// <summary>Where each comes from.</summary>
    public int[] From { get; private set; } = [];

    /// <summary>Its probability there.</summary>
    public double[] Share { get; private set; } = [];

    public static MarkovChain Of(IEnumerable<PathGram> observed, int bits, int order)
    {
        PathGram[] grams = [.. observed.Where(gram => gram.Count > 0)];
        Array.Sort(grams, (a, b) => a.Key.CompareTo(b.Key));
        var rows = new Dictionary<long, (int From, int To)>();
        for (int from = 0, to; from < grams.Length; from = to)
        {
            for (to = from + 1; to < grams.Length && grams[to].State(bits) == grams[from].State(bits);) to++;
            rows.Add(grams[from].State(bits), (from, to));
        }

        if (rows.Count == 0) return new MarkovChain(order, 0);
        var mask = (1L << (bits * order)) - 1;
        var number = new Dictionary<long, int> { [PathGram.Start] = 0 };
        var states = new List<long> { PathGram.Start };
        for (var index = 0; index < states.Count; index++)
        {
            var (from, to) = rows[states[index]];
            for (var at = from; at < to; at++)
                if (grams[at].Next(bits) >= PathGram.FirstTouchpoint && number.TryAdd(grams[at].Key & mask, states.Count)) states.Add(grams[at].Key & mask);
        }

        var chain = new MarkovChain(order, states.Count);
        chain.Fill(grams, states, rows, number, bits, mask);
        return chain;
    }

    /// <summary>What taking out each touchpoint costs.</summary>
    /// <param name="touchpoints">Touchpoint codes are below this.</param>
    /// <param name="ct">Gives up.</param>
    public MarkovRemoval Removal(int touchpoints, CancellationToken ct) => new RemovalSolver(this, touchpoints).Solve(ct);

    private void Fill(PathGram[] grams, List<long> states, Dictionary<long, (int From, int To)> rows, Dictionary<long, int> number, int bits, long mask)
    {
        var outgoing = new List<(int To, int From, double Share)>();
        double paths = 0;
        for (var state = 0; state < states.Count; state++)
        {
            var (from, to) = rows[states[state]];
            double all = 0;
            for (var at = from; at < to; at++) all += grams[at].Count;
            if (state == 0) paths = all;
            (EndsIn[state], Visits[state]) = (PathGram.LastOf(states[state], bits), all / paths);
            for (var at = from; at < to; at++)
            {
                var share = grams[at].Count / all;
                if (grams[at].Next(bits) == PathGram.Converted) (Converts[state], Worth[state]) = (share, grams[at].Value / all);
                else if (grams[at].Next(bits) >= PathGram.FirstTouchpoint)
                {
                    var next = number[grams[at].Key & mask];
                    if (next == state) Stays[state] = share;
                    else outgoing.Add((next, state, share));
                }
            }
        }

        outgoing.Sort((a, b) => a.To != b.To ? a.To.CompareTo(b.To) : a.From.CompareTo(b.From));
        (From, Share) = ([.. outgoing.Select(o => o.From)], [.. outgoing.Select(o => o.Share)]);
        foreach (var (to, _, _) in outgoing) First[to + 1]++;
        for (var state = 0; state < states.Count; state++) First[state + 1] += First[state];
    }
}

/// <summary>What taking a touchpoint out of the Markov chain of the paths costs.</summary>
/// <param name="Order">Touchpoints of a state.</param>
/// <param name="States">States observed, without the start.</param>
/// <param name="Transitions">Different transitions between them, without those to themselves.</param>
/// <param name="Effects">By touchpoint: the share of conversions lost, 0 to 1. 1: every conversion passes it.</param>
/// <param name="ValueEffects">The same of the value.</param>
/// <param name="Residual">
/// How well the equations are solved, at worst of all touchpoints: the sum over all states of what the two sides of their equation differ by.
/// The probability of conversion without a touchpoint is wrong by at most this.
/// </param>
public sealed record MarkovRemoval(int Order, int States, int Transitions, double[] Effects, double[] ValueEffects, double Residual);
