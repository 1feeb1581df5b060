using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Touchpoints">Touchpoints to choose from.</param>
public sealed record FlowsModel(Around Around, FlowsQuestion Question, IReadOnlyList<Choice> Touchpoints, FlowsReport? Report, ReworkReport? Rework);

public sealed record FlowsReport(long Total, HeatmapChart Chart, IReadOnlyList<FlowRow> Rows);

public sealed record FlowRow(Mark From, Mark To, long Times, Count Count, double MedianSeconds, double MeanSeconds);

internal static class FlowsReports
{
    /// <summary>Touchpoints of the heat map, the most frequent: more cannot be read.</summary>
    private const int MostTouchpoints = 15;

    public static FlowsReport Of(FlowsQuestion question, FlowsAnswer answer, Marks marks) => new(
        answer.Total, Chart(answer),
        [.. answer.Items.Select(f => new FlowRow(
            marks.Of(f.From), marks.Of(f.To), f.Count, new Count(f.Customers, FlowsAddress.Behind(question, new FlowPick(f.From, f.To)).ToString()), f.MedianSeconds, f.MeanSeconds))]);

    private static HeatmapChart Chart(FlowsAnswer answer)
    {
        List<string> names = [.. answer.Items
            .SelectMany(f => new[] { (Name: f.From, f.Count), (Name: f.To, f.Count) })
            .GroupBy(x => x.Name, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(x => x.Count)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Take(MostTouchpoints).Select(g => g.Key)];
        var index = names.Select((n, i) => (n, i)).ToDictionary(x => x.n, x => x.i, StringComparer.Ordinal);
        return new HeatmapChart(names, names, [.. answer.Items
            .Where(f => index.ContainsKey(f.From) && index.ContainsKey(f.To))
            .Select(f => new double[] { index[f.To], index[f.From], f.Count })], T("Analyse.Unit.Times"));
    }
}
