using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

public sealed class CollectedEventTests
{
    private const long ReceivedMs = 1_750_000_000_000;

    private readonly CollectedEvent _event = new();

    [Fact]
    public void A_track_call_gives_name_ids_value_and_properties()
    {
        Read("""
            {"type":"track","event":" Order Completed ","userId":4711,"anonymousId":"a-1","messageId":"m","timestamp":"2025-06-15T12:00:00.5+02:00",
             "properties":{"revenue":"19.90","value":3,"currency":"eur","shop":"Wien \u2013 S\u00fcd","vip":true,"size":42,"list":[1,{"x":2}],"none":null}}
            """);
        _event.Type.ShouldBe(EventType.Track);
        Text(_event.Name).ShouldBe("Order Completed");
        Text(_event.UserId).ShouldBe("4711");
        Text(_event.AnonymousId).ShouldBe("a-1");
        Text(_event.MessageId).ShouldBe("m");
        (_event.Value, Text(_event.Currency)).ShouldBe((19.9, "EUR"));
        _event.TimestampMs.ShouldBe(DateTimeOffset.Parse("2025-06-15T10:00:00.5Z", null).ToUnixTimeMilliseconds());
        Property("shop").ShouldBe("Wien – Süd");
        Property("vip").ShouldBe("true");
        Property("size").ShouldBe("42");
        Property("revenue").ShouldBe("19.90");
        (Property("list") + Property("none") + Property("absent")).ShouldBe("");
        Text(_event.Channel).ShouldBe("");
    }

    [Fact]
    public void A_page_call_of_a_browser_gives_path_channel_and_campaign()
    {
        Read("""
            {"type":"page","anonymousId":"a","properties":{},"context":{"page":{"path":"/shop/orders/12345/","url":"https://x.example/shop/orders/12345?utm_campaign=Fr%C3%BChling+25&a=b#top"},
             "device":{"type":"mobile"},"locale":"de-AT","library":{"name":"x"}}}
            """);
        Text(_event.Name).ShouldBe("/shop/orders/*");
        Text(_event.Path).ShouldBe("/shop/orders/*");
        Text(_event.Channel).ShouldBe("web");
        Text(_event.Campaign).ShouldBe("Frühling 25");
        (Property("device"), Property("locale"), Property("country")).ShouldBe(("mobile", "de-AT", "AT"));
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("https://shop.example", "/")]
    [InlineData("https://shop.example/a/b/?x=/y#z", "/a/b")]
    [InlineData("/de/bikes/trek-domane-sl-5-2024", "/de/bikes/trek-domane-sl-5-2024")]
    [InlineData("/o/2d3c1f8e-9a4b-4c1d-8e2f-0a1b2c3d4e5f/pay", "/o/*/pay")]
    [InlineData("/t/a1b2c3d4e5f6", "/t/*")]
    [InlineData("/s/eyJhbGciOiJIUzI1NiJ9xyz", "/s/*")]
    [InlineData("/order-1002345/view", "/*/view")]
    [InlineData("/7/sale-2024", "/*/sale-2024")]
    [InlineData("a//b", "/a/b")]
    public void A_path_loses_query_fragment_and_ids(string address, string path)
    {
        Span<byte> target = stackalloc byte[PagePath.MaxLength];
        Text(target[..PagePath.Write(Encoding.UTF8.GetBytes(address), target)]).ShouldBe(path);
    }

