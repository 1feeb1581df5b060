namespace Tangent.Collect;

/// <summary>Reads lines of bytes; a line is valid until the next <see cref="Read"/>. A longer one than <see cref="MaxLineBytes"/> is passed over.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    public const int MaxLineBytes = 1 << 20;

    private readonly byte[] _buffer = new byte[MaxLineBytes + 1];
    private int _start;
    private int _end;
    private int _lineStart;
    private int _lineLength;
    private bool _ended;

    /// <summary>Number (from 1) of the line read last.</summary>
    public long Line { get; private set; }

    /// <summary>The line read last is too long; its text is its beginning.</summary>
    public bool TooLong { get; private set; }

    public ReadOnlyMemory<byte> Text => _buffer.AsMemory(_lineStart, _lineLength);

    public void Dispose() => stream.Dispose();

    /// <returns>False at the end.</returns>
    public bool Read()
    {
        if (TooLong) SkipRest();
        Line++;
        TooLong = false;
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (newline >= 0) return Take(newline, newline + 1);
            if (_ended) return _end > _start && Take(_end - _start, _end - _start);
            if (_end - _start > MaxLineBytes)
            {
                TooLong = true;
                return Take(1_000, _end - _start);
            }

            Fill();
        }
    }

    private bool Take(int length, int consumed)
    {
        (_lineStart, _lineLength) = (_start, length);
        _start += consumed;
        return true;
    }

    private void SkipRest()
    {
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            _start = newline < 0 ? _end : _start + newline + 1;
            if (newline >= 0 || _ended) return;
            Fill();
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _ended = read == 0;
        _end += read;
    }
}
