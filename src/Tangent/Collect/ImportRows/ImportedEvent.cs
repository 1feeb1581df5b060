using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tangent.Collect;

/// <summary>Builds the event of one row, in Segment's form, and the content that makes its key. Fields come in the order of <see cref="ImportField"/>'s use in the form; one instance serves a whole file.</summary>
internal sealed class ImportedEvent(IngestionOptions limits) : ImportedRow
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly SearchValues<byte> Controls = SearchValues.Create([0x7F, .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private const long UnixEpochMs = 62_135_596_800_000;

    private readonly long _latestMs = limits.LatestMs(DateTime.UtcNow);
    private byte[] _json = new byte[1 << 12];
    private byte[] _content = new byte[1 << 12];
    private int _jsonLength;
    private int _contentLength;
    private bool _inProperties;
    private bool _hasCustomer;

    /// <summary>The event's JSON; valid until the next row.</summary>
    public ReadOnlySpan<byte> Json => _json.AsSpan(0, _jsonLength);

    /// <summary>What makes two events the same: every field by name, whatever the form of the file was.</summary>
    public ReadOnlySpan<byte> Content => _content.AsSpan(0, _contentLength);

    /// <summary>The sender numbered the event: met again, it is the same, and not one more of the same content.</summary>
    public bool IsIdentified { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Begin()
    {
        base.Begin();
        IsIdentified = false;
        (_jsonLength, _contentLength, _inProperties, _hasCustomer) = (0, 0, false, false);
        Raw("{\"type\":\"track\""u8);
    }

    /// <summary>Takes over an event that is in Segment's form already.</summary>
    public void Take(ReadOnlySpan<byte> json, ReadOnlySpan<byte> content)
    {
        base.Begin();
        (_jsonLength, _contentLength, IsIdentified) = (0, 0, false);
        Raw(json);
        Add(content);
    }

    /// <summary>The sender's own number for the event makes it the same event wherever it stands.</summary>
    public void Identify(ReadOnlySpan<byte> messageId)
    {
        IsIdentified = true;
        _contentLength = 0;
        AddField(0, messageId);
    }

    public void Customer(ReadOnlySpan<byte> id) => Id(",\"userId\":"u8, id, 1);

    public void AnonymousId(ReadOnlySpan<byte> id) => Id(",\"anonymousId\":"u8, id, 2);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Name(ReadOnlySpan<byte> name)
    {
        if (!_hasCustomer) Reject(Rejection.IdMissing, "The customer is missing.");
        if (name.IsEmpty) Reject(Rejection.NameMissing, "The event's name is missing.");
        CheckName(name);
        if (Reason != Rejection.None) return;
        Raw(",\"event\":"u8);
        Text(name);
        AddField(3, name);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Time(ReadOnlySpan<byte> text, DateFormat format)
    {
        if (Reason != Rejection.None) return;
        if (text.IsEmpty)
        {
            Reject(Rejection.TimeMissing, "The time is missing.");
            return;
        }

        if (!format.TryParse(text, out var ticks)) Reject(Rejection.TimeUnreadable, $"'{Shorten(text)}' is no time in the format of this column.");
        else if (TimeProblem((ticks / TimeSpan.TicksPerMillisecond) - UnixEpochMs, _latestMs) is var problem and not Rejection.None) Reject(problem, $"'{Shorten(text)}' {OutOfRange(problem)}");
        else
        {
            Raw(",\"timestamp\":\""u8);
            WriteTime(ticks);
            Raw("\""u8);
            AddTicks(4, ticks);
        }
    }

    /// <summary>Placeholder dates such as 1601-01-01 and 9999-12-31 are no dates.</summary>
    /// <param name="unixMs">The time, in milliseconds since 1970 UTC.</param>
    /// <param name="latestMs">The latest that it can be: what happened does not lie ahead, and would say of all who did nothing until then that they did nothing for good.</param>
    public static Rejection TimeProblem(long unixMs, long latestMs = CollectedEvent.EndMs - 1) =>
        unixMs < CollectedEvent.FirstMs ? Rejection.TimeTooOld : unixMs > latestMs ? Rejection.TimeTooFarAhead : Rejection.None;

    public static string OutOfRange(Rejection problem) => problem == Rejection.TimeTooOld ? "lies before 1900-01-01 UTC." : "lies too far ahead.";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Campaign(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return;
        Raw(",\"context\":{\"campaign\":{\"name\":"u8);
        Text(name);
        Raw("}}"u8);
        AddField(5, name);
    }

    /// <param name="key">The property's name as JSON, with quotes.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="value">Its text; nothing is written where it is empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Property(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        Key(key);
        Text(value);
        AddField(6, name);
        AddField(7, value);
    }

    /// <summary>A property that is a point in time: the same time written otherwise is the same content.</summary>
    public void TimeProperty(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!DateFormat.TryParse(value, DateOrder.YearFirst, out var parts) || parts.OffsetMinutes is not { } offset)
        {
            Property(key, name, value);
            return;
        }

        Key(key);
        Text(value);
        AddField(6, name);
        AddTicks(9, parts.Ticks - (offset * TimeSpan.TicksPerMinute));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Value(ReadOnlySpan<byte> text, NumberFormat format)
    {
        if (text.IsEmpty || Reason != Rejection.None) return;
        Span<byte> number = stackalloc byte[48];
        if (!format.TryWrite(text, number, out var written))
        {
            Reject(Rejection.NumberNotFinite, $"The value '{Shorten(text)}' is no number.");
            return;
        }

        Key("\"value\""u8);
        Raw(number[..written]);
        AddField(8, number[..written]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool End()
    {
        Raw(_inProperties ? "}}"u8 : "}"u8);
        CheckSize();
        return Reason == Rejection.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckName(ReadOnlySpan<byte> name)
    {
        if (name.Length > limits.MaxNameLength && Encoding.UTF8.GetCharCount(name) > limits.MaxNameLength)
            Reject(Rejection.NameTooLong, $"The event's name has {Encoding.UTF8.GetCharCount(name)} characters; at most {limits.MaxNameLength} are allowed.");
        if (IsUnreadable(name)) Reject(Rejection.NameUnreadable, "The event's name holds control characters.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CheckId(ReadOnlySpan<byte> id)
    {
        if (id.Length > limits.MaxIdLength && Encoding.UTF8.GetCharCount(id) > limits.MaxIdLength)
            Reject(Rejection.IdTooLong, $"The customer's id has {Encoding.UTF8.GetCharCount(id)} characters; at most {limits.MaxIdLength} are allowed.");
        if (IsUnreadable(id)) Reject(Rejection.IdUnreadable, "The customer's id holds control characters.");
    }

    private void CheckSize()
    {
        if (_jsonLength > limits.MaxEventBytes) Reject(Rejection.EventTooLarge, $"The event has {_jsonLength} bytes; at most {limits.MaxEventBytes} are allowed.");
    }

    /// <summary>Text for people, cut short.</summary>
    public static string Shorten(ReadOnlySpan<byte> text)
    {
        var whole = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 60)]);
        return text.Length > 60 ? whole + "…" : whole;
    }

    /// <summary>A property name as JSON, with quotes.</summary>
    public static byte[] KeyOf(string name) => [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Id(ReadOnlySpan<byte> field, ReadOnlySpan<byte> id, byte tag)
    {
        if (id.IsEmpty) return;
        _hasCustomer = true;
        CheckId(id);
        Raw(field);
        Text(id);
        AddField(tag, id);
    }

    // C1 controls are U+0080 to U+009F: 0xC2 and a byte below 0xA0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsUnreadable(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny(Controls)) return true;
        for (var at = text.IndexOf((byte)0xC2); at >= 0 && at + 1 < text.Length; at = text.IndexOf((byte)0xC2))
        {
            if (text[at + 1] < 0xA0) return true;
            text = text[(at + 1)..];
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Key(ReadOnlySpan<byte> key)
    {
        Raw(_inProperties ? ","u8 : ",\"properties\":{"u8);
        _inProperties = true;
        Raw(key);
        Raw(":"u8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteTime(long utcTicks)
    {
        if (utcTicks % TimeSpan.TicksPerMillisecond != 0)
        {
            Span<byte> precise = stackalloc byte[28];
            new DateTime(utcTicks, DateTimeKind.Utc).TryFormat(precise, out _, "O", CultureInfo.InvariantCulture);
            Raw(precise);
            return;
        }

        Reserve(ref _json, _jsonLength, 24);
        var text = _json.AsSpan(_jsonLength, 24);
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        var (date, time) = new DateTime(utcTicks, DateTimeKind.Utc);
        var (year, month, day) = date;
        Digits(text, 3, year);
        Digits(text, 6, month);
        Digits(text, 9, day);
        Digits(text, 12, time.Hour);
        Digits(text, 15, time.Minute);
        Digits(text, 18, time.Second);
        Digits(text, 22, time.Millisecond);
        _jsonLength += 24;
    }

    /// <summary>Writes a number that ends at a place, over noughts.</summary>
    private static void Digits(Span<byte> text, int last, int number)
    {
        for (; number > 0; number /= 10) text[last--] = (byte)('0' + (number % 10));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Text(ReadOnlySpan<byte> value)
    {
        Reserve(ref _json, _jsonLength, (value.Length * 6) + 2);
        _json[_jsonLength++] = (byte)'"';
        while (true)
        {
            var next = value.IndexOfAny(Escaped);
            var plain = next < 0 ? value : value[..next];
            plain.CopyTo(_json.AsSpan(_jsonLength));
            _jsonLength += plain.Length;
            if (next < 0) break;
            WriteEscaped(value[next]);
            value = value[(next + 1)..];
        }

        _json[_jsonLength++] = (byte)'"';
    }

    private void WriteEscaped(byte c)
    {
        _json[_jsonLength++] = (byte)'\\';
        switch (c)
        {
            case (byte)'"' or (byte)'\\': _json[_jsonLength++] = c; break;
            case (byte)'\n': _json[_jsonLength++] = (byte)'n'; break;
            case (byte)'\r': _json[_jsonLength++] = (byte)'r'; break;
            case (byte)'\t': _json[_jsonLength++] = (byte)'t'; break;
            default:
                "u00"u8.CopyTo(_json.AsSpan(_jsonLength));
                _json[_jsonLength + 3] = "0123456789abcdef"u8[c >> 4];
                _json[_jsonLength + 4] = "0123456789abcdef"u8[c & 15];
                _jsonLength += 5;
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(ref _json, _jsonLength, bytes.Length);
        bytes.CopyTo(_json.AsSpan(_jsonLength));
        _jsonLength += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(ref _content, _contentLength, bytes.Length + 2);
        bytes.CopyTo(_content.AsSpan(_contentLength));
        _contentLength += bytes.Length;
    }

    /// <summary>Value, what it is, and an end that no text holds, so that no two contents run into each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddField(byte tag, ReadOnlySpan<byte> value)
    {
        Add(value);
        _content[_contentLength++] = 0xFF;
        _content[_contentLength++] = tag;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTicks(byte tag, long ticks)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, ticks);
        AddField(tag, bytes);
    }

    private static void Reserve(ref byte[] buffer, int length, int more)
    {
        if (buffer.Length - length < more) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
    }
}
