using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>The Segment calls against the whole program on a real port.</summary>
public sealed class CallsTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Track = """{"type":"track","event":"Order Completed","userId":"u1"}""";

    private readonly string _name = Guid.NewGuid().ToString();
    private JsonElement? _source;

    [Theory]
    [InlineData("identify", "i", """{"userId":"u","traits":{"a":1}}""")]
    [InlineData("track", "t", """{"userId":"u","event":"e"}""")]
    [InlineData("page", "p", """{"anonymousId":"a","name":"Home"}""")]
    [InlineData("screen", "s", """{"anonymousId":"a","name":"Start"}""")]
    [InlineData("group", "g", """{"userId":"u","groupId":"g"}""")]
    [InlineData("alias", "a", """{"userId":"u","previousId":"p"}""")]
    public async Task Each_call_lands_with_its_type_in_the_long_and_the_short_form(string call, string shortForm, string json)
    {
        foreach (var address in new[] { call, shortForm })
        {
            var answer = await AcceptedAsync(await PostAsync("/v1/" + address, json));
            answer.GetProperty("accepted").GetInt32().ShouldBe(1);
            Last().ShouldStartWith($$"""{"type":"{{call}}",""");
        }
    }

    [Fact]
    public async Task A_write_key_inside_of_an_event_is_starred_out_wherever_people_can_read_it()
    {
        var key = await KeyAsync();
        var body = """{"writeKey":"KEY","batch":[{"type":"track","event":"no id","writeKey":"KEY"},{"type":"track","event":"e","userId":"u","context":{"k":"KEY"}}]}"""
            .Replace("KEY", key, StringComparison.Ordinal);
        (await server.Http.PostAsync("/v1/batch", new StringContent(body))).StatusCode.ShouldBe(HttpStatusCode.OK);
        Last().ShouldNotContain(key);
        Last().ShouldContain("********");
        var id = (await SourceAsync()).GetProperty("id").GetInt32();
        (await server.Http.GetStringAsync($"/api/v1/collect/sources/{id}/rejections")).ShouldNotContain(key);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("b")]
    [InlineData("import")]
    public async Task A_batch_lands_as_one_row_in_its_order(string address)
    {
        await AcceptedAsync(await PostAsync("/v1/" + address, $$"""{"sentAt":"2026-05-04T10:00:00Z","batch":[{{Track}},{"type":"identify","userId":"u"}],"context":null}"""));
        var row = Rows()[^1];
        row.SentAtMs.ShouldBe(DateTimeOffset.Parse("2026-05-04T10:00:00Z", null).ToUnixTimeMilliseconds());
        Encoding.UTF8.GetString(row.Body.Span).ShouldBe(Track + "\n" + """{"type":"identify","userId":"u"}""");
    }

    [Fact]
    public async Task A_batch_of_a_thousand_with_ten_bad_ones_lands_990_and_names_the_ten()
    {
        var bad = new Dictionary<int, (string Json, string Reason)>
        {
            [0] = ("""{"type":"track","userId":"u"}""", "nameMissing"),
            [7] = ("""{"type":"track","event":"e"}""", "idMissing"),
            [100] = ("""{"type":"buy","event":"e","userId":"u"}""", "unknownType"),
            [101] = ("17", "notAnObject"),
            [250] = ($$"""{"type":"track","event":"{{new string('n', 10_000)}}","userId":"u"}""", "nameTooLong"),
            [333] = ("""{"type":"track","event":"line\nbreak","userId":"u"}""", "nameUnreadable"),
            [500] = ("""{"type":"track","event":"e","userId":"u","timestamp":"9999-01-01T00:00:00Z"}""", "timeTooFarAhead"),
            [501] = ("""{"type":"track","event":"e","userId":"u","timestamp":"1601-01-01T00:00:00Z"}""", "timeTooOld"),
            [998] = ("{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"properties\":{\"x\":\"" + new string('x', 33_000) + "\"}}", "eventTooLarge"),
            [999] = ("{\"type\":\"track\",\"event\":\"e\",\"userId\":\"u\",\"properties\":{\"x\":" + new string('[', 100) + new string(']', 100) + "}}", "tooDeep"),
        };
        var events = Enumerable.Range(0, 1000).Select(i => bad.TryGetValue(i, out var b) ? b.Json : $$"""{"type":"track","event":"e","userId":"u{{i}}","messageId":"{{_name}}{{i}}"}""");
        var answer = await AcceptedAsync(await PostAsync("/v1/batch", $$"""{"batch":[{{string.Join(',', events)}}]}"""));
        answer.GetProperty("success").GetBoolean().ShouldBeTrue();
        answer.GetProperty("accepted").GetInt32().ShouldBe(990);
        answer.GetProperty("duplicates").GetInt32().ShouldBe(0);
        answer.GetProperty("rejected").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("reason").GetString()))
            .ShouldBe(bad.Select(b => (b.Key, (string?)b.Value.Reason)));
        Rows()[^1].Count.ShouldBe(990);

        var again = await AcceptedAsync(await PostAsync("/v1/batch", $$"""{"batch":[{{string.Join(',', events)}}]}"""));
        (again.GetProperty("accepted").GetInt32(), again.GetProperty("duplicates").GetInt32()).ShouldBe((0, 990));

        var id = (await SourceAsync()).GetProperty("id").GetInt32();
        var health = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}");
        (health.GetProperty("events").GetInt64(), health.GetProperty("duplicates").GetInt64(), health.GetProperty("rejected").GetInt64()).ShouldBe((990, 990, 20));
        health.GetProperty("rejectedByReason").GetProperty("tooDeep").GetInt64().ShouldBe(2);
        health.GetProperty("lastReceived").GetDateTime().ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(1));
        var rejections = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}/rejections");
        var newest = rejections.GetProperty("items")[1];
        newest.GetProperty("reason").GetString().ShouldBe("eventTooLarge");
        newest.GetProperty("detail").GetString()!.ShouldContain("32768");
        newest.GetProperty("body").GetString()!.ShouldStartWith("""{"type":"track","event":"e",""");
    }

    [Fact]
    public async Task Only_the_last_hundred_rejections_are_kept_but_all_are_counted()
    {
        var batch = $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 150))}}]}""";
        await AcceptedAsync(await PostAsync("/v1/batch", batch));
        var id = (await SourceAsync()).GetProperty("id").GetInt32();
        var first = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}/rejections");
        first.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("body").GetString()).ShouldBe(Enumerable.Range(50, 100).Reverse().Select(i => $"{i}"));
        await AcceptedAsync(await PostAsync("/v1/batch", """{"batch":["newest"]}"""));
        var second = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}/rejections");
        second.GetProperty("items").GetArrayLength().ShouldBe(100);
        second.GetProperty("items")[0].GetProperty("body").GetString().ShouldBe("\"newest\"");
        var health = await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/collect/sources/{id}");
        health.GetProperty("rejectedByReason").GetProperty("notAnObject").GetInt64().ShouldBe(151);
    }

    [Theory]
    [InlineData("", "malformedJson")]
    [InlineData("{", "malformedJson")]
    [InlineData("""{"batch":[{"type":"track","event":"e","userId":"u"},{"type":"tr""", "malformedJson")]
    [InlineData("""{"batch":[{"type":"track","event":"e","userId":"u"}]} more""", "malformedJson")]
    [InlineData("""{"batch":[{"type":"track","event":"e","userId":"u","properties":{"value":NaN}}]}""", "malformedJson")]
    [InlineData("[]", "notABatch")]
    [InlineData("null", "notABatch")]
    [InlineData("""{"batch":{}}""", "notABatch")]
    [InlineData("""{"events":[]}""", "notABatch")]
    [InlineData("""{"\ud800":1}""", "invalidText")]
    public async Task A_body_that_is_no_batch_is_refused_and_nothing_of_it_lands(string body, string reason)
    {
        await RefusedAsync(await PostAsync("/v1/batch", body), HttpStatusCode.BadRequest, reason);
        Rows().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_batch_cut_at_any_byte_lands_nothing()
    {
        var whole = Encoding.UTF8.GetBytes($$"""{"batch":[{{Track}},{{Track}}],"sentAt":"2026-05-04T10:00:00Z"}""");
        for (var length = 0; length < whole.Length; length += 3)
            (await PostAsync("/v1/batch", new ByteArrayContent(whole, 0, length))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"cut at {length}");
        Rows().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"event":"e"}""", "idMissing")]
    [InlineData("""{"userId":"u"}""", "nameMissing")]
    [InlineData("""{"type":"page","userId":"u"}""", "unknownType")]
    [InlineData("""{"event":7,"userId":"u"}""", "wrongType")]
    [InlineData("""{"event":"e","userId":{}}""", "wrongType")]
    [InlineData("""{"event":"e","userId":"a\u0000b"}""", "idUnreadable")]
    [InlineData("""{"event":"e","userId":"undefined"}""", "idEmptyValue")]
    [InlineData("""{"event":"e","userId":"u","anonymousId":"null"}""", "idEmptyValue")]
    [InlineData("""{"event":"e","userId":"[object Object]"}""", "idEmptyValue")]
    [InlineData("""{"event":"e","anonymousId":"NaN"}""", "idEmptyValue")]
    [InlineData("""{"event":"e\u0085","userId":"u"}""", "nameUnreadable")]
    [InlineData("""{"event":"\udc00","userId":"u"}""", "invalidText")]
    [InlineData("""{"event":"e","userId":"u","properties":{"revenue":1e400}}""", "numberNotFinite")]
    [InlineData("""{"event":"e","userId":"u","timestamp":"soon"}""", "timeUnreadable")]
    [InlineData("""{"event":"e","userId":"u","timestamp":"2001-01-01T00:00:00Z"}""", "timeTooOld")]
    [InlineData("[]", "notAnObject")]
    [InlineData("nonsense", "malformedJson")]
    public async Task A_single_bad_event_is_refused_with_its_reason(string json, string reason)
    {
        await RefusedAsync(await PostAsync("/v1/track", json), HttpStatusCode.BadRequest, reason);
        Rows().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_up_to_a_day_ahead_is_set_back_and_flagged()
    {
        var ahead = DateTime.UtcNow.AddHours(23).ToString("O");
        var answer = await AcceptedAsync(await PostAsync("/v1/track", $$"""{"event":"e","userId":"u","timestamp":"{{ahead}}"}"""));
        answer.GetProperty("clamped").GetInt32().ShouldBe(1);
        var beyond = DateTime.UtcNow.AddHours(25).ToString("O");
        await RefusedAsync(await PostAsync("/v1/track", $$"""{"event":"e","userId":"u","timestamp":"{{beyond}}"}"""), HttpStatusCode.BadRequest, "timeTooFarAhead");
        var corrected = $$"""{"event":"e","userId":"u","timestamp":"{{beyond}}","sentAt":"{{beyond}}"}""";
        (await AcceptedAsync(await PostAsync("/v1/track", corrected))).GetProperty("clamped").GetInt32().ShouldBe(0, "the sender's clock is wrong, and corrected");
    }

    [Fact]
    public async Task Invalid_bytes_reject_their_event_alone()
    {
        var body = Encoding.Latin1.GetBytes($$"""{"batch":[{{Track}},{"type":"track","event":"Prüfung","userId":"u"}]}""");
        var answer = await AcceptedAsync(await PostAsync("/v1/batch", new ByteArrayContent(body)));
        answer.GetProperty("accepted").GetInt32().ShouldBe(1);
        answer.GetProperty("rejected")[0].GetProperty("reason").GetString().ShouldBe("invalidText");
    }

    [Fact]
    public async Task The_write_key_comes_by_basic_authentication_or_in_the_body_and_is_not_kept()
    {
        var key = await KeyAsync();
        var inBody = $$"""{"event":"e","writeKey":"{{key}}","userId":"u"}""";
        (await server.Http.PostAsync("/v1/track", new StringContent(inBody))).StatusCode.ShouldBe(HttpStatusCode.OK);
        Last().ShouldBe("""{"type":"track","event":"e","writeKey":"","userId":"u"}""");
        (await server.Http.PostAsync("/v1/batch", new StringContent($$"""{"writeKey":"{{key}}","batch":[{{Track}}]}"""))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await server.Http.PostAsync("/v1/track", new StringContent("""{"event":"e","userId":"u"}"""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Http.PostAsync("/v1/track", new StringContent("""{"event":"e","userId":"u","writeKey":"wrong"}"""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var header in new[] { "Basic d3Jvbmc6", "Basic %%%", "Basic " + new string('A', 5000) })
            (await PostAsync("/v1/track", new StringContent(inBody), header)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, header);
        Rows().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Compressed_bodies_are_known_by_their_bytes_or_their_encoding()
    {
        var batch = Encoding.UTF8.GetBytes($$"""{"batch":[{{Track}}]}""");
        await AcceptedAsync(await PostAsync("/v1/batch", Packed(batch, s => new GZipStream(s, CompressionLevel.Fastest), null, "application/x-www-form-urlencoded")));
        await AcceptedAsync(await PostAsync("/v1/batch", Packed(batch, s => new GZipStream(s, CompressionLevel.Fastest), "gzip", "application/json")));
        await AcceptedAsync(await PostAsync("/v1/batch", Packed(batch, s => new ZLibStream(s, CompressionLevel.Fastest), "deflate", "text/plain")));
        await AcceptedAsync(await PostAsync("/v1/batch", Packed(batch, s => new DeflateStream(s, CompressionLevel.Fastest), "deflate", "text/plain")));
        await AcceptedAsync(await PostAsync("/v1/batch", Packed(batch, s => new BrotliStream(s, CompressionLevel.Fastest), "br", "text/plain")));
        Rows().Select(r => Encoding.UTF8.GetString(r.Body.Span)).ShouldAllBe(body => body == Track);
        Rows().Count.ShouldBe(5);
        (await PostAsync("/v1/batch", Packed(batch, s => new BrotliStream(s, CompressionLevel.Fastest), "zstd", "text/plain"))).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Damaged_compression_is_refused()
    {
        var packed = await Packed(Encoding.UTF8.GetBytes($$"""{"batch":[{{Track}}]}"""), s => new GZipStream(s, CompressionLevel.Fastest), null, "text/plain").ReadAsByteArrayAsync();
        var damaged = (byte[])packed.Clone();
        damaged[12] ^= 0xFF;
        (await PostAsync("/v1/batch", new ByteArrayContent(damaged))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync("/v1/batch", new ByteArrayContent(packed[..(packed.Length / 2)]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var notBrotli = new ByteArrayContent(packed[3..]);
        notBrotli.Headers.ContentEncoding.Add("br");
        await RefusedAsync(await PostAsync("/v1/batch", notBrotli), HttpStatusCode.BadRequest, "bodyDamaged");
        Rows().ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_large_a_body_is_refused_in_bounded_memory_however_it_is_packed()
    {
        await RefusedAsync(await PostAsync("/v1/batch", new ByteArrayContent(new byte[10_000_000])), HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
        var bomb = await Packed(new byte[200_000_000], s => new GZipStream(s, CompressionLevel.Fastest), "gzip", "application/json").ReadAsByteArrayAsync();
        bomb.Length.ShouldBeLessThan(2_000_000);
        bomb = await Packed(new byte[50_000_000], s => new GZipStream(s, CompressionLevel.SmallestSize), "gzip", "application/json").ReadAsByteArrayAsync();
        bomb.Length.ShouldBeLessThan(500 * 1024, "it must pass the first gate");
        await PostAsync("/v1/batch", new ByteArrayContent(bomb));
        var before = GC.GetTotalAllocatedBytes();
        await RefusedAsync(await PostAsync("/v1/batch", new ByteArrayContent(bomb)), HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(10_000_000);
    }

    [Fact]
    public async Task More_events_than_a_batch_may_have_are_refused()
    {
        await RefusedAsync(await PostAsync("/v1/batch", $$"""{"batch":[{{string.Join(',', Enumerable.Repeat('1', 10_001))}}]}"""), HttpStatusCode.BadRequest, "tooManyEvents");
    }

    [Fact]
    public async Task A_browser_of_another_site_may_call()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/t");
        preflight.Headers.Add("Origin", "https://shop.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        var allowed = await server.Http.SendAsync(preflight);
        allowed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        allowed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        allowed.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Authorization");
        (await PostAsync("/v1/t", Track)).Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        (await PostAsync("/v1/t", "{")).Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"], "a browser must be able to read the refusal");
    }

    [Fact]
    public async Task Events_without_message_id_are_never_taken_for_duplicates()
    {
        var answer = await AcceptedAsync(await PostAsync("/v1/batch", $$"""{"batch":[{{Track}},{{Track}}]}"""));
        answer.GetProperty("accepted").GetInt32().ShouldBe(2);
    }

    private static ByteArrayContent Packed(byte[] body, Func<Stream, Stream> pack, string? encoding, string type)
    {
        using var packed = new MemoryStream();
        using (var stream = pack(packed)) stream.Write(body);
        var content = new ByteArrayContent(packed.ToArray());
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    private static async Task<JsonElement> AcceptedAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string reason)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("reason").GetString().ShouldBe(reason);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    private async Task<JsonElement> SourceAsync()
    {
        if (_source is { } known) return known;
        var made = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = _name, kind = "web" });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        _source = await made.Content.ReadFromJsonAsync<JsonElement>();
        return _source.Value;
    }

    private async Task<string> KeyAsync() => (await SourceAsync()).GetProperty("writeKey").GetString()!;

    private Task<HttpResponseMessage> PostAsync(string address, string json) => PostAsync(address, new StringContent(json));

    private async Task<HttpResponseMessage> PostAsync(string address, HttpContent content, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(await KeyAsync() + ":")));
        return await server.Http.SendAsync(request);
    }

    private List<LogRow> Rows()
    {
        var id = _source!.Value.GetProperty("id").GetInt32();
        return [.. server.Get<EventLog>().Read(0).Where(r => r.SourceId == id)];
    }

    private string Last() => Encoding.UTF8.GetString(Rows()[^1].Body.Span);
}
