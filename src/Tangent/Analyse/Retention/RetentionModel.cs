using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

public sealed record RetentionModel(Around Around, RetentionQuestion Question, IReadOnlyList<string> Touchpoints, RetentionReport? Report);

/// <param name="Hidden">Cohorts before these that are left out of the table.</param>
/// <param name="Total">By periods since the start.</param>
public sealed record RetentionReport(long Customers, int Hidden, int Periods, SeriesChart Chart, IReadOnlyList<RetentionTotal> Total, IReadOnlyList<RetentionRow> Rows);

public sealed record RetentionRow(DateOnly From, Count Cohort, IReadOnlyList<HeatCell> Cells);

/// <param name="Heat">0 to 10, how much of the cohort.</param>
/// <param name="Open">The period is not over.</param>
public sealed record HeatCell(Count Count, string Share, int Heat, bool Open);

internal static class RetentionReports
{
    /// <summary>Cohorts and periods of the table, the latest: more cannot be read.</summary>
    private const int MostShown = 16;

    public static RetentionReport Of(RetentionQuestion question, RetentionAnswer answer)
    {
        // Long before the first cohort there is nothing to see.
        var cohorts = answer.Cohorts.SkipWhile(c => c.Customers == 0).ToList();
        var shown = cohorts.TakeLast(MostShown).ToList();
        var periods = Math.Min(MostShown, shown.Count == 0 ? 0 : shown.Max(c => c.Returned.Count));
        var total = answer.Total.Take(MostShown).ToList();
        var series = new Series(T("Analyse.Retention.Returned"), [.. total.Select(t => Math.Round(t.Share * 100, 2))]);
        var chart = new SeriesChart("line", [.. total.Select((_, k) => k.ToString(System.Globalization.CultureInfo.InvariantCulture))], [series], "%");
        return new RetentionReport(answer.Customers, cohorts.Count - shown.Count, periods, chart, total, [.. shown.Select(c => Row(question, c, periods))]);
    }

    public static string Words(RetentionQuestion question, RetentionPick pick)
    {
        var (period, from) = (T(FunnelWords.Period(question.Period)), Figures.Date(pick.Cohort));
        var words = T("Analyse.Retention.CohortWords", question.Start ?? T("Analyse.Retention.Any"), period, from);
        return pick.Offset is not { } offset ? words
            : words + " " + T(pick.Absent ? "Analyse.Retention.AbsentWords" : question.OrAfter ? "Analyse.Retention.AfterWords" : "Analyse.Retention.OnWords", question.Return ?? T("Analyse.Retention.Any"), offset, period);
    }

    private static RetentionRow Row(RetentionQuestion question, RetentionCohort cohort, int periods) => new(
        cohort.From, new Count(cohort.Customers, Href(question, cohort, null)),
        [.. cohort.Returned.Take(periods).Select((c, k) => new HeatCell(
            new Count(c.Customers, Href(question, cohort, k)), Figures.Percent(c.Customers, cohort.Customers), (int)Math.Round(c.Share * 10), c.Open))]);

    private static string Href(RetentionQuestion question, RetentionCohort cohort, int? offset) =>
        RetentionAddress.Behind(question, new RetentionPick(cohort.From, offset, false)).ToString();
}
