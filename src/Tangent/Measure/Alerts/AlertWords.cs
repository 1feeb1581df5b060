using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Measure;

/// <summary>Alerts in words, and the customers behind them.</summary>
internal static class AlertWords
{
    public static string Name(AlertKind kind) => kind.ToString().ToLowerInvariant();

    public static string Kind(AlertKind kind) => T(kind switch
    {
        AlertKind.Fell => "Measure.Alerts.Fell",
        AlertKind.Flood => "Measure.Alerts.Flood",
        _ => "Measure.Alerts.Stopped",
    });

    public static string Touchpoint(Alert alert) => alert.Touchpoint.Length > 0 ? alert.Touchpoint : T(alert.Kind == AlertKind.Stopped ? "Measure.Alerts.Everywhere" : "Measure.Company");

    public static string Sentence(Alert alert)
    {
        var (at, from, to) = (Touchpoint(alert), Figures.Date(alert.FromDay), Figures.Date(alert.ToDay));
        return alert.Kind switch
        {
            AlertKind.Fell => T("Measure.Alerts.FellWords", at, ScoreWords.Of(alert.Metric), Score(alert, alert.Now), Score(alert, alert.Usual), from, to, Figures.Number(alert.N)),
            AlertKind.Flood => T("Measure.Alerts.FloodWords", at, ScoreWords.Of(alert.Metric), Figures.Percent(alert.Now), Figures.Percent(alert.Usual), from, to, Figures.Number(alert.N)),
            _ => T("Measure.Alerts.StoppedWords", at, (int)alert.Now, from, Figures.Number(alert.Usual, 0)),
        };
    }

    /// <summary>Who gave the bad answers; of what stopped, who was there in the weeks before.</summary>
    public static string Customers(Alert alert)
    {
        if (alert.Kind != AlertKind.Stopped)
            return ScoresAddress.Behind(new ScoresQuestion(alert.Metric, null, null, null, null, new JourneyFilter(alert.FromDay, alert.ToDay)), new ScorePick(alert.Touchpoint.Length > 0 ? alert.Touchpoint : null, alert.Metric, "bad", null)).ToString();
        var before = new JourneyFilter(alert.UsualFromDay, alert.FromDay.AddDays(-1));
        return alert.Touchpoint.Length == 0 ? new Address("/unify/customers").ToString() : new Address("/analyse/touchpoints").With(before).Customers().With("at", alert.Touchpoint).ToString();
    }

    private static string Score(Alert alert, double value) => ScoreWords.Value(alert.Metric, value);
}
