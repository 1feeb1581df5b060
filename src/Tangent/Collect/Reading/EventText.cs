using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>A text of an event: a range of its JSON or, where that had escapes or was made, of the scratch buffer.</summary>
internal readonly record struct TextRange(int Start, int Length, bool InScratch)
{
    public bool IsEmpty => Length == 0;
}

/// <summary>The texts of one event: its JSON and a scratch buffer for what does not stand there as it is.</summary>
internal sealed class EventText
{
    private static readonly System.Buffers.SearchValues<byte> Controls =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), 127]);

    private byte[] _scratch = new byte[4096];
    private int _used;

    // The array below the JSON's memory: texts are looked at many times for each event.
    private byte[] _json = [];
    private int _jsonStart;

    public ReadOnlyMemory<byte> Json { get; private set; }

    /// <summary>The JSON is known to hold printable ASCII characters only.</summary>
    public bool IsPlain { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reset(ReadOnlyMemory<byte> json)
    {
        Json = json;
        (_json, _jsonStart) = MemoryMarshal.TryGetArray(json, out var array) ? (array.Array!, array.Offset) : (json.ToArray(), 0);
        _used = 0;
        IsPlain = false;
    }

    public ReadOnlySpan<byte> this[TextRange range]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => range.InScratch ? _scratch.AsSpan(range.Start, range.Length) : _json.AsSpan(_jsonStart + range.Start, range.Length);
    }

    /// <summary>The value a reader stands on, as text; empty for null, objects and arrays.</summary>
    /// <exception cref="InvalidOperationException">An escaped text is not valid Unicode.</exception>
    public TextRange Of(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueIsEscaped:
                var written = reader.CopyString(Reserve(reader.ValueSpan.Length));
                return Take(written);
            case JsonTokenType.String:
                return new TextRange((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, false);
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return new TextRange((int)reader.TokenStartIndex, reader.ValueSpan.Length, false);
            default:
                return default;
        }
    }

    /// <summary>Room for a text that is made; <see cref="Take"/> keeps what was written there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int length)
    {
        if (_scratch.Length < _used + length) Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _used + length));
        return _scratch.AsSpan(_used);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TextRange Take(int length)
    {
        var range = new TextRange(_used, length, true);
        _used += length;
        return range;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TextRange Trim(TextRange range)
    {
        var text = this[range];
        return text.IsEmpty || (text[0] > ' ' && text[^1] > ' ') ? range : WithoutBlanks(range);
    }

    private TextRange WithoutBlanks(TextRange range)
    {
        var text = this[range];
        var trimmed = text.TrimStart(" \t\r\n"u8);
        return new TextRange(range.Start + text.Length - trimmed.Length, trimmed.TrimEnd(" \t\r\n"u8).Length, range.InScratch);
    }

    /// <summary>A text for a column: trimmed, cut at 200 bytes (at a character), control characters as blanks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TextRange Column(TextRange range)
    {
        range = Trim(range);
        if (range.Length > PagePath.MaxLength)
        {
            var text = this[range];
            var length = PagePath.MaxLength;
            while ((text[length] & 0xC0) == 0x80) length--;
            range = range with { Length = length };
        }

        if ((IsPlain && !range.InScratch) || !HasControls(this[range])) return range;
        var target = Reserve(range.Length);
        this[range].CopyTo(target);
        foreach (ref var c in target[..range.Length])
            if (c < 32 || c == 127) c = (byte)' ';
        return Take(range.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TextRange Upper(TextRange range)
    {
        if (!this[range].ContainsAnyInRange((byte)'a', (byte)'z')) return range;
        var target = Reserve(range.Length);
        this[range].CopyTo(target);
        foreach (ref var c in target[..range.Length])
            if (c is >= (byte)'a' and <= (byte)'z') c -= 32;
        return Take(range.Length);
    }

    /// <summary>A percent-encoded text of an address, decoded; what decodes to no valid text stays as it is.</summary>
    public TextRange Decoded(ReadOnlySpan<byte> encoded)
    {
        Span<byte> target = Reserve(encoded.Length)[..encoded.Length];
        var written = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var c = encoded[i];
            if (c == '%' && i + 2 < encoded.Length && Utf8Parser.TryParse(encoded.Slice(i + 1, 2), out byte value, out var used, 'X') && used == 2)
            {
                c = value;
                i += 2;
            }
            else if (c == '+')
            {
                c = (byte)' ';
            }

            target[written++] = c;
        }

        if (System.Text.Unicode.Utf8.IsValid(target[..written])) return Take(written);
        encoded.CopyTo(target);
        return Take(encoded.Length);
    }

    /// <summary>Whether a text holds control characters (C0, DEL, C1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool HasControls(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(Controls)) return true;
        for (var at = text.IndexOf((byte)0xC2); at >= 0 && at + 1 < text.Length;)
        {
            if (text[at + 1] is >= 0x80 and <= 0x9F) return true;
            var next = text[(at + 1)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    /// <summary>A time in the form of ISO 8601 (without offset: UTC), or milliseconds since 1970 as a number.</summary>
    public static bool TryTime(ref Utf8JsonReader reader, out long ms)
    {
        ms = 0;
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetInt64(out ms) && ms is > -TimeRange.Ms && ms < TimeRange.Ms;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 64 || !reader.TryGetDateTime(out var time)) return false;
        if (time.Kind == DateTimeKind.Unspecified) time = DateTime.SpecifyKind(time, DateTimeKind.Utc);
        else if (reader.TryGetDateTimeOffset(out var offset)) time = offset.UtcDateTime;
        ms = new DateTimeOffset(time).ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>A finite number: a JSON number or a numeric text.</summary>
    /// <param name="overflow">A JSON number too large to be one.</param>
    public bool TryNumber(ref Utf8JsonReader reader, out double value, out bool overflow)
    {
        overflow = false;
        if (reader.TokenType == JsonTokenType.Number)
        {
            value = reader.GetDouble();
            overflow = !double.IsFinite(value);
            return !overflow;
        }

        value = 0;
        return reader.TokenType == JsonTokenType.String
            && double.TryParse(this[Trim(Of(ref reader))], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static class TimeRange
    {
        /// <summary>Milliseconds of about 8,000 years: what a time can be at all.</summary>
        public const long Ms = 250_000_000_000_000;
    }
}
