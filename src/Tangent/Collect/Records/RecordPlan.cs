using System.Text;

namespace Tangent.Collect;

/// <summary>How the columns of a file become records: which of them hold dates, and how amounts are written.</summary>
internal sealed class RecordPlan : RowPlan<RecordRow>
{
    private readonly (PlannedColumn Column, DateFormat? Dates)[] _planned;
    private readonly NumberFormat _numbers;
    private readonly bool _continues;
    private readonly int _id, _time;
    private string _last = "";

    /// <param name="columns">What the columns become.</param>
    /// <param name="kind">What the rows are.</param>
    /// <param name="dates">How the dates of a column are written; null where it holds none.</param>
    /// <param name="numbers">How amounts are written.</param>
    public RecordPlan(IReadOnlyList<PlannedColumn> columns, ImportKind kind, Func<int, DateFormat?> dates, NumberFormat numbers)
    {
        // In order of field and name, so that the order of columns makes no other content.
        _planned = [.. columns.OrderBy(c => c.Field).ThenBy(c => c.Name, StringComparer.Ordinal).Select(c => (c, IsDate(c.Field) ? dates(c.Column) : null))];
        _numbers = numbers;
        _id = columns.FirstOrDefault(c => c.Field == ImportField.RecordId)?.Column ?? -1;
        _time = columns.FirstOrDefault(c => c.Field == ImportField.Time)?.Column ?? -1;
        _continues = kind is ImportKind.Orders or ImportKind.Invoices && _id >= 0 && _time >= 0;
    }

    public static bool IsDate(ImportField? field) => field is ImportField.Time or ImportField.Closed or ImportField.Updated or ImportField.BirthDate;

    /// <summary>Shops write an order of several products as several rows, of which only the first says when it was.</summary>
    public override bool LeavesOut(ColumnPlan.Values values)
    {
        if (!_continues) return false;
        var id = Encoding.UTF8.GetString(values(_id));
        var continues = id == _last && id.Length > 0 && values(_time).IsEmpty;
        _last = id;
        return continues;
    }

    public override void Write(RecordRow into, ColumnPlan.Values values)
    {
        foreach (var (column, dates) in _planned)
        {
            var value = column.Column < 0 ? column.Constant : values(column.Column);
            if (column.Field is not { } field) into.Other(column.Name, value);
            else if (dates is not null) into.SetDate(field, value, dates);
            else if (field == ImportField.Value) into.SetNumber(field, value, _numbers);
            else into.Set(field, value);
        }
    }
}
