using System.Text.Json;

namespace Tangent.Collect;

// Single values of the JSON. Each method steps from the property's name over its value.
internal sealed partial class CollectedEvent
{
    /// <summary>The value met last, as text.</summary>
    private TextRange _last;

    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? reader.ValueTextEquals(name) : reader.ValueSpan.SequenceEqual(name);

    private TextRange PropertyName(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return new TextRange((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, false);
        var written = reader.CopyString(_text.Reserve(reader.ValueSpan.Length));
        return _text.Take(written);
    }

    /// <summary>Any value; objects and arrays are passed over.</summary>
    private void Other(ref Utf8JsonReader reader)
    {
        reader.Read();
        _last = _text.Of(ref reader);
        SkipValue(ref reader);
    }

    /// <summary>A text that only describes: where it is none, it counts as absent.</summary>
    private TextRange Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isText = reader.TokenType == JsonTokenType.String;
        _last = _text.Of(ref reader);
        SkipValue(ref reader);
        return isText ? _text.Trim(_last) : default;
    }

    private TextRange Label(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)) Refuse(Rejection.WrongType, field);
        return _text.Trim(_text.Of(ref reader));
    }

    /// <summary>Ids are texts; many senders write them as numbers.</summary>
    private TextRange Id(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.Null)) Refuse(Rejection.WrongType, field);
        return _text.Trim(_text.Of(ref reader));
    }

    private long? Time(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (EventText.TryTime(ref reader, out var ms)) return ms;
        Refuse(Rejection.TimeUnreadable, field);
        return null;
    }

    // Beyond this it is no amount of anything sold, and sums of such numbers overflow.
    private const double LargestValue = 1e15;

    private double? Number(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        _last = _text.Of(ref reader);
        if (_text.TryNumber(ref reader, out var number, out var overflow)) return Math.Abs(number) <= LargestValue ? number : null;
        if (overflow) Refuse(Rejection.NumberNotFinite, field);
        SkipValue(ref reader);
        return null;
    }

    private Range Object(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(Rejection.WrongType, field);
            return default;
        }

        var start = (int)reader.TokenStartIndex;
        SkipValue(ref reader);
        return start..(int)reader.BytesConsumed;
    }

    /// <summary>Steps into an object; false where there is none to step into.</summary>
    private bool Enter(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        if (reader.TokenType != JsonTokenType.Null) Refuse(Rejection.WrongType, field);
        return false;
    }

    private void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        SkipValue(ref reader);
    }

    /// <summary>Steps over the rest of an object or array.</summary>
    private void SkipValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth < MaxDepth) continue;
            Refuse(Rejection.TooDeep, "");
            return;
        }
    }
}
