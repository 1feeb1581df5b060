using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tangent.Collect;

/// <summary>What a walk stands before.</summary>
internal enum JsonValue
{
    None,
    Text,
    Number,
    Word,
    Null,
    Object,
    Array,
}

/// <summary>
/// Steps over JSON strictly and, for the common case, several times as fast as a general reader: whatever it does not know (an escape in
/// what is looked at, deep nesting, a mistake) makes it give up, and a general reader begins anew. So it never has to explain anything.
/// It does not look whether texts are valid UTF-8.
/// </summary>
internal ref struct JsonWalk(ReadOnlySpan<byte> json, int at)
{
    private const int MaxDepth = 32;

    private readonly ref byte _json = ref MemoryMarshal.GetReference(json);
    private readonly int _length = json.Length;

    /// <summary>Where it stands.</summary>
    public int At { get; private set; } = at;

    /// <summary>Whether nothing but white space is left.</summary>
    public bool AtEnd
    {
        get
        {
            Blanks();
            return At == _length;
        }
    }

    /// <summary>Steps over this character, if it comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Take(byte c)
    {
        if (Peek() != c) return false;
        At++;
        return true;
    }

    /// <summary>Steps over a field's name and the colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Name(out int start, out int length)
    {
        (start, length) = (0, 0);
        return Peek() == '"' && Text(out start, out length) && Take((byte)':');
    }

    /// <summary>The kind of the value that comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonValue Next() => Peek() switch
    {
        (byte)'"' => JsonValue.Text,
        (byte)'{' => JsonValue.Object,
        (byte)'[' => JsonValue.Array,
        (byte)'n' => JsonValue.Null,
        (byte)'t' or (byte)'f' => JsonValue.Word,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonValue.Number,
        _ => JsonValue.None,
    };

    /// <summary>Steps over a text without escapes; its place is without the quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Text(out int start, out int length)
    {
        start = At + 1;
        var end = EndOfText(start);
        length = end - start;
        if (Byte(end) != '"') return false;
        At = end + 1;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Number(out int start, out int length)
    {
        start = At;
        var at = At;
        length = 0;
        if (Byte(at) == '-') at++;
        var first = Byte(at);
        var digits = at;
        // A leading zero stands alone.
        if (!Digits(ref at) || (first == '0' && at - digits > 1)) return false;
        if (Byte(at) == '.' && !DigitsAfter(ref at)) return false;
        if ((Byte(at) | 0x20) == 'e')
        {
            if (Byte(at + 1) is (byte)'+' or (byte)'-') at++;
            if (!DigitsAfter(ref at)) return false;
        }

        length = at - start;
        At = at;
        return true;
    }

    /// <summary>Steps over null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Null() => Word("null"u8, out _, out _);

    /// <summary>Steps over true or false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TrueOrFalse(out int start, out int length) => Word("true"u8, out start, out length) || Word("false"u8, out start, out length);

    /// <summary>Steps over any value, also over escapes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Skip(int depth = 0)
    {
        switch (Next())
        {
            case JsonValue.Text:
                return SkipText();
            case JsonValue.Number:
                return Number(out _, out _);
            case JsonValue.Word:
                return TrueOrFalse(out _, out _);
            case JsonValue.Null:
                return Null();
            case JsonValue.Object when depth < MaxDepth:
                At++;
                if (Take((byte)'}')) return true;
                do
                {
                    if (Peek() != '"' || !SkipText() || !Take((byte)':') || !Skip(depth + 1)) return false;
                }
                while (Take((byte)','));
                return Take((byte)'}');
            case JsonValue.Array when depth < MaxDepth:
                At++;
                if (Take((byte)']')) return true;
                do
                {
                    if (!Skip(depth + 1)) return false;
                }
                while (Take((byte)','));
                return Take((byte)']');
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte Byte(int at) => (uint)at < (uint)_length ? Unsafe.Add(ref _json, at) : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Peek()
    {
        var c = Byte(At);
        if (c > ' ') return c;
        Blanks();
        return Byte(At);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Blanks()
    {
        while (Byte(At) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') At++;
    }

    /// <summary>The place of the first quote, backslash or control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int EndOfText(int at)
    {
        while (at + Vector256<byte>.Count <= _length)
        {
            var piece = Vector256.LoadUnsafe(ref _json, (nuint)at);
            var ends = (Vector256.Equals(piece, Vector256.Create((byte)'"')) | Vector256.Equals(piece, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(piece, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
            if (ends != 0) return at + BitOperations.TrailingZeroCount(ends);
            at += Vector256<byte>.Count;
        }

        while (at < _length && Unsafe.Add(ref _json, at) is not ((byte)'"' or (byte)'\\' or < 0x20)) at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool SkipText()
    {
        var at = At + 1;
        while (true)
        {
            at = EndOfText(at);
            switch (Byte(at))
            {
                case (byte)'"':
                    At = at + 1;
                    return true;
                case (byte)'\\' when Byte(at + 1) is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                    at += 2;
                    break;
                case (byte)'\\' when Byte(at + 1) == 'u' && IsHex(at + 2) && IsHex(at + 3) && IsHex(at + 4) && IsHex(at + 5):
                    at += 6;
                    break;
                default:
                    return false;
            }
        }
    }

    private readonly bool IsHex(int at) => char.IsAsciiHexDigit((char)Byte(at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool Digits(ref int at)
    {
        var start = at;
        while ((uint)(Byte(at) - '0') <= 9) at++;
        return at > start;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool DigitsAfter(ref int at)
    {
        at++;
        return Digits(ref at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Word(ReadOnlySpan<byte> word, out int start, out int length)
    {
        (start, length) = (At, word.Length);
        if (_length - At < word.Length || !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _json, At), word.Length).SequenceEqual(word)) return false;
        At += word.Length;
        return true;
    }
}
