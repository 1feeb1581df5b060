namespace Tangent.Engine;

/// <summary>
/// Which touchpoints conversions are due to, by eight models.
/// <para>
/// A path is the touchpoints before a conversion, not further back than the lookback; after a conversion a new path begins. A conversion
/// without a touchpoint before it is a path of the one touchpoint "direct", whose code is <see cref="AttributionAnswer.Direct"/>.
/// Touchpoints that no conversion follows within the lookback are paths too, lost ones: they matter for <see cref="AttributionModels.Markov"/>.
/// So every event that is not a conversion lies on exactly one path. Repeats count as often as they happen.
/// </para>
/// Cost: one pass for all models but Markov and Shapley, one more for each of these, and the solution of Markov's equations.
/// </summary>
public sealed record AttributionQuestion : JourneyQuestion
{
    /// <summary>Which signatures are conversions; whether they have a touchpoint does not matter. Those beyond the end are not.</summary>
    public required bool[] ConversionOfSignature { get; init; }

    /// <summary>Models asked for; all by default.</summary>
    public AttributionModels Models { get; init; } = AttributionModels.All;

    /// <summary>How far back from a conversion its path reaches, in milliseconds (exactly as far still counts); 90 days by default.</summary>
    public long LookbackMs { get; init; } = 90L * 24 * 60 * 60 * 1000;

    /// <summary>Time in which a touchpoint's weight halves in <see cref="AttributionModels.TimeDecay"/>; 7 days by default.</summary>
    public long HalfLifeMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>Number of last touchpoints that are a state in <see cref="AttributionModels.Markov"/>, 1 to 3.</summary>
    public int MarkovOrder { get; init; } = 1;

    /// <summary>What one unit of each currency code is worth in the reporting currency: 256 entries, finite. Null: values count as 0.</summary>
    public double[]? Rates { get; init; }

    /// <summary>Which signatures have a source (a campaign), for <see cref="AttributionModels.LastWithSource"/>. Null: none.</summary>
    public bool[]? SourceOfSignature { get; init; }

    /// <summary>A property that is a source too (a referrer) where its code is above <see cref="NoSource"/>. Null: none.</summary>
    public int? SourceColumn { get; init; }

    /// <summary>Codes of <see cref="SourceColumn"/> up to this one are no source.</summary>
    public ushort NoSource { get; init; }

    // Up to so many possible grams are counted in an array; a test takes the other way with few.
    internal long MostGrams { get; init; } = GramKernel.Most;

    /// <summary>Asks.</summary>
    /// <exception cref="ArgumentException">A lookback, half-life, order or rate that is out of range, or more touchpoints than an order of Markov's can hold.</exception>
    public AttributionAnswer Ask(JourneyView view, CancellationToken ct = default)
    {
        var plan = new AttributionPlan(this, view);
        var lens = plan.LensOn(this, view);
        var sums = new AttributionSums(plan.Direct + 1);
        IEnumerable<PathsOfConversionsKernel> kernels = [];
        MarkovRemoval? markov = null;
        if (Models.HasFlag(AttributionModels.Markov))
        {
            var grams = TransitionsOf(view, plan, lens, out kernels, ct);
            markov = MarkovChain.Of(grams, plan.Bits, MarkovOrder).Removal(plan.Direct + 1, ct);
        }

        if (Models.HasFlag(AttributionModels.Shapley)) kernels = PathSetKernel.Sum(Scan.Run(view, lens, () => new PathSetKernel(plan), ct), sums);
        if (Models == AttributionModels.None || (Models & AttributionSums.AnyByOrder) != 0) kernels = CreditKernel.Sum(Scan.Run(view, lens, () => new CreditKernel(plan), ct), sums);
        // Every pass sees the same paths: any one's totals will do.
        foreach (var kernel in kernels)
        {
            sums.Customers += kernel.Customers;
            sums.Conversions += kernel.Conversions;
            sums.Value += kernel.AllValue;
            sums.Lost += kernel.LostPaths;
        }

        return sums.Answer(Models, plan.Direct, markov);
    }

