using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Tangent.Collect;

// The walk over the JSON: every known field is noted where it is met, the last of equal names counts.
internal sealed partial class CollectedEvent
{
    private readonly List<(TextRange Name, TextRange Value)> _properties = [];
    private TextRange _name, _userId, _anonymousId, _previousId, _groupId, _messageId, _channel, _path, _campaign, _currency;
    private TextRange _topChannel, _propertyChannel, _contextChannel, _propertyPath, _propertyUrl, _propertySearch, _contextPath, _contextUrl, _contextSearch;
    private TextRange _campaignName, _campaignSource, _deviceType, _locale, _country, _event, _title;
    private Range _traits, _contextTraits;
    private long? _timestampMs, _originalMs, _sentAtMs;
    private double? _revenue, _value, _total;
    private bool _hasType;
    private Rejection _fault;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reset(ReadOnlyMemory<byte> json)
    {
        _text.Reset(json);
        _properties.Clear();
        _name = _userId = _anonymousId = _previousId = _groupId = _messageId = _channel = _path = _campaign = _currency = default;
        _topChannel = _propertyChannel = _contextChannel = _propertyPath = _propertyUrl = _propertySearch = _contextPath = _contextUrl = _contextSearch = default;
        _campaignName = _campaignSource = _deviceType = _locale = _country = _event = _title = default;
        _traits = _contextTraits = default;
        _timestampMs = _originalMs = _sentAtMs = null;
        _revenue = _value = _total = null;
        _hasType = false;
        _fault = Rejection.None;
        Fault = "";
    }

    private Rejection ReadObject()
    {
        // The reader's own limit would throw; depth is refused here.
        var reader = new Utf8JsonReader(_text.Json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (!reader.Read()) return Rejection.MalformedJson;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            while (reader.Read()) reader.Skip();
            return Rejection.NotAnObject;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader);
            if (_fault != Rejection.None) return _fault;
        }

        if (reader.Read()) return Rejection.MalformedJson;
        if (!_hasType) return Refuse(Rejection.UnknownType, "type");
        return _fault;
    }

    private void ReadField(ref Utf8JsonReader reader)
    {
        if (Is(ref reader, "type"u8)) ReadType(ref reader);
        else if (Is(ref reader, "event"u8)) _event = Label(ref reader, "event");
        else if (Is(ref reader, "name"u8)) _title = Label(ref reader, "name");
        else if (Is(ref reader, "userId"u8)) _userId = Id(ref reader, "userId");
        else if (Is(ref reader, "anonymousId"u8)) _anonymousId = Id(ref reader, "anonymousId");
        else if (Is(ref reader, "previousId"u8)) _previousId = Id(ref reader, "previousId");
        else if (Is(ref reader, "groupId"u8)) _groupId = Id(ref reader, "groupId");
        else if (Is(ref reader, "messageId"u8)) _messageId = Id(ref reader, "messageId");
        else if (Is(ref reader, "channel"u8)) _topChannel = Text(ref reader);
        else if (Is(ref reader, "timestamp"u8)) _timestampMs = Time(ref reader, "timestamp");
        else if (Is(ref reader, "originalTimestamp"u8)) _originalMs = Time(ref reader, "originalTimestamp");
        else if (Is(ref reader, "sentAt"u8)) _sentAtMs = Time(ref reader, "sentAt");
        else if (Is(ref reader, "properties"u8)) ReadProperties(ref reader);
        else if (Is(ref reader, "context"u8)) ReadContext(ref reader);
        else if (Is(ref reader, "traits"u8)) _traits = Object(ref reader, "traits");
        else Skip(ref reader);
    }

    private void ReadType(ref Utf8JsonReader reader)
    {
        reader.Read();
        _hasType = true;
        if (reader.TokenType != JsonTokenType.String) Refuse(Rejection.UnknownType, "type");
        else if (reader.ValueTextEquals("track"u8)) Type = EventType.Track;
        else if (reader.ValueTextEquals("page"u8)) Type = EventType.Page;
        else if (reader.ValueTextEquals("screen"u8)) Type = EventType.Screen;
        else if (reader.ValueTextEquals("identify"u8)) Type = EventType.Identify;
        else if (reader.ValueTextEquals("group"u8)) Type = EventType.Group;
        else if (reader.ValueTextEquals("alias"u8)) Type = EventType.Alias;
        else Refuse(Rejection.UnknownType, "type");
    }

    private void ReadProperties(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, "properties")) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && _fault == Rejection.None)
        {
            var name = PropertyName(ref reader);
            if (Is(ref reader, "revenue"u8)) _revenue = Number(ref reader, "properties.revenue");
            else if (Is(ref reader, "value"u8)) _value = Number(ref reader, "properties.value");
            else if (Is(ref reader, "total"u8)) _total = Number(ref reader, "properties.total");
            else if (Is(ref reader, "currency"u8)) _currency = Text(ref reader);
            else if (Is(ref reader, "channel"u8)) _propertyChannel = Text(ref reader);
            else if (Is(ref reader, "path"u8)) _propertyPath = Text(ref reader);
            else if (Is(ref reader, "url"u8)) _propertyUrl = Text(ref reader);
            else if (Is(ref reader, "search"u8)) _propertySearch = Text(ref reader);
            else Other(ref reader);
            _properties.Add((name, _last));
        }
    }

    private void ReadContext(ref Utf8JsonReader reader)
    {
        if (!Enter(ref reader, "context")) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && _fault == Rejection.None)
        {
            if (Is(ref reader, "channel"u8)) _contextChannel = Text(ref reader);
            else if (Is(ref reader, "locale"u8)) _locale = Text(ref reader);
            else if (Is(ref reader, "traits"u8)) _contextTraits = Object(ref reader, "context.traits");
            else if (Is(ref reader, "page"u8)) ReadPart(ref reader, ContextPart.Page);
            else if (Is(ref reader, "campaign"u8)) ReadPart(ref reader, ContextPart.Campaign);
            else if (Is(ref reader, "device"u8)) ReadPart(ref reader, ContextPart.Device);
            else if (Is(ref reader, "location"u8)) ReadPart(ref reader, ContextPart.Location);
            else Skip(ref reader);
        }
    }

    private enum ContextPart
    {
        Page,
        Campaign,
        Device,
        Location,
    }

    /// <summary>A part of the context; one that is no object tells nothing and is passed over.</summary>
    private void ReadPart(ref Utf8JsonReader reader, ContextPart part)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            SkipValue(ref reader);
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && _fault == Rejection.None)
        {
            if (part == ContextPart.Page && Is(ref reader, "path"u8)) _contextPath = Text(ref reader);
            else if (part == ContextPart.Page && Is(ref reader, "url"u8)) _contextUrl = Text(ref reader);
            else if (part == ContextPart.Page && Is(ref reader, "search"u8)) _contextSearch = Text(ref reader);
            else if (part == ContextPart.Campaign && Is(ref reader, "name"u8)) _campaignName = Text(ref reader);
            else if (part == ContextPart.Campaign && Is(ref reader, "source"u8)) _campaignSource = Text(ref reader);
            else if (part == ContextPart.Device && Is(ref reader, "type"u8)) _deviceType = Text(ref reader);
            else if (part == ContextPart.Location && Is(ref reader, "country"u8)) _country = Text(ref reader);
            else Skip(ref reader);
        }
    }

    private Rejection Refuse(Rejection reason, string field)
    {
        Fault = field;
        return _fault = reason;
    }
}
