using Microsoft.AspNetCore.Components;

namespace Tangent.Web;

/// <summary>What a column holds: how a value is written on the page and in a file.</summary>
public enum Holds
{
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number with digits after the decimal mark.</summary>
    Number,

    /// <summary>0 to 1.</summary>
    Share,

    /// <summary>Seconds.</summary>
    Duration,
    Day,
    Moment,
}

/// <summary>A column of a <c>DataTable</c>.</summary>
/// <param name="Key">Its name in the address, unique in the table.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Holds">What it holds.</param>
/// <param name="Value">What is sorted, searched and exported; null where there is nothing.</param>
public sealed record Column<TRow>(string Key, string Title, Holds Holds, Func<TRow, object?> Value)
{
    /// <summary>What the page shows where that is more than the value, for example a link.</summary>
    public Func<TRow, RenderFragment>? Cell { get; init; }

    /// <summary>Hidden until it is chosen.</summary>
    public bool Extra { get; init; }

    /// <summary>Long text that may break anywhere.</summary>
    public bool Wraps { get; init; }

    /// <summary>Of use on the page alone (a button, what is loaded later): not in files, not to sort by.</summary>
    public bool OnPageOnly { get; init; }

    /// <summary>CSS classes of a cell, for example its place on a scale.</summary>
    public Func<TRow, string?>? Class { get; init; }

    /// <summary>Explains a cell.</summary>
    public Func<TRow, string?>? CellHint { get; init; }

    /// <summary>Explains the heading.</summary>
    public string? Hint { get; init; }

    /// <summary>Takes no more room than it needs.</summary>
    public bool Narrow { get; init; }

    internal bool IsNumber => Holds is not (Holds.Text or Holds.Day or Holds.Moment);

    internal string Written(TRow row) => (Holds, Value(row)) switch
    {
        (_, null) => "–",
        (Holds.Count, var value) => Figures.Number(Convert.ToInt64(value, null)),
        (Holds.Number, var value) => Figures.Number(Convert.ToDouble(value, null)),
        (Holds.Share, var value) => Figures.Percent(Convert.ToDouble(value, null)),
        (Holds.Duration, var value) => Figures.Duration(Convert.ToDouble(value, null)),
        (Holds.Day, DateOnly day) => Figures.Date(day),
        (Holds.Moment, DateTime moment) => Figures.Moment(moment),
        (_, var value) => value.ToString() ?? "",
    };
}
