using System.Buffers;
using System.Runtime.CompilerServices;

namespace Tangent.Collect;

/// <summary>How one record of a CSV file came out.</summary>
internal enum CsvRecord
{
    End,
    Fields,

    /// <summary>A quoted field never ends, or something follows its closing quote. Reading goes on at the next line, so that nothing after it is lost.</summary>
    BrokenQuote,

    /// <summary>More fields than <see cref="CsvReader.MaxColumns"/>.</summary>
    TooManyColumns,

    /// <summary>Longer than <see cref="CsvReader.MaxRecordBytes"/>.</summary>
    TooLong,
}

/// <summary>Reads CSV records from UTF-8 bytes without an allocation a row. Fields are valid until the next <see cref="Read"/>; memory is bounded by the longest allowed record.</summary>
internal sealed class CsvReader : IDisposable
{
    public const int MaxColumns = 1_000;
    public const int MaxRecordBytes = 1 << 20;
    private const byte Quote = (byte)'"';

    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly byte _newline;
    private readonly SearchValues<byte> _ends;
    private readonly Field[] _fields = new Field[MaxColumns];
    private byte[] _buffer = new byte[1 << 18];
    private int _openQuote = -1;
    private int _start;
    private int _end;
    private int _recordLength;
    private long _nextLine = 1;
    private bool _streamEnded;

    /// <param name="stream">UTF-8 without byte order mark.</param>
    /// <param name="delimiter">Separates fields.</param>
    /// <param name="newline">Ends records; a carriage return before a line feed is left out.</param>
    public CsvReader(Stream stream, byte delimiter, byte newline = (byte)'\n')
    {
        _stream = stream;
        _delimiter = delimiter;
        _newline = newline;
        _ends = SearchValues.Create([delimiter, newline]);
    }

    private enum Scan
    {
        Complete,
        NeedMore,
        Broken,
        TooManyColumns,
    }

    /// <summary>Fields of the record read last.</summary>
    public int Count { get; private set; }

    /// <summary>Line (from 1) where the record read last begins.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Line where the quote that broke the record was opened.</summary>
    public long QuoteLine { get; private set; }

    /// <summary>Character position (from 1, in bytes) in its line where the quote that broke the record was opened.</summary>
    public int QuoteColumn { get; private set; }

    /// <summary>The bytes of the record read last; of a broken one, its first line.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_start - _recordLength, _recordLength).TrimEnd("\r\n"u8);

    /// <summary>The field's text: without the quotes around it, doubled quotes single, blanks around unquoted text left out.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            var field = _fields[index];
            var text = _buffer.AsSpan(_start - _recordLength + field.Start, field.Length);
            return field.Escaped ? Unescape(text) : text;
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Reads the next record; blank lines are skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CsvRecord Read()
    {
        while (true)
        {
            Line = _nextLine;
            var scan = ScanRecord(out var length);
            if (scan == Scan.NeedMore && Refill()) continue;
            if (_start == _end) return CsvRecord.End;
            if (scan == Scan.Broken || (scan == Scan.NeedMore && _openQuote >= 0)) return SkipBrokenQuote();
            if (scan == Scan.NeedMore) return SkipLine(CsvRecord.TooLong);
            if (scan == Scan.TooManyColumns) return SkipLine(CsvRecord.TooManyColumns);

            Consume(length);
            if (Count == 1 && _fields[0].Length == 0 && !_fields[0].Quoted) continue;
            return CsvRecord.Fields;
        }
    }

