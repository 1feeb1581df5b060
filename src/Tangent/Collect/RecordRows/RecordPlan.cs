using System.Text;

namespace Tangent.Collect;

/// <summary>How the columns of a file become records: which of them hold dates, and how amounts are written.</summary>
internal sealed class RecordPlan : RowPlan<RecordRow>
{
    private readonly (PlannedColumn Column, DateFormat? Dates)[] _planned;
    private readonly NumberFormat _numbers;
    private readonly int[] _deleted;

    /// <param name="names">Names of the file's columns.</param>
    /// <param name="columns">What the columns become.</param>
    /// <param name="dates">How the dates of a column are written; null where it holds none.</param>
    /// <param name="numbers">How amounts are written.</param>
    public RecordPlan(IReadOnlyList<string> names, IReadOnlyList<PlannedColumn> columns, Func<int, DateFormat?> dates, NumberFormat numbers)
    {
        // In order of field and name, so that the order of columns makes no other content.
        _planned = [.. columns.OrderBy(c => c.Field).ThenBy(c => c.Name, StringComparer.Ordinal).Select(c => (c, IsDate(c.Field) && c.Column >= 0 ? dates(c.Column) : null))];
        _numbers = numbers;
        _deleted = [.. names.Index().Where(n => FieldGuess.Plain(n.Item) is "isdeleted" or "fivetrandeleted").Select(n => n.Index)];
    }

    public static bool IsDate(ImportField? field) => field is ImportField.Time or ImportField.Closed or ImportField.Updated or ImportField.BirthDate;

    /// <summary>True where the program that the file comes from says that the record was deleted there.</summary>
    public override bool LeavesOut(ColumnPlan.Values values)
    {
        foreach (var column in _deleted)
            if (values(column).Trim(" \t"u8) is var said && (said is [(byte)'1'] || Ascii.EqualsIgnoreCase(said, "true"u8))) return true;
        return false;
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
