using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Tangent.Collect;

/// <summary>The rows of a CSV file below its header.</summary>
internal sealed class CsvRows<TRow> : ImportRows<TRow>
    where TRow : ImportedRow
{
    private readonly CsvReader _reader;
    private readonly RowPlan<TRow> _plan;
    private readonly ColumnPlan.Values _values;
    private readonly string[] _header;
    private readonly bool _checkText;
    private CsvRecord _record;

    /// <param name="reader">Stands before the header.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="plan">What they become.</param>
    /// <param name="checkText">Some places of the file are not valid text.</param>
    public CsvRows(CsvReader reader, string[] header, RowPlan<TRow> plan, bool checkText)
    {
        (_reader, _header, _plan, _checkText) = (reader, header, plan, checkText);
        _values = column => _reader[column];
        _reader.Read();
    }

    public override long Line => _reader.Line;

    public override IReadOnlyList<string> RejectColumns => _header;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Next(TRow into)
    {
        while (true)
        {
            try
            {
                _record = _reader.Read();
            }
            catch (InvalidDataException e)
            {
                BrokenOff = e.Message;
                return false;
            }

            if (_record == CsvRecord.End) return false;
            into.Begin();
            if (!IsWhole(into)) return true;
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
        if (_record != CsvRecord.Fields) return [Encoding.UTF8.GetString(_reader.Raw)];
        var fields = new string[_reader.Count];
        for (var i = 0; i < fields.Length; i++) fields[i] = Encoding.UTF8.GetString(_reader[i]);
        return fields;
    }

    protected override void Dispose(bool disposing) => _reader.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsWhole(TRow into)
    {
        switch (_record)
        {
            case CsvRecord.BrokenQuote:
                into.Reject(Rejection.QuoteBroken, $"The quote opened in line {_reader.QuoteLine} at character {_reader.QuoteColumn} is not closed before a delimiter, or never.");
                return false;
            case CsvRecord.TooLong:
                into.Reject(Rejection.LineTooLong, $"The line is longer than {CsvReader.MaxRecordBytes} bytes.");
                return false;
            case CsvRecord.TooManyColumns:
                into.Reject(Rejection.ColumnCount, $"The line has more than {CsvReader.MaxColumns} fields; the header has {_header.Length}.");
                return false;
        }

        if (_checkText && !Utf8.IsValid(_reader.Raw))
        {
            into.Reject(Rejection.InvalidText, "The line holds bytes that are no text in the file's encoding.");
            return false;
        }

        if (_reader.Count == _header.Length) return true;
        // A delimiter at the end of every line makes empty fields more.
        var filled = _reader.Count;
        while (filled > _header.Length && _reader[filled - 1].IsEmpty) filled--;
        if (filled == _header.Length) return true;
        into.Reject(Rejection.ColumnCount, $"The line has {_reader.Count} fields; the header has {_header.Length}.");
        return false;
    }
}
