using System.Buffers.Binary;
using System.Text;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>The quick walk over an event finds exactly what the general reading finds, or gives up.</summary>
public sealed class EventWalkTests
{
    private const long ReceivedMs = 1_750_000_000_000;

    private static readonly string[] Whole =
    [
        """{"type":"track","event":" Order Completed ","userId":4711,"anonymousId":"a-1","messageId":"m","timestamp":"2025-06-15T12:00:00.5Z","properties":{"revenue":"19.90","value":-3.25,"currency":"eur","shop":"Wien","vip":true,"size":42e2,"list":[1,{"x":2}],"none":null,"url":"https://x.example/a/12345?utm_campaign=Fr%C3%BChling+25"}}""",
        """{"type":"page","anonymousId":"a","name":null,"properties":{},"context":{"page":{"path":"/shop/orders/12345/","url":"https://x.example/s?utm_campaign=z","search":"?utm_campaign=y"},"device":{"type":"mobile"},"locale":"de-AT","library":{"name":"x","v":[[],{}]},"traits":{"a":{"b":1}},"campaign":{"name":" Herbst ","source":"mail"},"location":{"country":"AT"},"channel":"y"},"sentAt":"2025-06-15T12:00:01Z","originalTimestamp":"2025-06-15T11:59:00.123456Z"}""",
        """ {"type" : "identify", "userId":"u", "traits":{"name":"Žižka","n":1.5e-3,"deep":{"x":[true,false,null]}}, "integrations":{"All":false}} """,
        """{"type":"group","userId":"u","groupId":"g","traits":null,"channel":"server","properties":null,"context":null}""",
        """{"type":"alias","userId":"u","previousId":"p","timestamp":1750000000000,"type":"alias"}""",
        """{"type":"screen","userId":"u","name":"\u00fcber","properties":{"path":"a\/b","total":1e20,"value":0.1,"revenue":123456789012345.6}}""",
    ];

    // What breaks JSON, or means something else in it.
    private static readonly string[] Pieces =
        ["\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\t", "\0", "-", "0", "01", "1.", ".5", "1e", "1e5", "e", "true", "tru", "null", "nul", "\"\"", "\\u00e4", "\\ud800", "\\x", "ü", "\u0085", "\u007f", "{}", "[]", "{\"a\":1}", "\"type\":\"track\",", "\"userId\":null,", "Z", "+02:00", "2025-13-01", "//", "/**/"];

    [Fact]
    public void On_events_of_every_kind_and_on_what_chance_makes_of_them_both_find_the_same()
    {
        var random = new Random(11);
        int walked = 0, refused = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var text = Whole[round % Whole.Length];
            for (var changes = round < Whole.Length ? 0 : random.Next(1, 4); changes > 0; changes--) text = Change(text, random);
            var bytes = Encoding.UTF8.GetBytes(text);
            if (random.Next(50) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(128, 256);
            var (quick, general) = (new CollectedEvent(), new CollectedEvent());
            var taken = quick.Read(bytes, ReceivedMs, null, out var reason);
            general.ReadAny(bytes, ReceivedMs, null, out var expected).ShouldBe(taken, text);
            reason.ShouldBe(expected, text);
            if (!taken) refused++;
            else Said(quick).ShouldBe(Said(general), text);
            if (taken && new CollectedEvent().TryWalk(bytes, 0, out _)) walked++;
        }

        walked.ShouldBeGreaterThan(5_000);
        refused.ShouldBeGreaterThan(5_000);
    }

    [Theory]
    [InlineData("2025-06-15T12:00:00Z", true)]
    [InlineData("2024-02-29T23:59:59.9999999Z", true)]
    [InlineData("0001-01-01T00:00:00.1Z", true)]
    [InlineData("9999-12-31T00:00:00.12Z", true)]
    [InlineData("2025-02-29T12:00:00Z", false)]
    [InlineData("2025-06-15T24:00:00Z", false)]
    [InlineData("2025-06-15T12:00:60Z", false)]
    [InlineData("2025-06-15T12:00:00.Z", false)]
    [InlineData("2025-06-15 12:00:00Z", false)]
    [InlineData("2025-0x-15T12:00:00Z", false)]
    [InlineData("x025-06-15T12:00:00Z", false)]
    [InlineData("2025-06-15T12:00:00+02:00", false)]
    public void The_common_form_of_a_time_is_read_and_others_are_left_to_the_general_reading(string text, bool isRead)
    {
        EventTime.TryRead(Encoding.UTF8.GetBytes(text), out var ms).ShouldBe(isRead);
        if (isRead) ms.ShouldBe(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
    }

    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    public void Keys_of_message_ids_are_SipHash_of_its_authors(int length, string expected)
    {
        var (secret, key) = (new byte[16], new byte[16]);
        for (byte i = 0; i < 16; i++) secret[i] = i;
        BinaryPrimitives.WriteUInt128LittleEndian(key, EventKey.Hash(BinaryPrimitives.ReadUInt128LittleEndian(secret), secret.AsSpan(0, length)));
        Convert.ToHexStringLower(key).ShouldBe(expected);
    }

    private static string Change(string text, Random random)
    {
        var at = random.Next(text.Length);
        var cut = Math.Min(text.Length - at, random.Next(4));
        return random.Next(4) switch
        {
            0 => text.Remove(at, Math.Max(1, cut)),
            1 => text[..at],
            2 => text.Insert(at, text.Substring(random.Next(text.Length - cut), cut)),
            _ => text.Remove(at, cut).Insert(at, Pieces[random.Next(Pieces.Length)]),
        } is { Length: > 0 } changed ? changed : "{}";
    }

    private static string Said(CollectedEvent e)
    {
        static string Text(ReadOnlySpan<byte> text) => Convert.ToHexString(text);
        var properties = string.Join(';', new[] { "shop", "vip", "size", "list", "none", "url", "revenue", "device", "locale", "country", "value", "currency" }.Select(p => p + "=" + Text(e.Property(Encoding.UTF8.GetBytes(p)))));
        return $"{e.Type}|{Text(e.Name)}|{Text(e.UserId)}|{Text(e.AnonymousId)}|{Text(e.PreviousId)}|{Text(e.GroupId)}|{Text(e.MessageId)}|{Text(e.Channel)}|{Text(e.Path)}|{Text(e.Campaign)}|{Text(e.Currency)}|{BitConverter.DoubleToInt64Bits(e.Value)}|{e.TimestampMs}|{e.CorrectedMs}|{e.HasTimestamp}|{Text(e.Traits)}|{properties}";
    }
}
