using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Tangent.Collect;

/// <summary>
/// One event in Segment's form, read from its JSON without allocating; one instance reads many, one after the other. Texts are valid
/// until the next <see cref="Read"/>. The checks use it when an event comes in, the journey store when it follows the log.
/// </summary>
internal sealed partial class CollectedEvent
{
    public const int MaxDepth = 64;

    /// <summary>1900-01-01 and 2200-01-01 UTC: between them a journey can lie.</summary>
    public const long FirstMs = -2_208_988_800_000, EndMs = 7_258_118_400_000;

    private readonly EventText _text = new();

    public EventType Type { get; private set; }

    /// <summary>The event name (track), the name or else the path (page, screen).</summary>
    public ReadOnlySpan<byte> Name => _text[_name];

    public ReadOnlySpan<byte> UserId => _text[_userId];

    public ReadOnlySpan<byte> AnonymousId => _text[_anonymousId];

    public ReadOnlySpan<byte> PreviousId => _text[_previousId];

    public ReadOnlySpan<byte> GroupId => _text[_groupId];

    public ReadOnlySpan<byte> MessageId => _text[_messageId];

    public ReadOnlySpan<byte> Channel => _text[_channel];

    /// <summary>Page path without query, fragment and ids.</summary>
    public ReadOnlySpan<byte> Path => _text[_path];

    public ReadOnlySpan<byte> Campaign => _text[_campaign];

    /// <summary>Three capital letters, or empty.</summary>
    public ReadOnlySpan<byte> Currency => _text[_currency];

    public double Value { get; private set; }

    /// <summary>What the event itself says of its time.</summary>
    public EventTime When { get; private set; }

    /// <summary>Every byte of the event is a printable ASCII character, and no text came from an escape: none can hold a control character.</summary>
    public bool IsPlain => _text.IsPlain;

    /// <summary>When it happened, in milliseconds since 1970 UTC: the sender's clock corrected, and not after it was received.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>As <see cref="TimestampMs"/>, before it was set back to the time of receiving.</summary>
    public long CorrectedMs { get; private set; }

    /// <summary>Whether the time lay after the time of receiving and was set back to it.</summary>
    public bool Clamped => TimestampMs != CorrectedMs;

    /// <summary>Whether the event says when it happened.</summary>
    public bool HasTimestamp => When.HappenedMs is not null;

    /// <summary>The traits as a JSON object; empty if absent.</summary>
    public ReadOnlySpan<byte> Traits => _text.Json.Span[_traits];

    /// <summary>The field that made <see cref="Read"/> refuse.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Reads one event. It refuses what no one could read; limits are the checks' matter, so that what was accepted once stays readable whatever the limits become.</summary>
    /// <param name="json">Must stay unchanged while the texts are used.</param>
    /// <param name="sentAtMs">The sender's clock at sending; null: the event's own sentAt, where it has one.</param>
    /// <param name="kind">Times of an import are taken as they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Read(ReadOnlyMemory<byte> json, long receivedAtMs, long? sentAtMs, out Rejection reason, LogKind kind = LogKind.Events)
    {
        if (TryWalk(json, 0, out var end) && IsBlank(json.Span[end..]) && (_text.IsPlain || Utf8.IsValid(json.Span)))
        {
            reason = Rejection.None;
            ResolveTime(receivedAtMs, sentAtMs, kind);
            return true;
        }

        return ReadAny(json, receivedAtMs, sentAtMs, out reason, kind);
    }

    /// <summary><see cref="Read"/> without the short cut for the common form.</summary>
    internal bool ReadAny(ReadOnlyMemory<byte> json, long receivedAtMs, long? sentAtMs, out Rejection reason, LogKind kind = LogKind.Events)
    {
        Reset(json);
        try
        {
            reason = Utf8.IsValid(json.Span) ? ReadObject() : Rejection.InvalidText;
        }
        catch (JsonException)
        {
            reason = Rejection.MalformedJson;
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to an escaped half of a surrogate pair.
            reason = Rejection.InvalidText;
        }

        if (reason != Rejection.None) return false;
        Resolve();
        ResolveTime(receivedAtMs, sentAtMs, kind);
        return true;
    }

