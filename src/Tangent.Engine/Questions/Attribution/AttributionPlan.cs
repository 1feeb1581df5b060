using System.Numerics;

namespace Tangent.Engine;

/// <summary>What the kernels of attribution know. The scan's codes tell touchpoints with and without a source apart, and conversions from both.</summary>
internal sealed class AttributionPlan
{
    private readonly ushort[] codeOfSignature;

    public AttributionPlan(AttributionQuestion question, JourneyView view)
    {
        Check(question, view);
        (LookbackMs, HalfLivesPerMs, Rates) = (question.LookbackMs, 1.0 / question.HalfLifeMs, question.Rates);
        Models = question.Models;
        (SourceColumn, NoSource) = (question.SourceColumn, question.NoSource);
        var touchpoints = question.TouchpointOfSignature;
        var conversions = question.ConversionOfSignature;
        codeOfSignature = new ushort[Math.Min(Code.None, Math.Max(touchpoints.Length, conversions.Length))];
        var codes = new Dictionary<(ushort, bool), ushort>();
        var (known, sourced) = (new List<int>(), new List<bool>());
        for (var signature = 0; signature < codeOfSignature.Length; signature++)
        {
            var touchpoint = signature < touchpoints.Length ? touchpoints[signature] : Code.None;
            codeOfSignature[signature] = Code.None;
            if (touchpoint == Code.None || IsConversion(signature)) continue;
            var hasSource = question.SourceOfSignature is { } sources && signature < sources.Length && sources[signature];
            if (!codes.TryGetValue((touchpoint, hasSource), out var code))
            {
                codes.Add((touchpoint, hasSource), code = (ushort)known.Count);
                known.Add(touchpoint);
                sourced.Add(hasSource);
            }

            codeOfSignature[signature] = code;
        }

        Conversion = (ushort)known.Count;
        for (var signature = 0; signature < codeOfSignature.Length; signature++)
            if (IsConversion(signature)) codeOfSignature[signature] = Conversion;
        (TouchpointOf, HasSource) = ([.. known], [.. sourced]);
        Direct = known.Count == 0 ? 0 : known.Max() + 1;
        Order = question.MarkovOrder;
        Bits = BitOperations.Log2((uint)Direct + PathGram.FirstTouchpoint) + 1;
        if (GramBits > 63) throw new ArgumentException($"There are too many touchpoints for a Markov chain of order {Order}.");

        bool IsConversion(int signature) => signature < conversions.Length && conversions[signature];
    }

    public AttributionModels Models { get; }
    public long LookbackMs { get; }
    public double HalfLivesPerMs { get; }
    public double[]? Rates { get; }
    public int? SourceColumn { get; }
    public ushort NoSource { get; }
    public int Order { get; }

    /// <summary>The scan's code of conversions.</summary>
    public ushort Conversion { get; }

    /// <summary>The touchpoint of each of the scan's other codes.</summary>
    public int[] TouchpointOf { get; }

    /// <summary>Whether the signature itself says where the customer came from.</summary>
    public bool[] HasSource { get; }

    /// <summary>Whether any event can have a source.</summary>
    public bool AnySource => SourceColumn is not null || Array.IndexOf(HasSource, true) >= 0;

    /// <summary>What stands for the touchpoint of a path without one.</summary>
    public int Direct { get; }

    /// <summary>Bits of a symbol of a <see cref="PathGram"/>.</summary>
    public int Bits { get; }

    /// <summary>Bits of a state and what follows it.</summary>
    public int GramBits => Bits * (Order + 1);

    public Lens LensOn(AttributionQuestion question, JourneyView view) => (question with { TouchpointOfSignature = codeOfSignature }).LensOn(view);

    private static void Check(AttributionQuestion question, JourneyView view)
    {
        if (question.LookbackMs <= 0) throw new ArgumentException("The lookback must be positive.");
        if (question.HalfLifeMs <= 0) throw new ArgumentException("The half-life must be positive.");
        if (question.MarkovOrder is < 1 or > 3) throw new ArgumentException("Markov chains of order 1 to 3 are known.");
        if (question.Rates is { } rates && (rates.Length != 256 || !Array.TrueForAll(rates, double.IsFinite))) throw new ArgumentException("256 finite rates are needed.");
        if (question.SourceColumn is { } column && (column < 0 || column >= view.PropertyColumns)) throw new ArgumentException($"There is no property column {column}.");
    }
}
