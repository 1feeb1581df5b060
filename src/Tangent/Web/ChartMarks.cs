namespace Tangent.Web;

/// <summary>Something that happened on a day and may explain what a chart shows, for example "new invoice layout".</summary>
public sealed record ChartMark(DateOnly Day, string Text);

/// <summary>What every chart over time marks; set by who keeps the annotations.</summary>
public sealed class ChartMarks
{
    private volatile IReadOnlyList<ChartMark> _all = [];

    public IReadOnlyList<ChartMark> All => _all;

    public void Replace(IReadOnlyList<ChartMark> marks) => _all = marks;
}