    private CsvRecord SkipBrokenQuote()
    {
        var before = _buffer.AsSpan(_start, _openQuote);
        QuoteLine = Line + before.Count(_newline);
        QuoteColumn = _openQuote - before.LastIndexOf(_newline);
        return SkipLine(CsvRecord.BrokenQuote);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Consume(int length)
    {
        var record = _buffer.AsSpan(_start, length);
        _nextLine += record.Count(_newline);
        _start += length;
        _recordLength = length;
    }

    /// <summary>Leaves out the rest of the line, so that the record after a bad one is read as if nothing had been.</summary>
    private CsvRecord SkipLine(CsvRecord result)
    {
        Count = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf(_newline);
            if (newline >= 0)
            {
                Consume(newline + 1);
                return result;
            }

            if (Refill()) continue;
            if (!_streamEnded)
            {
                // A line longer than the buffer: what is there is dropped, its end is still to come.
                _start = _end;
                continue;
            }

            Consume(_end - _start);
            return result;
        }
    }

    /// <returns>False where the stream has ended or the buffer holds as much as a record may have.</returns>
    private bool Refill()
    {
        if (_streamEnded || _end - _start >= MaxRecordBytes) return false;
        var rest = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, rest).CopyTo(_buffer);
            (_start, _end) = (0, rest);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MaxRecordBytes));
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _streamEnded = read == 0;
        _end += read;
        // At the very end a last record without line break is complete as it stands.
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Scan ScanRecord(out int length)
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        Count = 0;
        _openQuote = -1;
        length = data.Length;
        if (data.IsEmpty) return Scan.NeedMore;
        var position = 0;
        while (true)
        {
            if (Count == MaxColumns) return Scan.TooManyColumns;
            var scan = ScanField(data, ref position, out var ended);
            if (scan != Scan.Complete) return scan;
            if (!ended) continue;
            length = position;
            return Scan.Complete;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Scan ScanField(ReadOnlySpan<byte> data, ref int position, out bool ended)
    {
        ended = false;
        var start = position;
        while (start < data.Length && data[start] == ' ') start++;
        if (start < data.Length && data[start] == Quote) return ScanQuoted(data, start, ref position, out ended);

        var found = data[start..].IndexOfAny(_ends);
        if (found < 0 && !_streamEnded) return Scan.NeedMore;
        var end = found < 0 ? data.Length : start + found;
        ended = found < 0 || data[end] == _newline;
        position = Math.Min(end + 1, data.Length);
        if (ended && end > start && data[end - 1] == '\r') end--;
        while (end > start && data[end - 1] == ' ') end--;
        _fields[Count++] = new Field(start, end - start, false, false);
        return Scan.Complete;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Scan ScanQuoted(ReadOnlySpan<byte> data, int open, ref int position, out bool ended)
    {
        ended = false;
        _openQuote = open;
        var escaped = false;
        var at = open + 1;
        while (true)
        {
            var found = data[at..].IndexOf(Quote);
            if (found < 0) return _streamEnded ? Scan.Broken : Scan.NeedMore;
            at += found + 1;
            if (at == data.Length && !_streamEnded) return Scan.NeedMore;
            if (at == data.Length || data[at] != Quote) break;
            escaped = true;
            at++;
        }

        var after = at;
        while (after < data.Length && (data[after] == ' ' || (data[after] == '\r' && _newline != '\r'))) after++;
        if (after == data.Length && !_streamEnded) return Scan.NeedMore;
        ended = after == data.Length || data[after] == _newline;
        if (!ended && data[after] != _delimiter) return Scan.Broken;
        position = Math.Min(after + 1, data.Length);
        _fields[Count++] = new Field(open + 1, at - open - 2, true, escaped);
        _openQuote = -1;
        return Scan.Complete;
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        var piece = new byte[text.Length];
        var length = 0;
        while (true)
        {
            var quote = text.IndexOf(Quote);
            if (quote < 0) break;
            text[..(quote + 1)].CopyTo(piece.AsSpan(length));
            length += quote + 1;
            text = text[(quote + 2)..];
        }

        text.CopyTo(piece.AsSpan(length));
        return piece.AsSpan(0, length + text.Length);
    }

    private readonly record struct Field(int Start, int Length, bool Quoted, bool Escaped);
}
