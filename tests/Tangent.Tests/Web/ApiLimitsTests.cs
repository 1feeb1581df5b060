using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Tangent.Tests.Web;

public sealed class ApiLimitsTests
{
    [Fact]
    public async Task Above_its_limit_a_caller_is_told_when_to_come_back_and_is_answered_then()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Api:RequestsPerMinute=60");
        for (var i = 0; i < 200; i++)
        {
            var answer = await server.Http.GetAsync("/api/v1/collect/checks");
            Header(answer, "RateLimit-Limit").ShouldBe(60);
            Header(answer, "RateLimit-Remaining").ShouldBeInRange(0, 59);
            Header(answer, "RateLimit-Reset").ShouldBeInRange(1, 60);
            answer.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"requests\";q=60;w=60"]);
            answer.Headers.GetValues("RateLimit").ShouldBe([$"\"requests\";r={Header(answer, "RateLimit-Remaining")};t={Header(answer, "RateLimit-Reset")}"]);
            if (answer.StatusCode == HttpStatusCode.OK) continue;
            answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            i.ShouldBeGreaterThanOrEqualTo(60);
            var wait = answer.Headers.RetryAfter!.Delta!.Value;
            wait.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            await Task.Delay(wait + TimeSpan.FromMilliseconds(300));
            (await server.Http.GetAsync("/api/v1/collect/checks")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await server.Http.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
            return;
        }

        Assert.Fail("200 requests were answered without a pause.");
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_counted_by_address()
    {
        await using var server = await TestServer.StartAsync(false, null, "--Api:AnonymousRequestsPerMinute=2");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++) answers.Add((await server.Http.GetAsync("/api/v1/analyse/paths")).StatusCode);
        answers.ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task Calls_are_limited_by_source_where_that_is_wanted()
    {
        await using var server = await TestServer.StartAsync(true, null, "--Api:CallsPerMinute=2");
        var (first, second) = (await KeyAsync(server, "one"), await KeyAsync(server, "two"));
        (await CallAsync(server, first)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(server, first)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await CallAsync(server, first);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
        (await CallAsync(server, second)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_have_no_limit_unless_said()
    {
        await using var server = await TestServer.StartAsync();
        (await CallAsync(server, await KeyAsync(server, "one"))).Headers.Contains("RateLimit-Limit").ShouldBeFalse();
    }

    private static int Header(HttpResponseMessage answer, string name) => int.Parse(answer.Headers.GetValues(name).Single(), CultureInfo.InvariantCulture);

    private static async Task<string> KeyAsync(TestServer server, string name)
    {
        var added = await server.Http.PostAsJsonAsync("/api/v1/collect/sources", new { name });
        return JsonDocument.Parse(await added.Content.ReadAsStringAsync()).RootElement.GetProperty("writeKey").GetString()!;
    }

    private static async Task<HttpResponseMessage> CallAsync(TestServer server, string key)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/track") { Content = JsonContent.Create(new { userId = "anna", @event = "Visit" }) };
        call.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(key + ":")));
        return await server.Http.SendAsync(call);
    }
}
