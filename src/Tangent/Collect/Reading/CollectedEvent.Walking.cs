using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tangent.Collect;

// The quick walk over the JSON. It finds what the reading beside it finds, or gives up; a test compares them on events of every kind.
// The methods are compiled in full at once: a server under load from its first second would otherwise run them half-made for long.
internal sealed partial class CollectedEvent
{
    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads the event that begins at a place of a body. Its texts lie in the body; its time is in <see cref="When"/> only.</summary>
    /// <param name="body">Valid UTF-8.</param>
    /// <param name="end">The place after it.</param>
    /// <returns>False where it is not of the common form, and must be read by <see cref="Read"/>, which knows why.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryWalk(ReadOnlyMemory<byte> body, int start, out int end)
    {
        Reset(body);
        var json = body.Span;
        var walk = new JsonWalk(json, start);
        end = start;
        if (!walk.Take((byte)'{')) return false;
        do
        {
            if (!walk.Name(out var name, out var length) || !WalkField(ref walk, json.Slice(name, length))) return false;
        }
        while (walk.Take((byte)','));
        if (!walk.Take((byte)'}') || !_hasType) return false;
        end = walk.At;
        _text.IsPlain = !json[start..end].ContainsAnyExceptInRange((byte)' ', (byte)'~');
        Resolve();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkField(ref JsonWalk walk, ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 4 when name.SequenceEqual("type"u8): return WalkType(ref walk);
            case 4 when name.SequenceEqual("name"u8): return WalkLabel(ref walk, out _title);
            case 5 when name.SequenceEqual("event"u8): return WalkLabel(ref walk, out _event);
            case 6 when name.SequenceEqual("userId"u8): return WalkId(ref walk, out _userId);
            case 6 when name.SequenceEqual("sentAt"u8): return WalkTime(ref walk, out _sentAtMs);
            case 6 when name.SequenceEqual("traits"u8): return WalkObject(ref walk, out _traits);
            case 7 when name.SequenceEqual("context"u8): return WalkContext(ref walk);
            case 7 when name.SequenceEqual("channel"u8): return WalkText(ref walk, out _topChannel);
            case 7 when name.SequenceEqual("groupId"u8): return WalkId(ref walk, out _groupId);
            case 9 when name.SequenceEqual("messageId"u8): return WalkId(ref walk, out _messageId);
            case 9 when name.SequenceEqual("timestamp"u8): return WalkTime(ref walk, out _timestampMs);
            case 10 when name.SequenceEqual("properties"u8): return WalkProperties(ref walk);
            case 10 when name.SequenceEqual("previousId"u8): return WalkId(ref walk, out _previousId);
            case 11 when name.SequenceEqual("anonymousId"u8): return WalkId(ref walk, out _anonymousId);
            case 17 when name.SequenceEqual("originalTimestamp"u8): return WalkTime(ref walk, out _originalMs);
            default: return walk.Skip();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkType(ref JsonWalk walk)
    {
        if (walk.Next() != JsonValue.Text || !walk.Text(out var start, out var length)) return false;
        var type = _text[new TextRange(start, length, false)];
        _hasType = true;
        if (type.SequenceEqual("track"u8)) Type = EventType.Track;
        else if (type.SequenceEqual("page"u8)) Type = EventType.Page;
        else if (type.SequenceEqual("screen"u8)) Type = EventType.Screen;
        else if (type.SequenceEqual("identify"u8)) Type = EventType.Identify;
        else if (type.SequenceEqual("group"u8)) Type = EventType.Group;
        else if (type.SequenceEqual("alias"u8)) Type = EventType.Alias;
        else return false;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkProperties(ref JsonWalk walk)
    {
        var next = walk.Next();
        if (next != JsonValue.Object) return next == JsonValue.Null && walk.Null();
        walk.Take((byte)'{');
        if (walk.Take((byte)'}')) return true;
        do
        {
            if (!walk.Name(out var start, out var length) || !WalkProperty(ref walk, new TextRange(start, length, false))) return false;
        }
        while (walk.Take((byte)','));
        return walk.Take((byte)'}');
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkProperty(ref JsonWalk walk, TextRange range)
    {
        var name = _text[range];
        var known = name.Length switch
        {
            3 when name.SequenceEqual("url"u8) => WalkText(ref walk, out _propertyUrl),
            4 when name.SequenceEqual("path"u8) => WalkText(ref walk, out _propertyPath),
            5 when name.SequenceEqual("value"u8) => WalkNumber(ref walk, out _value),
            5 when name.SequenceEqual("total"u8) => WalkNumber(ref walk, out _total),
            6 when name.SequenceEqual("search"u8) => WalkText(ref walk, out _propertySearch),
            7 when name.SequenceEqual("revenue"u8) => WalkNumber(ref walk, out _revenue),
            7 when name.SequenceEqual("channel"u8) => WalkText(ref walk, out _propertyChannel),
            8 when name.SequenceEqual("currency"u8) => WalkText(ref walk, out _currency),
            _ => WalkAny(ref walk),
        };
        if (known) _properties.Add((range, _last));
        return known;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkContext(ref JsonWalk walk)
    {
        var next = walk.Next();
        if (next != JsonValue.Object) return next == JsonValue.Null && walk.Null();
        walk.Take((byte)'{');
        if (walk.Take((byte)'}')) return true;
        do
        {
            if (!walk.Name(out var start, out var length)) return false;
            var name = _text[new TextRange(start, length, false)];
            var walked = name.Length switch
            {
                4 when name.SequenceEqual("page"u8) => WalkPart(ref walk, ContextPart.Page),
                6 when name.SequenceEqual("locale"u8) => WalkText(ref walk, out _locale),
                6 when name.SequenceEqual("device"u8) => WalkPart(ref walk, ContextPart.Device),
                6 when name.SequenceEqual("traits"u8) => WalkObject(ref walk, out _contextTraits),
                7 when name.SequenceEqual("channel"u8) => WalkText(ref walk, out _contextChannel),
                8 when name.SequenceEqual("campaign"u8) => WalkPart(ref walk, ContextPart.Campaign),
                8 when name.SequenceEqual("location"u8) => WalkPart(ref walk, ContextPart.Location),
                _ => walk.Skip(),
            };
            if (!walked) return false;
        }
        while (walk.Take((byte)','));
        return walk.Take((byte)'}');
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkPart(ref JsonWalk walk, ContextPart part)
    {
        if (walk.Next() != JsonValue.Object) return walk.Skip();
        walk.Take((byte)'{');
        if (walk.Take((byte)'}')) return true;
        do
        {
            if (!walk.Name(out var start, out var length)) return false;
            var name = _text[new TextRange(start, length, false)];
            var walked = part switch
            {
                ContextPart.Page when name.SequenceEqual("path"u8) => WalkText(ref walk, out _contextPath),
                ContextPart.Page when name.SequenceEqual("url"u8) => WalkText(ref walk, out _contextUrl),
                ContextPart.Page when name.SequenceEqual("search"u8) => WalkText(ref walk, out _contextSearch),
                ContextPart.Campaign when name.SequenceEqual("name"u8) => WalkText(ref walk, out _campaignName),
                ContextPart.Campaign when name.SequenceEqual("source"u8) => WalkText(ref walk, out _campaignSource),
                ContextPart.Device when name.SequenceEqual("type"u8) => WalkText(ref walk, out _deviceType),
                ContextPart.Location when name.SequenceEqual("country"u8) => WalkText(ref walk, out _country),
                _ => walk.Skip(),
            };
            if (!walked) return false;
        }
        while (walk.Take((byte)','));
        return walk.Take((byte)'}');
    }

    /// <summary>Any value, as text; objects and arrays are passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool WalkAny(ref JsonWalk walk)
    {
        int start = 0, length = 0;
        var walked = walk.Next() switch
        {
            JsonValue.Text => walk.Text(out start, out length),
            JsonValue.Number => walk.Number(out start, out length),
            JsonValue.Word => walk.TrueOrFalse(out start, out length),
            _ => walk.Skip(),
        };
        _last = new TextRange(start, length, false);
        return walked;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkText(ref JsonWalk walk, out TextRange text)
    {
        var isText = walk.Next() == JsonValue.Text;
        var walked = WalkAny(ref walk);
        text = isText && walked ? _text.Trim(_last) : default;
        return walked;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkLabel(ref JsonWalk walk, out TextRange text) => walk.Next() is JsonValue.Text or JsonValue.Null ? WalkText(ref walk, out text) : GiveUp(out text);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkId(ref JsonWalk walk, out TextRange text)
    {
        if (walk.Next() != JsonValue.Number) return WalkLabel(ref walk, out text);
        var walked = walk.Number(out var start, out var length);
        text = new TextRange(start, length, false);
        return walked;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkTime(ref JsonWalk walk, out long? time)
    {
        time = null;
        if (walk.Next() == JsonValue.Null) return walk.Null();
        if (walk.Next() != JsonValue.Text || !walk.Text(out var start, out var length) || !EventTime.TryRead(_text[new TextRange(start, length, false)], out var ms)) return false;
        time = ms;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WalkNumber(ref JsonWalk walk, out double? number)
    {
        number = null;
        var next = walk.Next();
        if (!WalkAny(ref walk)) return false;
        double value = 0;
        if (next == JsonValue.Number)
        {
            if (!TryAmount(_text[_last], out value)) return false;
        }
        else if (next != JsonValue.Text || !double.TryParse(_text[_text.Trim(_last)], NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value)) return true;

        if (Math.Abs(value) <= LargestValue) number = value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool WalkObject(ref JsonWalk walk, out Range range)
    {
        range = default;
        var next = walk.Next();
        if (next != JsonValue.Object) return next == JsonValue.Null && walk.Null();
        var start = walk.At;
        if (!walk.Skip()) return false;
        range = start..walk.At;
        return true;
    }

    private static bool GiveUp(out TextRange text)
    {
        text = default;
        return false;
    }

    /// <summary>A JSON number. Up to fifteen digits without exponent are exact as an integer, and so is a power of ten to 10^15: their quotient is the nearest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryAmount(ReadOnlySpan<byte> text, out double value)
    {
        long digits = 0;
        int decimals = 0, at = text[0] == '-' ? 1 : 0;
        var inFraction = false;
        for (; at < text.Length && text.Length <= 16; at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit > 9 && (inFraction || text[at] != '.')) break;
            if ((uint)digit > 9)
            {
                inFraction = true;
                continue;
            }

            digits = (digits * 10) + digit;
            if (inFraction) decimals++;
        }

        if (at < text.Length) return Utf8Parser.TryParse(text, out value, out var read) && read == text.Length && double.IsFinite(value);
        value = digits / PowersOfTen[decimals];
        if (text[0] == '-') value = -value;
        return true;
    }
}
