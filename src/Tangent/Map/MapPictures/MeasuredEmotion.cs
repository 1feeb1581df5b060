namespace Tangent.Map;

/// <summary>A score on the scale of the emotion: its lowest possible value is −2, its highest is 2, and what lies between is in proportion.</summary>
/// <param name="Value">The score.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="N">Answers.</param>
/// <param name="TooFew">Fewer than 30 answers: the interval is not drawn, and the score is marked.</param>
public sealed record MeasuredEmotion(double Value, double Low, double High, long N, bool TooFew);

/// <summary>What scores say of the emotion at the steps of a map, by id of the step. Scores are a later stage's, which answers; pictures ask for them.</summary>
internal delegate IReadOnlyDictionary<string, MeasuredEmotion> MeasuredEmotions(MapContent content);

/// <summary>A line through what was measured; between two of them it runs straight on, over columns without any.</summary>
internal static class MeasuredLine
{
    /// <param name="values">By column; null where nothing was measured.</param>
    /// <returns>For each column where the line is at its left edge, middle and right edge; null where it does not run.</returns>
    public static IReadOnlyList<(double? Left, double? Middle, double? Right)> Of(IReadOnlyList<double?> values)
    {
        double? At(double place)
        {
            int before = (int)Math.Floor(place), after = (int)Math.Ceiling(place);
            while (before >= 0 && values[before] is null) before--;
            while (after < values.Count && values[after] is null) after++;
            if (before < 0 || after >= values.Count) return null;
            return before == after ? values[before] : values[before] + (values[after] - values[before]) * (place - before) / (after - before);
        }

        return [.. values.Select((_, i) => (i == 0 ? null : At(i - 0.5), At(i), i == values.Count - 1 ? null : At(i + 0.5)))];
    }
}
