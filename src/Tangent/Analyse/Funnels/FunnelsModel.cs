using Tangent.Collect;
using Tangent.Unify;
using Tangent.Web;
using static Tangent.Web.Texts;

namespace Tangent.Analyse;

/// <param name="Before">The answer for the period before; null where there is nothing to compare with.</param>
public sealed record FunnelsModel(Around Around, FunnelForm Form, FunnelReport? Report, FunnelAnswer? Before);

/// <param name="Steps">Steps chosen, as the request has them.</param>
/// <param name="Proposed">The steps are a proposal, nobody chose them.</param>
public sealed record FunnelForm(
    IReadOnlyList<string> Steps, IReadOnlyList<Choice> Touchpoints, string Window, IReadOnlyList<Choice> Windows, string? Breakdown, IReadOnlyList<Choice> Breakdowns, bool Proposed)
{
    public string Order { get; init; } = "ordered";

    /// <summary>What the shares of the chart are of: <c>total</c> or <c>previous</c>.</summary>
    public string Reference { get; init; } = "total";

    public string Trend { get; init; } = "week";

    public string Touch { get; init; } = "first";

    public IReadOnlyList<string> Exclusions { get; init; } = [];

    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Something is chosen that most funnels do without.</summary>
    public bool HasMore => Order != "ordered" || Reference != "total" || Trend != "week" || Touch != "first" || Exclusions.Count + Ignored.Count > 0;
}

/// <param name="Customers">Customers with any event in the filter.</param>
public sealed record FunnelReport(long Customers, FunnelChart Chart, IReadOnlyList<FunnelRow> Rows, IReadOnlyList<FunnelGroupRow> Groups)
{
    public string GroupedBy { get; init; } = "";

    public bool GroupsAreChannels { get; init; }

    /// <summary>Groups that are not listed.</summary>
    public int MoreGroups { get; init; }

    public FunnelTrendReport? Trend { get; init; }

    public FunnelTimesReport? Times { get; init; }
}

/// <param name="First">Customers of the first step.</param>
/// <param name="Previous">Customers of the step before; of the first step, its own.</param>
/// <param name="Lost">Who reached this step but not the next; null at the last.</param>
public sealed record FunnelRow(int Position, Mark Touchpoint, Count Reached, long First, long Previous, Count? Lost, FunnelStep Step);

/// <param name="Reached">Customers of the group at each step.</param>
public sealed record FunnelGroupRow(string Name, IReadOnlyList<Count> Reached);

public sealed record FunnelTrendReport(SeriesChart Chart, IReadOnlyList<FunnelTrendRow> Rows);

/// <param name="Open">More may convert: their window is not over yet.</param>
public sealed record FunnelTrendRow(DateOnly From, Count Entered, Count Converted, bool Open);

/// <param name="Bin">Width of a bin in words.</param>
public sealed record FunnelTimesReport(SeriesChart Chart, string Bin, IReadOnlyList<FunnelTimesRow> Rows);

public sealed record FunnelTimesRow(string Label, Count Count);

internal static class FunnelReports
{
    /// <param name="question">What was asked.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="ofPrevious">The chart's shares are of the step before instead of the first.</param>
    /// <param name="marks">Colours of touchpoints.</param>
    public static FunnelReport Of(FunnelQuestion question, FunnelAnswer answer, bool ofPrevious, Marks marks)
    {
        var rows = answer.Steps.Select((step, i) => new FunnelRow(
            i + 1, marks.Of(Label(question, step.Name, i)), Reached(question, i, step, null), answer.Steps[0].Customers, answer.Steps[Math.Max(i - 1, 0)].Customers,
            i + 1 < answer.Steps.Count ? Lost(question, answer.Steps, i) : null, step)).ToList();
        var groups = answer.Groups.Select(g => new FunnelGroupRow(g.Name, [.. g.Steps.Select((s, i) => Reached(question, i, s, g.Name))])).ToList();
        return new FunnelReport(answer.Customers, Chart(rows, ofPrevious), rows, groups)
        {
            GroupedBy = FunnelWords.Group(question),
            GroupsAreChannels = question.Breakdown == "channel",
            MoreGroups = answer.MoreGroups,
            Trend = answer.Trend is { Count: > 0 } trend ? Trend(question, trend) : null,
            Times = answer.Histogram is { Customers.Count: > 0 } times ? Times(question, times) : null,
        };
    }

    // In any order a step stands for "any so many of the steps".
    private static string Label(FunnelQuestion question, string name, int index) => question.Order == FunnelOrder.Any ? T("Analyse.Funnels.AnySteps", index + 1) : name;

    private static FunnelChart Chart(List<FunnelRow> rows, bool ofPrevious) => new(
        [.. rows.Select(r => new FunnelBar(
            r.Touchpoint.Name, r.Reached.Customers, Figures.Percent(ofPrevious ? r.Step.ConversionFromPrevious : r.Step.Conversion), r.Touchpoint.Color, r.Reached.Href,
            r.Position > 1 ? rows[r.Position - 2].Lost?.Href : null))],
        T("Analyse.Unit.Customers"));

    private static FunnelTrendReport Trend(FunnelQuestion question, IReadOnlyList<FunnelEntry> trend)
    {
        var last = question.Steps.Count;
        var rows = trend.Select(e => new FunnelTrendRow(
            e.From, new Count(e.Customers, Href(new FunnelPick(1, false, Entered: e.From))), new Count(e.Converted, Href(new FunnelPick(last, false, Entered: e.From))), e.Open)).ToList();
        var shares = new Series(T("Analyse.Funnels.Overall"), [.. trend.Select(e => Math.Round(e.Conversion * 100, 2))], Hrefs: [.. rows.Select(r => r.Converted.Href)]);
        return new FunnelTrendReport(new SeriesChart("line", [.. trend.Select(e => e.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))], [shares], "%"), rows);

        string Href(FunnelPick pick) => FunnelAddress.Behind(question, pick).ToString();
    }

    private static FunnelTimesReport Times(FunnelQuestion question, FunnelHistogram times)
    {
        var rows = times.Customers.Select((n, bin) => new FunnelTimesRow(
            times.LastIsOpen && bin == times.Customers.Count - 1
                ? T("Analyse.Funnels.AndMore", Figures.Duration(bin * times.BinSeconds))
                : $"{Figures.Duration(bin * times.BinSeconds)} – {Figures.Duration((bin + 1) * times.BinSeconds)}",
            new Count(n, FunnelAddress.Behind(question, new FunnelPick(question.Steps.Count, false, Bin: bin)).ToString()))).ToList();
        var series = new Series(T("Analyse.Customers"), [.. times.Customers.Select(n => (double)n)], Hrefs: [.. rows.Select(r => r.Count.Href)]);
        return new FunnelTimesReport(new SeriesChart("bar", [.. rows.Select(r => r.Label)], [series], T("Analyse.Unit.Customers")), Figures.Duration(times.BinSeconds), rows);
    }

    private static Count Reached(FunnelQuestion question, int index, FunnelStep step, string? group) =>
        new(step.Customers, FunnelAddress.Behind(question, new FunnelPick(index + 1, false, group)).ToString());

    private static Count Lost(FunnelQuestion question, IReadOnlyList<FunnelStep> steps, int index) =>
        new(steps[index].Customers - steps[index + 1].Customers, FunnelAddress.Behind(question, new FunnelPick(index + 1, true)).ToString());
}
