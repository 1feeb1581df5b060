using Tangent.Collect;
using Tangent.Measure;

namespace Tangent.Analyse;

internal static class LiveWords
{
    /// <summary>The 95 % interval of the drop-off; null where there is none.</summary>
    public static Web.Interval? DropOff(StepFigures figures) => figures is { DropOffLow: { } low, DropOffHigh: { } high } ? new(low, high) : null;

    /// <summary>The score with its interval and n: "CSAT 82 % (79 % – 85 %), n = 120".</summary>
    public static string Of(LiveScore score)
    {
        var metric = Metrics.Find(score.Metric)!.Value;
        string Value(double value) => ScoreWords.Value(metric, value);
        return $"{ScoreWords.Of(metric)} {Value(score.Figure.Value)} ({Value(score.Figure.Low)} – {Value(score.Figure.High)}), n = {Web.Figures.Number(score.Figure.N)}";
    }
}