    /// <summary>A top-level property as text, empty if absent. <c>device</c>, <c>country</c> and <c>locale</c> are also looked for in the context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Property(ReadOnlySpan<byte> name)
    {
        for (var i = _properties.Count - 1; i >= 0; i--)
            if (_text[_properties[i].Name].SequenceEqual(name)) return _text[_properties[i].Value];
        if (name.SequenceEqual("device"u8)) return _text[_deviceType];
        if (name.SequenceEqual("locale"u8)) return _text[_locale];
        if (!name.SequenceEqual("country"u8)) return default;
        if (!_country.IsEmpty) return _text[_country];
        // A locale such as de-AT names the country too.
        var locale = _text[_locale];
        return locale.Length == 5 && locale[2] is (byte)'-' or (byte)'_' ? locale[3..] : default;
    }

    private static bool IsBlank(ReadOnlySpan<byte> rest) => rest.IsEmpty || new JsonWalk(rest, 0).AtEnd;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResolveTime(long receivedAtMs, long? sentAtMs, LogKind kind)
    {
        CorrectedMs = When.Corrected(receivedAtMs, sentAtMs, kind);
        TimestampMs = EventTime.Clamped(CorrectedMs, receivedAtMs, kind);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Resolve()
    {
        When = new EventTime(_originalMs ?? _timestampMs, _sentAtMs);
        _name = Type == EventType.Track ? _event : Type is EventType.Page or EventType.Screen ? _title : default;
        Value = _revenue ?? _value ?? _total ?? 0;
        _path = ResolvePath();
        if (_name.IsEmpty && Type is EventType.Page or EventType.Screen) _name = _path.IsEmpty ? Made(Type == EventType.Page ? "page"u8 : "screen"u8) : _path;
        _channel = !_propertyChannel.IsEmpty ? _propertyChannel
            : !_contextChannel.IsEmpty ? _contextChannel
            : !_topChannel.IsEmpty && !IsSdkMarker(_text[_topChannel]) ? _topChannel
            : Type is EventType.Page or EventType.Screen ? Made("web"u8) : default;
        _channel = _text.Column(_channel);
        _campaign = _text.Column(!_campaignName.IsEmpty ? _campaignName : !_campaignSource.IsEmpty ? _campaignSource : QueryCampaign());
        _currency = _currency.Length == 3 && !_text[_currency].ContainsAnyExcept(Letters) ? _text.Upper(_currency) : default;
        if (_traits.Equals(default)) _traits = _contextTraits;
    }

    private static readonly System.Buffers.SearchValues<byte> Letters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What SDKs put there says where they run, not where the customer was.</summary>
    private static bool IsSdkMarker(ReadOnlySpan<byte> channel) =>
        channel.SequenceEqual("server"u8) || channel.SequenceEqual("browser"u8) || channel.SequenceEqual("mobile"u8);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TextRange ResolvePath()
    {
        var address = !_contextPath.IsEmpty ? _contextPath : !_propertyPath.IsEmpty ? _propertyPath : !_propertyUrl.IsEmpty ? _propertyUrl : _contextUrl;
        if (address.IsEmpty) return default;
        var target = _text.Reserve(PagePath.MaxLength);
        return _text.Column(_text.Take(PagePath.Write(_text[address], target)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TextRange QueryCampaign()
    {
        foreach (var address in (ReadOnlySpan<TextRange>)[_contextSearch, _contextUrl, _propertySearch, _propertyUrl])
        {
            var value = PagePath.Parameter(PagePath.Query(_text[address]), "utm_campaign"u8);
            if (!value.IsEmpty) return _text.Decoded(value);
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private TextRange Made(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_text.Reserve(text.Length));
        return _text.Take(text.Length);
    }
}
