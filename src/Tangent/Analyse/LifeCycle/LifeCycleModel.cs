using System.Globalization;
using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

public sealed record LifeCycleModel(Around Around, LifeCycleQuestion Question, IReadOnlyList<string> Touchpoints, LifeCycleReport? Report);

/// <param name="Hidden">Earlier periods that are left out.</param>
public sealed record LifeCycleReport(long Customers, int Hidden, SeriesChart Chart, IReadOnlyList<LifeCycleRow> Rows);

public sealed record LifeCycleRow(DateOnly From, Count New, Count Returning, Count Resurrecting, Count Dormant, bool Open);

internal static class LifeCycleReports
{
    /// <summary>Periods shown, the latest: more cannot be read.</summary>
    private const int MostShown = 60;

    public static LifeCycleReport Of(LifeCycleQuestion question, LifeCycleAnswer answer)
    {
        var shown = answer.Items.TakeLast(MostShown).ToList();
        List<LifeCycleRow> rows = [.. shown.Select(p => new LifeCycleRow(
            p.From, Part(p, p.New, "new"), Part(p, p.Returning, "returning"), Part(p, p.Resurrecting, "resurrecting"), Part(p, p.Dormant, "dormant"), p.Open))];
        // Who fell silent stands below the line.
        var chart = new SeriesChart("bar", [.. shown.Select(p => p.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))],
        [
            Bars("New", r => r.New, 1), Bars("Returning", r => r.Returning, 1), Bars("Resurrecting", r => r.Resurrecting, 1), Bars("Dormant", r => r.Dormant, -1),
        ], T("Analyse.Unit.Customers"), Stacked: true);
        return new LifeCycleReport(answer.Customers, answer.Items.Count - shown.Count, chart, rows);

        Count Part(LifeCyclePeriod period, long customers, string part) => new(customers, LifeCycleAddress.Behind(question, new LifeCyclePick(period.From, part)).ToString());
        Series Bars(string part, Func<LifeCycleRow, Count> count, int sign) =>
            new(T("Analyse.LifeCycle." + part), [.. rows.Select(r => (double)(sign * count(r).Customers))], Hrefs: [.. rows.Select(r => count(r).Href)]);
    }

    public static string Words(LifeCycleQuestion question, LifeCyclePick pick) =>
        T("Analyse.LifeCycle.Words." + pick.Part, T(FunnelWords.Period(question.Period)), Figures.Date(pick.From), question.Active ?? T("Analyse.Retention.Any"));
}
