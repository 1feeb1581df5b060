using System.Net;
using System.Net.Http.Json;

namespace Tangent.Tests.Access;

public sealed class OriginGuardTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.Created)]
    [InlineData(null, HttpStatusCode.Created)]
    public async Task Another_web_site_cannot_make_a_browser_change_something(string? site, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/map/touchpoints") { Content = JsonContent.Create(new { name = $"From {site ?? "a program"}" }) };
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_foreign_origin_is_refused_where_the_browser_says_nothing_else()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/map/touchpoints") { Content = JsonContent.Create(new { name = "From an old browser" }) };
        request.Headers.Add("Origin", "http://evil.example");
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_demo_answers_under_loopback_names_only()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/map/touchpoints");
        request.Headers.Host = "evil.example";
        (await server.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