    /// <summary>How often each state of the paths was followed by what: the observations that Markov's chain is made of.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Ask"/>.</exception>
    public PathTransition[] Transitions(JourneyView view, CancellationToken ct = default)
    {
        var plan = new AttributionPlan(this, view);
        return [.. TransitionsOf(view, plan, plan.LensOn(this, view), out _, ct).Select(gram => gram.Transition(plan.Bits, MarkovOrder))
            .OrderBy(t => t.From, Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ThenBy(t => t.To)];
    }

    /// <summary>The code that stands for "direct" in the answer to this question.</summary>
    public int DirectOn(JourneyView view) => new AttributionPlan(this, view).Direct;

    /// <summary>The customers with a conversion whose path has a touchpoint.</summary>
    /// <param name="view">The view the number came from.</param>
    /// <param name="touchpoint">Touchpoint, or <see cref="AttributionAnswer.Direct"/>; null: the customers of all conversions.</param>
    /// <param name="limit">At most so many customers are returned.</param>
    /// <param name="ct">Gives up.</param>
    public CustomersBehind Customers(JourneyView view, int? touchpoint, int limit = int.MaxValue, CancellationToken ct = default)
    {
        var plan = new AttributionPlan(this, view);
        return ConvertersKernel.Ask(view, plan, plan.LensOn(this, view), touchpoint, limit, ct);
    }

    private List<PathGram> TransitionsOf(JourneyView view, AttributionPlan plan, Lens lens, out IEnumerable<PathsOfConversionsKernel> kernels, CancellationToken ct)
    {
        // Where there are few events, most of an array over all grams, one for each thread, would stay empty.
        if (GramKernel.GramsOf(plan) is var grams && grams <= MostGrams && (grams <= GramKernel.Few || grams * Environment.ProcessorCount <= view.Events))
        {
            var counted = Scan.Run(view, lens, () => new GramKernel(plan), ct);
            kernels = counted;
            var sums = GramSums.Of(plan, counted);
            foreach (var kernel in counted) kernel.Return();
            return sums;
        }

        var hashed = Scan.Run(view, lens, () => new TransitionKernel(plan), ct);
        kernels = hashed;
        return TransitionKernel.Merge(hashed);
    }
}

/// <summary>Ways to share conversions out among the touchpoints of their paths.</summary>
[Flags]
public enum AttributionModels
{
    /// <summary>No model.</summary>
    None = 0,

    /// <summary>All to the first touchpoint.</summary>
    First = 1,

    /// <summary>All to the last touchpoint.</summary>
    Last = 2,

    /// <summary>All to the last touchpoint that has a source; where none has one, to the last.</summary>
    LastWithSource = 4,

    /// <summary>To all touchpoints alike.</summary>
    Linear = 8,

    /// <summary>40 % each to the first and the last, 20 % to those between alike; of two half each.</summary>
    PositionBased = 16,

    /// <summary>By 2^(−time before the conversion ÷ half-life).</summary>
    TimeDecay = 32,

    /// <summary>By the share of conversions that are lost where a touchpoint is taken out of the Markov chain of the paths.</summary>
    Markov = 64,

    /// <summary>Shapley's value of the game in which a set of touchpoints is worth the conversions of the paths that lie in it.</summary>
    Shapley = 128,

    /// <summary>All of them.</summary>
    All = 255,
}

/// <summary>Credit of touchpoints by models.</summary>
/// <param name="Customers">Customers with any event in the filtered journeys.</param>
/// <param name="Conversions">Conversions.</param>
/// <param name="Value">Their value in the reporting currency.</param>
/// <param name="LostPaths">Paths that no conversion follows within the lookback.</param>
/// <param name="Direct">Code of "direct"; the arrays by touchpoint have one entry more than this.</param>
/// <param name="Models">The credits by model; each model's sum to the conversions and the value.</param>
/// <param name="Reach">Who was at each touchpoint before a conversion; null unless <see cref="AttributionModels.Shapley"/> is asked for.</param>
/// <param name="Markov">How Markov's credits came out; null unless asked for.</param>
public sealed record AttributionAnswer(
    long Customers, double Conversions, double Value, double LostPaths, int Direct,
    IReadOnlyDictionary<AttributionModels, ModelCredits> Models, PathReach[]? Reach, MarkovRemoval? Markov);

/// <summary>The credits of one model.</summary>
/// <param name="Conversions">Conversions by touchpoint.</param>
/// <param name="Value">Value by touchpoint.</param>
public sealed record ModelCredits(double[] Conversions, double[] Value);

/// <summary>How many paths have a touchpoint.</summary>
/// <param name="Converters">Customers with a conversion whose path has it; 0 for paths from elsewhere.</param>
/// <param name="Conversions">Conversions whose path has it.</param>
/// <param name="Lost">Lost paths that have it.</param>
public readonly record struct PathReach(long Converters, double Conversions, double Lost);

/// <summary>One observed transition of the paths.</summary>
/// <param name="From">The touchpoints of the state, the last one last; fewer than the order at a path's beginning, none at its start.</param>
/// <param name="To">The touchpoint that followed, or <see cref="Converted"/> or <see cref="Lost"/>.</param>
/// <param name="Count">How often.</param>
public sealed record PathTransition(int[] From, int To, double Count)
{
    /// <summary>The path ended in a conversion.</summary>
    public const int Converted = -2;

    /// <summary>The path ended without one.</summary>
    public const int Lost = -1;
}
