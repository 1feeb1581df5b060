using System.Text;

namespace Tangent.Collect;

/// <summary>Records as JSON lines: one object a line; what lies within another object has a name with points.</summary>
internal sealed class ObjectRows<TRow> : ImportRows<TRow>
    where TRow : ImportedRow
{
    private static readonly string[] Rejects = ["line"];

    private readonly LineReader _reader;
    private readonly RowPlan<TRow> _plan;
    private readonly ColumnPlan.Values _values;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly byte[]?[] _cells;

    /// <param name="reader">Stands at the beginning.</param>
    /// <param name="names">Columns; what is none of them is passed over.</param>
    /// <param name="plan">What they become.</param>
    public ObjectRows(LineReader reader, IReadOnlyList<string> names, RowPlan<TRow> plan)
    {
        (_reader, _plan, _cells) = (reader, plan, new byte[names.Count][]);
        _values = column => _cells[column];
        for (var i = 0; i < names.Count; i++) _columns[names[i]] = i;
    }

    public override long Line => _reader.Line;

    public override IReadOnlyList<string> RejectColumns => Rejects;

    public override bool Next(TRow into)
    {
        try
        {
            while (_reader.Read())
            {
                if (_reader.Text.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
                into.Begin();
                Array.Clear(_cells);
                if (_reader.TooLong) into.Reject(Rejection.LineTooLong, $"The line is longer than {LineReader.MaxLineBytes} bytes.");
                else if (!ObjectLine.Read(_reader.Text, Set)) into.Reject(Rejection.MalformedJson, "The line is no JSON object.");
                if (into.Reason != Rejection.None) return true;
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
        catch (InvalidDataException e)
        {
            BrokenOff = e.Message;
        }

        return false;
    }

    public override IEnumerable<string> Rejected() => [Encoding.UTF8.GetString(_reader.Text.Span)];

    protected override void Dispose(bool disposing) => _reader.Dispose();

    private void Set(string name, string value)
    {
        if (_columns.TryGetValue(name, out var column)) _cells[column] = Encoding.UTF8.GetBytes(value);
    }
}
