using System.Globalization;
using System.Text.RegularExpressions;

namespace Tangent.Collect;

/// <param name="Least">Lowest mark; null where only the highest is known.</param>
/// <param name="Most">Highest mark.</param>
internal sealed record MarkScale(int? Least, int Most)
{
    /// <summary>Why marks of this scale are none of the metric's; null where they may be.</summary>
    public string? Problem(Metric metric)
    {
        var (least, most) = Metrics.Scale(metric);
        if (Most == most && (Least ?? least) == least) return null;
        var scale = Least is { } lowest ? $"from {lowest} to {Most}" : $"up to {Most}";
        return metric == Metric.Nps
            ? $"A scale {scale} is no NPS, which is asked from 0 to 10: its promoters and detractors would be other people. Take the marks along as a property, or ask anew."
            : $"A scale {scale} is not that of {Metrics.Name(metric)} ({least} to {most}).";
    }
}

/// <summary>Scores and scales as people and programs write them.</summary>
internal static partial class ScoreText
{
    /// <summary>Reads <c>4</c>, <c>4,0</c>, <c>8/10</c>, <c>4 von 5</c>, <c>4 stars</c>, <c>★★★★☆</c>.</summary>
    /// <returns>The score, and the highest mark where it is written beside it; null where it is no score.</returns>
    public static (double Score, int? Most)? Read(string text)
    {
        text = text.Trim();
        if (text.Length is > 0 and <= 20 && text.All(c => c is '★' or '☆' or '⭐'))
            return (text.Count(c => c is '★' or '⭐'), text.Contains('☆', StringComparison.Ordinal) ? text.Length : null);
        if (Score().Match(text) is not { Success: true } match) return null;
        var score = double.Parse(match.Groups["score"].Value.Replace(',', '.'), CultureInfo.InvariantCulture);
        return (score, match.Groups["most"] is { Success: true } most ? int.Parse(most.Value, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Reads <c>1-10</c>, <c>0 bis 10</c>, or the highest mark alone.</summary>
    public static MarkScale? Scale(string text)
    {
        if (Whole().Match(text) is { Success: true } both) return new MarkScale(int.Parse(both.Groups["least"].Value, CultureInfo.InvariantCulture), int.Parse(both.Groups["most"].Value, CultureInfo.InvariantCulture));
        return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most <= 1000 ? new MarkScale(null, most) : null;
    }

    /// <summary>The scale that a header names, as in <c>Score (1-10)</c>.</summary>
    public static string? ScaleIn(string header) => Named().Match(header) is { Success: true } match ? $"{match.Groups["least"].Value}-{match.Groups["most"].Value}" : null;

    [GeneratedRegex(@"^(?<score>[0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*(?:(?:/|von|of|out of|z|na)\s*(?<most>[0-9]{1,3}))?\s*(?:stars?|sterne?|gwiazdk[aię]|gwiazdek|\*)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Score();

    [GeneratedRegex(@"^\s*(?<least>[0-9]{1,3})\s*(?:-|–|—|\.\.|to|bis|do)\s*(?<most>[0-9]{1,3})\s*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<![0-9])(?<least>[01])\s*(?:-|–|—|\.\.|to|bis|do)\s*(?<most>[0-9]{1,3})(?![0-9])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Named();
}
