using System.Globalization;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Scores as people read them.</summary>
internal static class ScoreWords
{
    public static string Of(Metric metric) => T("Measure.Metric." + metric);

    public static string Value(Metric metric, double value) => metric switch
    {
        Metric.Nps => Signed(value, 0),
        Metric.Csat => Figures.Percent(value),
        _ => Figures.Number(value, 2),
    };

    /// <summary>The change and what to think of it: "+0.31 – clearly higher than before (4.02)".</summary>
    public static string Change(Metric metric, Score score)
    {
        if (score is not { Change: { } change, Before: { } before }) return "";
        var difference = metric == Metric.Csat ? T("Measure.Points", Signed(change.Difference * 100, 1)) : Signed(change.Difference, metric == Metric.Nps ? 0 : 2);
        return T("Measure.Change." + char.ToUpperInvariant(change.Verdict[0]) + change.Verdict[1..], difference, Value(metric, before.Value));
    }

    /// <summary>How far it is to the target: "−12 % points: missed (target 85 %)".</summary>
    public static string Target(Metric metric, TargetStand stand)
    {
        var distance = metric == Metric.Csat ? T("Measure.Points", Signed(stand.Distance * 100, 1)) : Signed(stand.Distance, metric == Metric.Nps ? 0 : 2);
        return T("Measure.Target." + char.ToUpperInvariant(stand.Verdict[0]) + stand.Verdict[1..], distance, Value(metric, stand.Value));
    }

    public static string Tone(TargetStand stand) => stand.Verdict switch
    {
        "reached" => "mark-good",
        "missed" => "mark-bad",
        _ => "mark-unsure",
    };

    /// <summary>Mark of a change: good, bad, or unsure.</summary>
    public static string Tone(ScoreChange change) => change.Verdict switch
    {
        "rose" => "mark-good",
        "fell" => "mark-bad",
        _ => "mark-unsure",
    };

    /// <summary>What a number is that customers stand behind.</summary>
    public static string Behind(ScorePick pick)
    {
        var who = T("Measure.Behind." + (pick.Band ?? "all"), Of(pick.Metric), pick.At ?? T("Measure.Company"));
        return pick.Group is { Length: > 0 } group ? $"{who} ({group})" : who;
    }

    /// <summary>The score over time with its interval; where nobody answered the line is broken. Null where it would have fewer than two points.</summary>
    public static SeriesChart? Chart(ScoresQuestion question, Score score)
    {
        if (score.Trend is not { } trend || trend.Count(p => p.Figure is not null) < 2) return null;
        // From the first answer to the last, each week or month as wide as another.
        List<ScorePoint> points = [.. trend.SkipWhile(p => p.Figure is null).Reverse().SkipWhile(p => p.Figure is null).Reverse()];
        var metric = Metrics.Find(score.Metric)!.Value;
        var factor = metric == Metric.Csat ? 100 : 1;
        double Rounded(double? value) => Math.Round((value ?? 0) * factor, 2);
        var series = new Series(Of(metric), [.. points.Select(p => Rounded(p.Figure?.Value))], null, [.. points.Select(p => Href(question, score, metric, p.From))])
        {
            Low = [.. points.Select(p => Rounded(p.Figure?.Low))],
            High = [.. points.Select(p => Rounded(p.Figure?.High))],
            Gaps = [.. Enumerable.Range(0, points.Count).Where(i => points[i].Figure is null)],
        };
        return new SeriesChart("line", [.. points.Select(p => p.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))], [series], metric == Metric.Csat ? "%" : "");
    }

    private static string Href(ScoresQuestion question, Score score, Metric metric, DateOnly from)
    {
        var to = question.Trend == "week" ? from.AddDays(6) : from.AddMonths(1).AddDays(-1);
        var filter = question.Filter with { From = question.Filter.From > from ? question.Filter.From : from, To = question.Filter.To < to ? question.Filter.To : to };
        return ScoresAddress.Behind(question with { Filter = filter }, new ScorePick(score.Touchpoint, metric, null, score.Group)).ToString();
    }

    private static string Signed(double value, int digits) => (Math.Round(value, digits) > 0 ? "+" : "") + Figures.Number(value, digits).Replace('-', '−');
}
