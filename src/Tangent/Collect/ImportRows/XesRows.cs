using System.Text;
using System.Xml.Linq;

namespace Tangent.Collect;

/// <summary>The events of an XES log; attributes are columns, found as they come.</summary>
internal sealed class XesRows : ImportRows<ImportedEvent>
{
    private static readonly string[] Columns = ["event"];

    private readonly XesReader _reader;
    private readonly ImportMapping _mapping;
    private readonly Func<IReadOnlyList<PlannedColumn>, int, ColumnPlan> _planFor;
    private readonly ColumnPlan.Values _values;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly HashSet<string> _times = new(StringComparer.Ordinal);
    private readonly List<(int Row, int Start, int Length)> _cells = [];
    private byte[] _text = new byte[1 << 12];
    private int _textLength;
    private int _row;
    private ColumnPlan? _plan;

    /// <param name="reader">Stands at the beginning.</param>
    /// <param name="columns">Attributes that the mapping may name, though the first events may lack them.</param>
    /// <param name="mapping">What attributes stand for.</param>
    /// <param name="planFor">The plan for columns, and the number of the life-cycle column (-1: none).</param>
    public XesRows(XesReader reader, IEnumerable<string> columns, ImportMapping mapping, Func<IReadOnlyList<PlannedColumn>, int, ColumnPlan> planFor)
    {
        (_reader, _mapping, _planFor) = (reader, mapping, planFor);
        _values = Value;
        foreach (var column in columns) ColumnOf(column);
    }

    public override long Line => _reader.Line;

    public override IReadOnlyList<string> RejectColumns => Columns;

    public override bool Next(ImportedEvent into)
    {
        while (true)
        {
            try
            {
                if (!_reader.Read()) return false;
            }
            catch (InvalidDataException e)
            {
                BrokenOff = e.Message;
                return false;
            }

            into.Begin();
            Collect();
            _plan ??= Plan();
            if (_plan.LeavesOut(_values))
            {
                Skipped++;
                continue;
            }

            _plan.Write(into, _values);
            into.End();
            return true;
        }
    }

    public override IEnumerable<string> Rejected()
    {
        var element = new XElement("event");
        foreach (var attribute in _reader.Trace.Concat(_reader.Event))
            element.Add(new XElement(attribute.IsDate ? "date" : "string", new XAttribute("key", attribute.Name), new XAttribute("value", attribute.Value)));
        return [element.ToString(SaveOptions.DisableFormatting)];
    }

    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void Collect()
    {
        _row++;
        _textLength = 0;
        foreach (var attribute in _reader.Trace) Add(attribute);
        foreach (var attribute in _reader.Event) Add(attribute);
    }

    private void Add(XesAttribute attribute)
    {
        var column = ColumnOf(attribute.Name);
        // An attribute that is a date once is read as one ever after; where it is none, its text counts.
        if (attribute.IsDate && _times.Add(attribute.Name)) _plan = null;
        var most = Encoding.UTF8.GetMaxByteCount(attribute.Value.Length);
        if (_text.Length - _textLength < most) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + most));
        var length = Encoding.UTF8.GetBytes(attribute.Value, _text.AsSpan(_textLength));
        if (_cells[column].Row != _row) _cells[column] = (_row, _textLength, length);
        _textLength += length;
    }

    private int ColumnOf(string name)
    {
        if (_columns.TryGetValue(name, out var column)) return column;
        if (_names.Count == 2 * XesReader.MaxAttributes) throw new FileRefusedException($"The log's events have more than {2 * XesReader.MaxAttributes} different attributes.");
        column = _names.Count;
        _columns.Add(name, column);
        _names.Add(name);
        _cells.Add((0, 0, 0));
        _plan = null;
        return column;
    }

    private ColumnPlan Plan() => _planFor(ColumnPlan.Columns(_names, _mapping, _times), _columns.GetValueOrDefault(ImportPlan.LifecycleColumn, -1));

    private ReadOnlySpan<byte> Value(int column)
    {
        var (row, start, length) = _cells[column];
        return row == _row ? _text.AsSpan(start, length).Trim((byte)' ') : default;
    }
}
