namespace Tangent.Engine;

/// <summary>Credits of all models while they are added up.</summary>
internal sealed class AttributionSums
{
    /// <summary>The models that look at one path at a time and its order.</summary>
    public static readonly AttributionModels[] ByOrder =
    [
        AttributionModels.First, AttributionModels.Last, AttributionModels.LastWithSource,
        AttributionModels.Linear, AttributionModels.PositionBased, AttributionModels.TimeDecay,
    ];

    public const AttributionModels AnyByOrder = AttributionModels.All & ~(AttributionModels.Markov | AttributionModels.Shapley);

    private readonly Dictionary<AttributionModels, Credits> models = ByOrder.Append(AttributionModels.Shapley).ToDictionary(model => model, _ => new Credits());
    private PathReach[] reach = [];

    public AttributionSums(int touchpoints = 0) => Grow(touchpoints);

    public long Customers { get; set; }
    public double Conversions { get; set; }
    public double Value { get; set; }
    public double Lost { get; set; }
    public int Touchpoints { get; private set; }

    public void Grow(int count)
    {
        Touchpoints = Math.Max(count, Touchpoints);
        if (count <= reach.Length) return;
        var capacity = Math.Max(count, reach.Length * 2);
        Array.Resize(ref reach, capacity);
        foreach (var credits in models.Values)
        {
            Array.Resize(ref credits.Conversions, capacity);
            Array.Resize(ref credits.Value, capacity);
        }
    }

    public void Add(AttributionModels model, int touchpoint, double conversions, double value)
    {
        var credits = models[model];
        credits.Conversions[touchpoint] += conversions;
        credits.Value[touchpoint] += value;
    }

    public void AddReach(int touchpoint, long converters, double conversions, double lost)
    {
        var known = reach[touchpoint];
        reach[touchpoint] = new PathReach(known.Converters + converters, known.Conversions + conversions, known.Lost + lost);
    }

    public AttributionAnswer Answer(AttributionModels asked, int direct, MarkovRemoval? markov)
    {
        var credits = models.Where(model => asked.HasFlag(model.Key))
            .ToDictionary(model => model.Key, model => new ModelCredits(model.Value.Conversions[..Touchpoints], model.Value.Value[..Touchpoints]));
        if (markov is not null)
        {
            // What a touchpoint's removal costs can be negative where refunds are among the values; shares of such a sum would say nothing.
            var byValue = Array.TrueForAll(markov.ValueEffects, effect => effect >= 0) && markov.ValueEffects.Sum() > 0;
            credits[AttributionModels.Markov] = new ModelCredits(Shared(markov.Effects, Conversions), Shared(byValue ? markov.ValueEffects : markov.Effects, Value));
        }

        return new AttributionAnswer(Customers, Conversions, Value, Lost, direct, credits, asked.HasFlag(AttributionModels.Shapley) ? reach[..Touchpoints] : null, markov);
    }

    private static double[] Shared(double[] effects, double total)
    {
        var sum = effects.Sum();
        return sum == 0 ? new double[effects.Length] : [.. effects.Select(effect => effect / sum * total)];
    }

    private sealed class Credits
    {
        public double[] Conversions = [];
        public double[] Value = [];
    }
}
