using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Question">The question as read; the usual one where it was refused.</param>
/// <param name="Report">Null where there is no answer.</param>
/// <param name="Before">The answer for the period before; null where there is nothing to compare with.</param>
public sealed record AttributionPageModel(Around Around, AttributionQuestion Question, IReadOnlyList<Choice> Touchpoints, AttributionReport? Report, AttributionAnswer? Before);

/// <param name="Converters">Customers with a conversion.</param>
/// <param name="Models">Names of the columns.</param>
/// <param name="Total">Sum of each column.</param>
/// <param name="ByValue">The table shows value, not conversions.</param>
public sealed record AttributionReport(
    AttributionAnswer Answer, Count Converters, IReadOnlyList<string> Models, IReadOnlyList<AttributionRow> Rows, double Total, bool ByValue, SeriesChart Chart);

/// <param name="Credits">One for each model.</param>
public sealed record AttributionRow(Mark Mark, Count Converters, IReadOnlyList<double> Credits, double RemovalEffect, double Conversions, double LostPaths);

internal static class AttributionReports
{
    private const int MostInChart = 12;

    // Eight bars for each touchpoint are not read by anybody: the two ends, the middle, and the two that look at all paths together.
    private static readonly string[] InChart = [AttributionModel.First, AttributionModel.Last, AttributionModel.Linear, AttributionModel.Markov, AttributionModel.Shapley];

    public static AttributionReport Of(AttributionQuestion question, AttributionAnswer answer, Marks marks, bool byValue)
    {
        var credits = AttributionModel.All.ToDictionary(m => m, m => answer.Models[m].ToDictionary(c => c.Name, c => byValue ? c.Value : c.Conversions, StringComparer.Ordinal));
        var effects = answer.Models[AttributionModel.Markov].ToDictionary(c => c.Name, c => c.RemovalEffect ?? 0, StringComparer.Ordinal);
        Count Behind(long? customers, string? name) => new(customers ?? 0, AttributionAddress.Behind(question, new AttributionPick(name)).ToString());
        AttributionRow[] rows =
        [
            .. answer.Reach.Select(r => new AttributionRow(
                question.By == AttributionUnit.Channel ? new Mark(r.Name, ChannelColor.Of(r.Name)) : marks.Of(r.Name),
                Behind(r.Converters, r.Name), [.. AttributionModel.All.Select(m => credits[m][r.Name])], effects[r.Name], r.Conversions, r.LostPaths)),
        ];
        var shown = rows.Take(MostInChart).ToList();
        var series = InChart.Select(m => new Series(
            T("Analyse.Attribution.Model." + m), [.. shown.Select(r => Math.Round(r.Credits[AttributionModel.All.ToList().IndexOf(m)], 2))], Hrefs: [.. shown.Select(r => r.Converters.Href)]));
        return new AttributionReport(
            answer, Behind(answer.Converters, null), AttributionModel.All, rows, byValue ? answer.Value : answer.Conversions, byValue,
            new SeriesChart("bar", [.. shown.Select(r => r.Mark.Name)], [.. series], byValue ? T("Analyse.Attribution.Value") : T("Analyse.Attribution.Conversions"), Horizontal: true));
    }
}
