using System.Runtime.CompilerServices;
using System.Text;

namespace Tangent.Collect;

/// <summary>One value of an event: where it comes from and what it becomes.</summary>
/// <param name="Column">Number of the column; -1 for a constant.</param>
/// <param name="Constant">The same text for every row.</param>
/// <param name="Field">The field; null for a property.</param>
/// <param name="Name">Property name.</param>
/// <param name="IsTime">The property is a point in time with an offset.</param>
internal sealed record PlannedColumn(int Column, byte[] Constant, ImportField? Field, string Name, bool IsTime)
{
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);

    public byte[] Key { get; } = ImportedEvent.KeyOf(Name);
}

/// <summary>How the columns of a file become events.</summary>
internal sealed class ColumnPlan : RowPlan<ImportedEvent>
{
    // Names that the form of an event gives a meaning of its own: an unmapped column must not take it by accident.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "channel", "path", "url", "value", "revenue", "total", "currency",
    };

    private static readonly ImportField[] Head = [ImportField.Customer, ImportField.AnonymousId, ImportField.Event, ImportField.Time, ImportField.Campaign];
    private static readonly ImportField[] Properties = [ImportField.Channel, ImportField.Path, ImportField.Value, ImportField.Currency];

    private readonly PlannedColumn[] _planned;
    private readonly DateFormat _dates;
    private readonly NumberFormat _numbers;
    private readonly int _lifecycle;

    public ColumnPlan(IReadOnlyList<PlannedColumn> columns, DateFormat dates, NumberFormat numbers, int lifecycleColumn)
    {
        _planned = [
            .. Head.Select(f => columns.FirstOrDefault(c => c.Field == f)).OfType<PlannedColumn>(),
            .. Properties.Select(f => columns.FirstOrDefault(c => c.Field == f)).OfType<PlannedColumn>(),
            // In order of name, so that the order of columns makes no other event.
            .. columns.Where(c => c.Field is null).OrderBy(c => c.Name, StringComparer.Ordinal)];
        (_dates, _numbers, _lifecycle) = (dates, numbers, lifecycleColumn);
    }

    public delegate ReadOnlySpan<byte> Values(int column);

    /// <summary>The columns of a file under a mapping.</summary>
    /// <param name="names">Columns in the order of the file; an empty name is left out.</param>
    /// <param name="mapping">What they stand for.</param>
    /// <param name="times">Columns that hold points in time with offsets.</param>
    public static List<PlannedColumn> Columns(IReadOnlyList<string> names, ImportMapping mapping, IReadOnlySet<string> times)
    {
        var planned = new List<PlannedColumn>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, column) in mapping.Columns.Where(c => c.Value.Length > 0))
        {
            if (name.StartsWith('-'))
            {
                taken.Add(column);
                continue;
            }

            var constant = column.StartsWith('=');
            var field = mapping.FieldOf(name);
            planned.Add(new PlannedColumn(
                constant ? -1 : IndexOf(names, column), constant ? Encoding.UTF8.GetBytes(column[1..]) : [], field, PropertyName(name.TrimStart('+'), mapping, field is not null), times.Contains(column)));
            if (!constant) taken.Add(column);
        }

        for (var i = 0; i < names.Count; i++)
            if (names[i].Length > 0 && !taken.Contains(names[i]))
                planned.Add(new PlannedColumn(i, [], null, PropertyName(names[i], mapping, false), times.Contains(names[i])));
        return planned;
    }

    /// <summary>True where the row's life-cycle transition is another than complete.</summary>
    public override bool LeavesOut(Values values)
    {
        if (_lifecycle < 0) return false;
        var transition = values(_lifecycle);
        return !transition.IsEmpty && !Ascii.EqualsIgnoreCase(transition, "complete"u8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Write(ImportedEvent into, Values values)
    {
        foreach (var column in _planned)
        {
            var value = column.Column < 0 ? column.Constant : values(column.Column);
            switch (column.Field)
            {
                case ImportField.Customer: into.Customer(value); break;
                case ImportField.AnonymousId: into.AnonymousId(value); break;
                case ImportField.Event: into.Name(value); break;
                case ImportField.Time: into.Time(value, _dates); break;
                case ImportField.Campaign: into.Campaign(value); break;
                case ImportField.Value: into.Value(value, _numbers); break;
                default:
                    if (column.IsTime) into.TimeProperty(column.Key, column.NameBytes, value);
                    else into.Property(column.Key, column.NameBytes, value);
                    break;
            }
        }
    }

    private static string PropertyName(string name, ImportMapping mapping, bool isField) =>
        !isField && (mapping.Kind == ImportKind.Events ? Reserved.Contains(name) : mapping.FieldOf(name) is not null || name is "original" or "owner") ? "column:" + name : name;

    private static int IndexOf(IReadOnlyList<string> names, string column)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == column) return i;
        throw new InvalidOperationException($"The mapping names a column '{column}' that the file does not have.");
    }
}
