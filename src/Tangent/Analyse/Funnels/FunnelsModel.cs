using Tangent.Collect;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

public sealed record FunnelsModel(Around Around, FunnelForm Form, FunnelReport? Report);

/// <param name="Steps">Touchpoints chosen, as the request has them.</param>
/// <param name="Proposed">The steps are a proposal, nobody chose them.</param>
public sealed record FunnelForm(IReadOnlyList<string> Steps, IReadOnlyList<Choice> Touchpoints, string Window, IReadOnlyList<Choice> Windows, string? Breakdown, bool Proposed);

/// <param name="Customers">Customers with any event in the filter.</param>
public sealed record FunnelReport(long Customers, FunnelChart Chart, IReadOnlyList<FunnelRow> Rows, IReadOnlyList<FunnelGroupRow> Groups);

/// <param name="First">Customers of the first step.</param>
/// <param name="Previous">Customers of the step before; of the first step, its own.</param>
/// <param name="Lost">Who reached this step but not the next; null at the last.</param>
public sealed record FunnelRow(int Position, Mark Touchpoint, Count Reached, long First, long Previous, Count? Lost, FunnelStep Step);

/// <param name="Reached">Customers of the group at each step.</param>
public sealed record FunnelGroupRow(string Channel, IReadOnlyList<Count> Reached);

internal static class FunnelReports
{
    public static FunnelReport Of(FunnelQuestion question, FunnelAnswer answer, Marks marks)
    {
        var rows = answer.Steps.Select((step, i) => new FunnelRow(
            i + 1, marks.Of(step.Name), Reached(question, i, step, null), answer.Steps[0].Customers, answer.Steps[Math.Max(i - 1, 0)].Customers,
            i + 1 < answer.Steps.Count ? Lost(question, answer.Steps, i) : null, step)).ToList();
        var groups = answer.Groups.Select(g => new FunnelGroupRow(g.Name, [.. g.Steps.Select((s, i) => Reached(question, i, s, g.Name))])).ToList();
        return new FunnelReport(answer.Customers, Chart(rows), rows, groups);
    }

    private static FunnelChart Chart(List<FunnelRow> rows) => new(
        [.. rows.Select(r => new FunnelBar(
            r.Touchpoint.Name, r.Reached.Customers, Figures.Percent(r.Step.Conversion), r.Touchpoint.Color, r.Reached.Href, r.Position > 1 ? rows[r.Position - 2].Lost?.Href : null))],
        T("Analyse.Unit.Customers"));

    private static Count Reached(FunnelQuestion question, int index, FunnelStep step, string? group) =>
        new(step.Customers, FunnelAddress.Behind(question, new FunnelPick(index + 1, false, group)).ToString());

    private static Count Lost(FunnelQuestion question, IReadOnlyList<FunnelStep> steps, int index) =>
        new(steps[index].Customers - steps[index + 1].Customers, FunnelAddress.Behind(question, new FunnelPick(index + 1, true)).ToString());
}
