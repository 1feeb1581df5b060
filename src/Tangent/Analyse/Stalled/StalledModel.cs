using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

public sealed record StalledModel(Around Around, StalledQuestion Question, StalledReport? Report);

/// <param name="Customers">Customers with any event in the filter.</param>
/// <param name="AsOf">Moment waits are measured to, UTC.</param>
public sealed record StalledReport(long Customers, Count Stalled, Count Waiting, DateTime? AsOf, SeriesChart Chart, IReadOnlyList<StalledRow> Rows, IReadOnlyList<ExcludedTouchpoint> Excluded);

/// <param name="Exclude">The same page without this touchpoint.</param>
public sealed record StalledRow(Mark Touchpoint, Count Stalled, Count Waiting, StalledTouchpoint Item, string Exclude);

/// <param name="Href">The same page with this touchpoint again.</param>
public sealed record ExcludedTouchpoint(string Name, string Href);

internal static class StalledReports
{
    /// <summary>Bars of the chart, the longest: more cannot be read.</summary>
    private const int MostBars = 12;

    public static StalledReport Of(StalledQuestion question, StalledAnswer answer, Marks marks)
    {
        Count Behind(long customers, string? touchpoint, bool stalled) => new(customers, StalledAddress.Behind(question, new StalledPick(touchpoint, stalled)).ToString());
        string Page(IEnumerable<string> exclude) => StalledAddress.Of(question with { Exclude = [.. exclude] }).ToString();
        List<StalledRow> rows = [.. answer.Items.Select(t => new StalledRow(
            marks.Of(t.Name), Behind(t.Stalled, t.Name, true), Behind(t.Waiting, t.Name, false), t, Page([.. question.Exclude, t.Name])))];
        return new StalledReport(
            answer.Customers, Behind(answer.Stalled, null, true), Behind(answer.Items.Sum(t => t.Waiting), null, false), answer.AsOf, Chart(rows), rows,
            [.. question.Exclude.Select(name => new ExcludedTouchpoint(name, Page(question.Exclude.Where(other => other != name))))]);
    }

    private static SeriesChart Chart(List<StalledRow> rows)
    {
        List<StalledRow> bars = [.. rows.Where(r => r.Stalled.Customers > 0).Take(MostBars)];
        return new SeriesChart("bar", [.. bars.Select(r => r.Touchpoint.Name)],
            [new Series(T("Analyse.Stalled.StalledColumn"), [.. bars.Select(r => (double)r.Stalled.Customers)], Hrefs: [.. bars.Select(r => r.Stalled.Href)])],
            T("Analyse.Unit.Customers"), Horizontal: true);
    }
}
