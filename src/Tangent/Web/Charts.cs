using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tangent.Web;

/// <summary>What a chart shows; drawn in the browser by wwwroot/charts.js. Colours are numbers of the channel palette (<see cref="ChannelColor"/>), null = the next of the palette.</summary>
[JsonDerivedType(typeof(SankeyChart))]
[JsonDerivedType(typeof(FunnelChart))]
[JsonDerivedType(typeof(SeriesChart))]
[JsonDerivedType(typeof(HeatmapChart))]
[JsonDerivedType(typeof(GraphChart))]
[JsonDerivedType(typeof(WaterfallChart))]
[JsonDerivedType(typeof(MatrixChart))]
public abstract record ChartData
{
    /// <summary>Value of data-chart.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}

/// <param name="Unit">What the numbers count, in the tooltip ("customers").</param>
public sealed record SankeyChart(IReadOnlyList<SankeyNode> Nodes, IReadOnlyList<SankeyLink> Links, string Unit) : ChartData
{
    public override string Kind => "sankey";
}

/// <param name="Id">Unique in the chart, for example "2:Checkout".</param>
/// <param name="Name">What is shown.</param>
/// <param name="Href">Opened by a click: the customers behind it.</param>
/// <param name="Depth">Column from 0; null = computed.</param>
public sealed record SankeyNode(string Id, string Name, int? Color = null, string? Href = null, int? Depth = null);

public sealed record SankeyLink(string Source, string Target, double Value, string? Href = null);

/// <summary>Steps side by side; what was lost since the step before stands as a pale bar on top.</summary>
public sealed record FunnelChart(IReadOnlyList<FunnelBar> Steps, string Unit) : ChartData
{
    public override string Kind => "funnel";
}

/// <param name="Label">Written above the bar, for example "42.1 %".</param>
public sealed record FunnelBar(string Name, double Value, string Label, int? Color = null, string? Href = null, string? LostHref = null);

/// <summary>Lines over time, or bars.</summary>
/// <param name="Categories">Labels of the axis, for example days as yyyy-MM-dd (written by culture in the browser).</param>
/// <param name="Shape"><c>line</c> or <c>bar</c>.</param>
/// <param name="Horizontal">Bars lie; for long names.</param>
public sealed record SeriesChart(string Shape, IReadOnlyList<string> Categories, IReadOnlyList<Series> Series, string Unit, bool Stacked = false, bool Horizontal = false) : ChartData
{
    public override string Kind => Shape;

    /// <summary>What is marked on the axis of days.</summary>
    public IReadOnlyList<PlacedMark>? Marks { get; init; }

    /// <summary>The same with the marks that fall into its days; a chart of something else than time stays as it is.</summary>
    public SeriesChart Marked(IReadOnlyList<ChartMark> marks)
    {
        if (marks.Count == 0 || Categories.Count == 0 || Horizontal) return this;
        var days = new List<DateOnly>(Categories.Count);
        foreach (var category in Categories)
        {
            if (!DateOnly.TryParseExact(category, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return this;
            days.Add(day);
        }

        // The last bucket is taken to be as long as the one before.
        var end = days[^1].AddDays(days.Count > 1 ? days[^1].DayNumber - days[^2].DayNumber : 1);
        return this with { Marks = [.. marks.Where(m => m.Day >= days[0] && m.Day < end).Select(m => new PlacedMark(days.FindLastIndex(d => d <= m.Day), m.Day, m.Text))] };
    }
}

/// <param name="At">Position on the axis.</param>
public sealed record PlacedMark(int At, DateOnly Day, string Text);

/// <param name="Hrefs">One address for each value, or null.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values, int? Color = null, IReadOnlyList<string>? Hrefs = null)
{
    /// <summary>Lower ends of the values' intervals, drawn with <see cref="High"/> as a band behind the line.</summary>
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>Upper ends of them.</summary>
    public IReadOnlyList<double>? High { get; init; }

    /// <summary>Positions without a value: the line is broken there, and its points are shown.</summary>
    public IReadOnlyList<int>? Gaps { get; init; }
}

/// <param name="Cells">Column, row, value.</param>
public sealed record HeatmapChart(IReadOnlyList<string> Columns, IReadOnlyList<string> Rows, IReadOnlyList<double[]> Cells, string Unit) : ChartData
{
    public override string Kind => "heatmap";
}

/// <summary>Lying bars one below the other, each beginning where the one before ended: how a sum comes about.</summary>
/// <param name="Marks">Lines across all bars.</param>
public sealed record WaterfallChart(IReadOnlyList<WaterfallBar> Bars, IReadOnlyList<WaterfallMark> Marks) : ChartData
{
    public override string Kind => "waterfall";
}

/// <param name="Name">What adds or takes.</param>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Label">Written at its end.</param>
/// <param name="Whole">It neither adds nor takes: what there is at the beginning or the end.</param>
public sealed record WaterfallBar(string Name, double From, double To, string Label, bool Whole = false);

public sealed record WaterfallMark(double At, string Text);

/// <summary>Bubbles in four fields.</summary>
/// <param name="CutX">Where left and right part.</param>
/// <param name="CutY">Where below and above part.</param>
/// <param name="NameX">What lies from left to right.</param>
/// <param name="NameY">What lies from below to above.</param>
/// <param name="NameSize">What the size of a bubble is.</param>
/// <param name="Fields">Names of the fields: above left, above right, below left, below right.</param>
public sealed record MatrixChart(IReadOnlyList<MatrixPoint> Points, double CutX, double CutY, string NameX, string NameY, string NameSize, IReadOnlyList<string> Fields) : ChartData
{
    public override string Kind => "matrix";
}

/// <param name="Href">Opened by a click: the customers behind it.</param>
public sealed record MatrixPoint(string Name, double X, double Y, double Size, int? Color = null, string? Href = null);

/// <summary>Points and the lines between them, laid out in a circle.</summary>
public sealed record GraphChart(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphLink> Links) : ChartData
{
    public override string Kind => "graph";
}

/// <param name="Id">Unique in the chart.</param>
/// <param name="Name">What is shown.</param>
public sealed record GraphNode(string Id, string Name, int? Color = null);

/// <param name="Text">What the line means, shown when it is pointed at.</param>
/// <param name="Strong">A whole line instead of a dashed one.</param>
public sealed record GraphLink(string Source, string Target, string Text, bool Strong);
