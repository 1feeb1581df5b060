using Tangent.Collect;
using Tangent.Measure;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Drivers">What the derived importance is asked from.</param>
/// <param name="Answered">Touchpoints that were answered about.</param>
/// <param name="By">The importance that was chosen; null where none was.</param>
/// <param name="Report">Null where there is no answer.</param>
public sealed record PrioritiesModel(Around Around, DriversQuestion Drivers, string? By, IReadOnlyList<string> Touchpoints, IReadOnlyList<string> Answered, PrioritiesReport? Report);

/// <param name="Chart">Null where nothing can be placed.</param>
/// <param name="Moments">Moments of truth, stated or derived, the strongest derived first.</param>
public sealed record PrioritiesReport(PrioritiesAnswer Answer, MatrixChart? Chart, IReadOnlyList<PriorityRow> Rows, IReadOnlyList<PriorityRow> Moments, string DriversHref)
{
    internal static PrioritiesReport Of(PrioritiesQuestion question, PrioritiesAnswer answer, Marks marks)
    {
        List<PriorityRow> rows = [.. answer.Items.Select(i => new PriorityRow(i, marks.Of(i.Touchpoint), PrioritiesEndpoints.Of(question).Customers().With("at", i.Touchpoint).ToString(), DriverOf(question, i)))];
        return new PrioritiesReport(
            answer, ChartOf(answer, rows), rows,
            [.. rows.Where(r => r.Item.MomentOfTruth > 0 || r.Item.Stated?.MomentsOfTruth > 0).OrderByDescending(r => r.Item.MomentOfTruth ?? -1).ThenByDescending(r => r.Item.Stated?.MomentsOfTruth ?? 0)],
            DriversAddress.Of(question.Drivers).ToString());
    }

    private static string? DriverOf(PrioritiesQuestion question, Priority item) =>
        item.Derived?.Drivers is [var key, ..] ? DriversAddress.Behind(question.Drivers, new DriversPick(key, true)).ToString() : null;

    private static MatrixChart? ChartOf(PrioritiesAnswer answer, List<PriorityRow> rows)
    {
        if (answer is not { ImportanceCut: { } important, PerformanceCut: { } weak }) return null;
        var isStated = answer.By == Priorities.Stated;
        var factor = isStated ? 1 : 100;
        return new MatrixChart(
            [.. rows.Where(r => r.Item.Quadrant is "fixNow" or "keep" or "maintain" or "watch").Select(r => new MatrixPoint(
                r.Item.Touchpoint, Math.Round(r.Item.Performance!.Value, 1), Math.Round(Priorities.ImportanceOf(r.Item, answer.By)!.Value * factor, 1), Math.Round(100 * r.Item.Reach, 1), r.Mark.Color, r.Href))],
            Math.Round(weak, 1), Math.Round(important * factor, 1), T("Analyse.Priorities.PerformanceAxis"), T(isStated ? "Analyse.Priorities.StatedAxis" : "Analyse.Priorities.DerivedAxis"), T("Analyse.Priorities.ReachUnit"),
            [PriorityRow.Quadrant("fixNow"), PriorityRow.Quadrant("keep"), PriorityRow.Quadrant("watch"), PriorityRow.Quadrant("maintain")]);
    }
}

/// <param name="Mark">The touchpoint in the colour of its channel.</param>
/// <param name="Href">The customers who were there.</param>
/// <param name="DriverHref">Who lived through its strongest driver; null where it has none.</param>
public sealed record PriorityRow(Priority Item, Mark Mark, string Href, string? DriverHref)
{
    public string Metric => Item.Performance is { } p ? ScoreWords.Of(Metrics.Find(p.Metric)!.Value) : "";

    public static string Quadrant(string name) => T("Analyse.Priorities.Quadrant." + char.ToUpperInvariant(name[0]) + name[1..]);

    public string Tone => Item.Quadrant switch { "fixNow" => "mark-bad", "keep" => "mark-good", _ => "" };
}