    [Fact]
    public void A_path_stays_bounded()
    {
        Span<byte> target = stackalloc byte[PagePath.MaxLength];
        PagePath.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("/word", 1000))), target).ShouldBeLessThanOrEqualTo(PagePath.MaxLength);
        PagePath.Write(Encoding.UTF8.GetBytes("/" + new string('x', 5000)), target).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"type":"track","event":"e","userId":"u","channel":"server"}""", "")]
    [InlineData("""{"type":"track","event":"e","userId":"u","channel":"hotline"}""", "hotline")]
    [InlineData("""{"type":"track","event":"e","userId":"u","channel":"x","context":{"channel":"y"}}""", "y")]
    [InlineData("""{"type":"track","event":"e","userId":"u","context":{"channel":"y"},"properties":{"channel":"z"}}""", "z")]
    [InlineData("""{"type":"page","userId":"u","channel":"browser"}""", "web")]
    public void The_channel_is_what_the_event_says_not_where_an_sdk_runs(string json, string channel)
    {
        Read(json);
        Text(_event.Channel).ShouldBe(channel);
    }

    [Fact]
    public void Traits_are_kept_as_they_stand()
    {
        Read("""{"type":"identify","userId":"u","traits":{"email":"a@b.example","n":{"x":1}},"context":{"traits":{"email":"other"}}}""");
        Text(_event.Traits).ShouldBe("""{"email":"a@b.example","n":{"x":1}}""");
        Read("""{"type":"identify","userId":"u","context":{"traits":{"email":"c@d.example"}}}""");
        Text(_event.Traits).ShouldBe("""{"email":"c@d.example"}""");
        Read("""{"type":"group","userId":"u","groupId":"g"}""");
        (Text(_event.Traits), Text(_event.GroupId)).ShouldBe(("", "g"));
    }

    [Fact]
    public void The_senders_clock_is_corrected_by_the_time_of_sending()
    {
        // The sender's clock is an hour behind: it sent at 11:00 by its clock, received at 12:00; the event was ten minutes before.
        Read("""{"type":"track","event":"e","userId":"u","timestamp":"2025-06-15T10:50:00Z"}""", Ms("2025-06-15T12:00:00Z"), Ms("2025-06-15T11:00:00Z"));
        _event.TimestampMs.ShouldBe(Ms("2025-06-15T11:50:00Z"));
        Read("""{"type":"track","event":"e","userId":"u","timestamp":"2025-06-15T10:50:00Z","sentAt":"2025-06-15T11:00:00Z"}""", Ms("2025-06-15T12:00:00Z"));
        _event.TimestampMs.ShouldBe(Ms("2025-06-15T11:50:00Z"));
        Read("""{"type":"track","event":"e","userId":"u","sentAt":"2025-06-15T11:00:00Z"}""", Ms("2025-06-15T12:00:00Z"));
        _event.TimestampMs.ShouldBe(Ms("2025-06-15T12:00:00Z"), "without a time of its own an event happened when it was received");
    }

    [Fact]
    public void A_time_ahead_is_set_back_to_the_time_of_receiving_and_flagged_except_in_imports()
    {
        const string json = """{"type":"track","event":"e","userId":"u","timestamp":"2030-01-01T00:00:00Z"}""";
        Read(json);
        (_event.TimestampMs, _event.Clamped).ShouldBe((ReceivedMs, true));
        _event.Read(Encoding.UTF8.GetBytes(json), ReceivedMs, null, out _, LogKind.Import).ShouldBeTrue();
        (_event.TimestampMs, _event.Clamped).ShouldBe((Ms("2030-01-01T00:00:00Z"), false));
    }

    [Theory]
    [InlineData("", "MalformedJson")]
    [InlineData("""{"type":"track","event":"e" """, "MalformedJson")]
    [InlineData("""{"type":"track","n":NaN}""", "MalformedJson")]
    [InlineData("""{"type":"track"} x""", "MalformedJson")]
    [InlineData("[1]", "NotAnObject")]
    [InlineData("""{"event":"e"}""", "UnknownType")]
    [InlineData("""{"type":"Track"}""", "UnknownType")]
    [InlineData("""{"type":7}""", "UnknownType")]
    [InlineData("""{"type":"track","event":{}}""", "WrongType")]
    [InlineData("""{"type":"track","event":"e","userId":["u"]}""", "WrongType")]
    [InlineData("""{"type":"track","event":"e","properties":[]}""", "WrongType")]
    [InlineData("""{"type":"track","event":"e","context":"c"}""", "WrongType")]
    [InlineData("""{"type":"identify","traits":1}""", "WrongType")]
    [InlineData("""{"type":"track","event":"e","properties":{"revenue":1e999}}""", "NumberNotFinite")]
    [InlineData("""{"type":"track","event":"e","timestamp":"yesterday"}""", "TimeUnreadable")]
    [InlineData("""{"type":"track","event":"e","timestamp":{}}""", "TimeUnreadable")]
    [InlineData("""{"type":"track","event":"\ud800"}""", "InvalidText")]
    public void What_cannot_be_read_is_refused_with_its_reason(string json, string reason)
    {
        _event.Read(Encoding.UTF8.GetBytes(json), ReceivedMs, null, out var refused).ShouldBeFalse();
        refused.ToString().ShouldBe(reason);
    }

    [Fact]
    public void Deep_nesting_and_invalid_bytes_are_refused()
    {
        foreach (var field in new[] { "properties", "context", "traits", "other" })
        {
            var deep = "{\"type\":\"track\",\"event\":\"e\",\"" + field + "\":{\"x\":" + new string('[', 20_000) + new string(']', 20_000) + "}}";
            _event.Read(Encoding.UTF8.GetBytes(deep), ReceivedMs, null, out var tooDeep).ShouldBeFalse(field);
            tooDeep.ShouldBe(Rejection.TooDeep);
        }

        _event.Read(Encoding.Latin1.GetBytes("""{"type":"track","event":"Prüfung"}"""), ReceivedMs, null, out var invalid).ShouldBeFalse();
        invalid.ShouldBe(Rejection.InvalidText);
    }

    [Fact]
    public void The_last_of_equal_fields_counts_and_numeric_text_is_a_value()
    {
        Read("""{"type":"page","type":"track","event":"a","event":"b","userId":"u","properties":{"x":"1","x":"2","revenue":"free","total":" 7.5 "}}""");
        (Text(_event.Name), Property("x"), _event.Value).ShouldBe(("b", "2", 7.5));
    }

    private static long Ms(string time) => DateTimeOffset.Parse(time, null).ToUnixTimeMilliseconds();

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);

    private string Property(string name) => Text(_event.Property(Encoding.UTF8.GetBytes(name)));

    private void Read(string json, long receivedMs = ReceivedMs, long? sentMs = null)
    {
        _event.Read(Encoding.UTF8.GetBytes(json), receivedMs, sentMs, out var reason).ShouldBeTrue($"{reason} {_event.Fault}");
    }
}
