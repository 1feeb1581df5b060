using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Tangent.Tests.Collect;

public sealed class CollectScriptTests(TestServer server) : IClassFixture<TestServer>
{
    private const int MostBytes = 3 * 1024;

    [Fact]
    public async Task The_tracker_is_shorter_than_three_kilobytes_and_any_site_may_load_and_keep_it()
    {
        using var answer = await GetAsync("/collect.js", ("Accept-Encoding", "gzip"));
        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBeLessThan(MostBytes);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/javascript; charset=utf-8");
        answer.Headers.CacheControl!.ToString().ShouldStartWith("public, max-age=3600");
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        answer.Headers.GetValues("Cross-Origin-Resource-Policy").ShouldBe(["cross-origin"]);
        using var again = await GetAsync("/collect.js", ("Accept-Encoding", "gzip"), ("If-None-Match", answer.Headers.ETag!.ToString()));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        using var brotli = await GetAsync("/collect.js", ("Accept-Encoding", "gzip, br"));
        brotli.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        using var plain = await GetAsync("/collect.js", ("Accept-Encoding", "gzip;q=0"));
        plain.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await plain.Content.ReadAsStringAsync()).ShouldBe(Repository.Read("src/Tangent/wwwroot/collect.js"));
    }

    [Fact]
    public async Task The_browser_sdk_finds_its_settings_by_the_write_key()
    {
        var key = (await (await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name = "settings", kind = "web" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("writeKey").GetString();
        using var answer = await server.Http.GetAsync($"/v1/projects/{key}/settings");
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        var segment = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("integrations").GetProperty("Segment.io");
        (segment.GetProperty("apiKey").GetString(), segment.GetProperty("apiHost").GetString(), segment.GetProperty("protocol").GetString())
            .ShouldBe((key, $"{server.Address.Authority}/v1", "http"));
        (await server.Http.GetAsync("/v1/projects/nobody/settings")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return server.Http.SendAsync(request);
    }
}
