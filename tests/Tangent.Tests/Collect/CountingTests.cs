using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tangent.Collect;

namespace Tangent.Tests.Collect;

/// <summary>Counting without consent over HTTP: numbers come out, nothing of whom goes in.</summary>
public sealed class CountingTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Marked = """
        {"batch":[
          {"type":"page","userId":"marker-user","anonymousId":"marker-visitor","messageId":"marker-m","context":{"ip":"10.20.30.40","userAgent":"marker-agent","page":{"path":"/cart/marker@example.org/x","search":"?utm_campaign=spring"}}},
          {"type":"track","event":"Order","userId":"marker-user","properties":{"revenue":5,"marker-p":"marker-v"}},
          {"type":"identify","userId":"marker-user"},{"type":"track"},7]}
        """;

    [Fact]
    public async Task A_batch_is_counted_by_day_and_signature_and_nothing_else_of_it_is_anywhere_in_the_data_folder()
    {
        await using var own = await TestServer.StartAsync();
        var key = await KeyAsync(own, "shop");
        for (var i = 0; i < 3; i++) (await CountAsync(own, key, Marked)).ShouldBe(2);
        var counts = await own.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/counts");
        counts.GetProperty("events").GetInt64().ShouldBe(6);
        counts.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("event").GetString()}|{i.GetProperty("path").GetString()}|{i.GetProperty("campaign").GetString()}|{i.GetProperty("source").GetString()}|{i.GetProperty("events").GetInt64()}")
            .ShouldBe(["*|/cart/*/x|spring|shop|3", "Order|||shop|3"], ignoreOrder: true);
        own.Get<EventLog>().EndPosition.ShouldBe(0);
        await own.StopAsync();
        foreach (var file in Directory.EnumerateFiles(own.DataFolder, "*", SearchOption.AllDirectories))
        {
            var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            bytes.ShouldNotContain("marker", customMessage: file);
            bytes.ShouldNotContain("10.20.30.40", customMessage: file);
        }

        await using var again = await TestServer.StartAsync(dataFolder: own.DataFolder);
        (await again.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/counts")).GetProperty("events").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task Names_without_end_become_others()
    {
        var key = await KeyAsync(server, "flooded");
        foreach (var part in Enumerable.Range(0, 2100).Chunk(700))
            (await CountAsync(server, key, $$"""{"batch":[{{string.Join(',', part.Select(i => $$"""{"type":"track","event":"E{{i}}"}"""))}}]}""")).ShouldBe(700);
        var items = (await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/counts")).GetProperty("items").EnumerateArray().Where(i => i.GetProperty("source").GetString() == "flooded").ToList();
        items.Count.ShouldBe(2001);
        items.Single(i => i.GetProperty("event").GetString() == ConsentlessCounter.Other).GetProperty("events").GetInt64().ShouldBe(100);
    }

    [Fact]
    public async Task What_cannot_be_read_or_has_no_key_is_refused()
    {
        var key = await KeyAsync(server, "refused");
        foreach (var body in (string[])["{", "{}", "[]", """{"batch":7}"""]) (await StatusAsync(key, body)).ShouldBe(HttpStatusCode.BadRequest, body);
        (await StatusAsync("nobody", """{"batch":[]}""")).ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Http.GetAsync("/api/v1/collect/counts?from=yesterday")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Only_a_web_source_says_what_happens_before_consent_and_its_script_follows()
    {
        var key = await KeyAsync(server, "site", "web");
        await KeyAsync(server, "till");
        var list = await server.Http.GetFromJsonAsync<JsonElement>("/api/v1/collect/sources");
        int Id(string name) => list.GetProperty("items").EnumerateArray().Single(s => s.GetProperty("name").GetString() == name).GetProperty("id").GetInt32();
        (await server.Http.GetStringAsync($"/collect.js?key={key}")).ShouldContain("""option("before-consent", "nothing")""");
        (await server.Http.PatchAsJsonAsync($"/api/v1/collect/sources/{Id("site")}", new { beforeConsent = "count" })).EnsureSuccessStatusCode();
        (await server.Http.GetStringAsync($"/collect.js?key={key}")).ShouldContain("""option("before-consent", "count")""");
        (await server.Http.GetStringAsync("/collect.js")).ShouldContain("""option("before-consent", "nothing")""");
        (await server.Http.PatchAsJsonAsync($"/api/v1/collect/sources/{Id("till")}", new { beforeConsent = "count" })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<string> KeyAsync(TestServer server, string name, string kind = "server") =>
        (await (await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name, kind })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString()!;

    private async Task<HttpStatusCode> StatusAsync(string key, string body)
    {
        using var answer = await SendAsync(server, key, body);
        return answer.StatusCode;
    }

    private static async Task<int> CountAsync(TestServer server, string key, string body)
    {
        using var answer = await SendAsync(server, key, body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("counted").GetInt32();
    }

    private static Task<HttpResponseMessage> SendAsync(TestServer server, string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/count") { Content = new StringContent(body) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        return server.Http.SendAsync(request);
    }
}
