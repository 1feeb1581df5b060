using System.Buffers;
using System.Text;

namespace Tangent.Unify;

/// <summary>
/// The values of all persons, as bytes one after the other: about 110 a person with name, birthday, e-mail, telephone and address, where objects
/// would take five times as many. One row a customer, found by its identifier.
/// </summary>
internal sealed class PersonStore(int columns)
{
    private const int ChunkBytes = 1 << 20;
    private const long Gone = -1;

    private readonly List<byte[]> _chunks = [];
    private readonly List<long> _places = [];

    /// <summary>Row by hash of the identifier: 64 bits, so that two of a million fall together once in ten million times.</summary>
    private readonly Dictionary<ulong, int> _rows = [];
    private readonly ArrayBufferWriter<byte> _written = new(512);
    private int _used = ChunkBytes;

    /// <summary>Rows so far, those that are gone among them.</summary>
    public int Rows => _places.Count;

    public int Count => _rows.Count;

    /// <summary>Memory of the values and of the way to them.</summary>
    public long Bytes => _chunks.Sum(c => (long)c.Length) + (_places.Capacity * 8L) + (_rows.Capacity * 28L);

    /// <returns>The person's new row; -1 where it says what the one before did.</returns>
    public int Put(string identifier, string[] values)
    {
        var bytes = Written(identifier, values);
        if (_rows.TryGetValue(TextHash.Of(identifier), out var before) && Place(before).StartsWith(bytes)) return -1;
        Forget(identifier);
        if (_used + bytes.Length > ChunkBytes)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, bytes.Length)]);
            _used = 0;
        }

        bytes.CopyTo(_chunks[^1].AsSpan(_used));
        _rows[TextHash.Of(identifier)] = _places.Count;
        _places.Add(((long)(_chunks.Count - 1) << 32) | (uint)_used);
        _used += bytes.Length;
        return _places.Count - 1;
    }

    /// <summary>A person leaves, and no byte of hers stays.</summary>
    /// <returns>Whether she was there.</returns>
    public bool Forget(string identifier)
    {
        if (!_rows.Remove(TextHash.Of(identifier), out var row)) return false;
        var place = Place(row);
        var at = 0;
        for (var i = 0; i <= columns; i++) Skip(place, ref at);
        place[..at].Clear();
        _places[row] = Gone;
        return true;
    }

    /// <returns>Whether one of them was there.</returns>
    public bool Forget(IEnumerable<string> identifiers)
    {
        var wasThere = false;
        foreach (var identifier in identifiers) wasThere |= Forget(identifier);
        return wasThere;
    }

    /// <returns>Null where the person is gone.</returns>
    public (string Identifier, string[] Values)? Read(int row)
    {
        if (_places[row] == Gone) return null;
        var bytes = Place(row);
        var at = 0;
        var identifier = Text(bytes, ref at);
        var values = new string[columns];
        for (var c = 0; c < columns; c++) values[c] = Text(bytes, ref at);
        return (identifier, values);
    }

    private Span<byte> Place(int row) => _chunks[(int)(_places[row] >> 32)].AsSpan((int)(uint)_places[row]);

    private ReadOnlySpan<byte> Written(string identifier, string[] values)
    {
        _written.ResetWrittenCount();
        Write(identifier);
        foreach (var value in values) Write(value);
        return _written.WrittenSpan;
    }

    private void Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var span = _written.GetSpan(length + 5);
        var at = 0;
        for (var rest = (uint)length; ; rest >>= 7)
        {
            span[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80) break;
        }

        _written.Advance(at + Encoding.UTF8.GetBytes(text, span[at..]));
    }

    private static string Text(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = Length(bytes, ref at);
        var text = length == 0 ? "" : Encoding.UTF8.GetString(bytes.Slice(at, length));
        at += length;
        return text;
    }

    private static void Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = Length(bytes, ref at);
        at += length;
    }

    private static int Length(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            length |= (next & 0x7F) << shift;
            if (next < 0x80) return length;
        }
    }
}
