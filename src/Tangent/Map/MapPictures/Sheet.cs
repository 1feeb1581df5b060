namespace Tangent.Map;

/// <summary>A page with what is drawn on it, in points from the upper left corner, in this order.</summary>
internal sealed record SheetPage(double Width, double Height, IReadOnlyList<SheetShape> Shapes);

internal abstract record SheetShape;

internal sealed record SheetBox(double X, double Y, double Width, double Height, string? Fill, string? Stroke = null) : SheetShape;

/// <param name="Points">Corners, x and y in turn.</param>
internal sealed record SheetLine(IReadOnlyList<(double X, double Y)> Points, string Stroke, double Width, bool Dashed = false) : SheetShape;

/// <param name="Y">Of the line that the letters stand on.</param>
internal sealed record SheetText(double X, double Y, string Text, double Size, bool Bold, string Fill) : SheetShape;

internal sealed record SheetPhoto(double X, double Y, double Width, double Height, Photo Photo) : SheetShape;

/// <summary>The colours of the pages in the light.</summary>
internal static class SheetInk
{
    public const string Text = "#1b2029", Quiet = "#525b6a", Line = "#d5d9e0", Stage = "#e9edfb", Card = "#f6f7f9", Brand = "#3451c6", Good = "#17713d", Bad = "#b3261e", Unsure = "#7a5600", Assumed = "#868e9c";
}

/// <summary>How large a sheet is and what stands on it.</summary>
/// <param name="Width">Of a page.</param>
/// <param name="Height">Of a page; null where it is as high as the map.</param>
/// <param name="StepsOnAPage">Most columns of a page.</param>
/// <param name="LaneWidth">Of the column of names.</param>
/// <param name="Size">Of the letters.</param>
internal sealed record SheetFormat(double Width, double? Height, int StepsOnAPage, double LaneWidth, double Size)
{
    public const double Margin = 24;

    /// <summary>ISO 216 A3, landscape; ten steps side by side are read without a glass.</summary>
    public static SheetFormat A3 => new(1190.55, 841.89, 10, 92, 7.5);

    /// <summary>All columns side by side.</summary>
    public static SheetFormat Picture(int steps) => new(Math.Max(900, 2 * Margin + 120 + 160 * Math.Max(1, steps)), null, int.MaxValue, 120, 10.5);
}

/// <summary>What is drawn.</summary>
/// <param name="Name">Name of the journey.</param>
/// <param name="State">As-is or to-be, in words.</param>
/// <param name="Content">The map.</param>
/// <param name="Touchpoint">Name of a step's touchpoint; empty for none.</param>
/// <param name="Today">Evidence ages by this day.</param>
/// <param name="Limits">From when on evidence is old.</param>
/// <param name="Measured">What scores say of the emotion, by id of the step; empty for none.</param>
/// <param name="HidesHeard">What customers said is for the house alone: only how often it was said is shown.</param>
internal sealed record SheetMap(string Name, string State, MapContent Content, Func<MapStep, string> Touchpoint, DateOnly Today, MapOptions Limits, IReadOnlyDictionary<string, MeasuredEmotion> Measured, bool HidesHeard = false)
{
    /// <summary>The first picture of each card; null where none are drawn.</summary>
    public IReadOnlyDictionary<string, Photo>? Photos { get; init; }
}
