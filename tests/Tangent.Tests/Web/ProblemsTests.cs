using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Tangent.Tests.Web;

/// <summary>Whatever is wrong with a request, the answer is a problem that says so.</summary>
public sealed class ProblemsTests(ProblemsTests.Guarded guarded, TestServer open) : IClassFixture<ProblemsTests.Guarded>, IClassFixture<TestServer>
{
    /// <summary>A server that asks to sign in.</summary>
    public sealed class Guarded : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await TestServer.StartAsync(demo: false);

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/api/v1/analyse/paths", 401)]
    [InlineData("POST", "/api/v1/map/touchpoints", 401)]
    [InlineData("GET", "/v1/nope", 404)]
    [InlineData("GET", "/v1/track", 405)]
    [InlineData("DELETE", "/v1/batch", 405)]
    public async Task Who_is_not_signed_in_gets_a_problem_and_not_a_page(string method, string address, int status) =>
        await ProblemAsync(await guarded.Server.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), address)), status);

    [Theory]
    [InlineData("GET", "/api/v1/nope", null, null, 404, "openapi")]
    [InlineData("PATCH", "/api/v1/map/touchpoints", null, null, 405, "GET, HEAD, POST")]
    [InlineData("POST", "/api/v1/map/touchpoints", "{", "application/json", 400, "line 1")]
    [InlineData("POST", "/api/v1/map/touchpoints", "", "application/json", 400, "")]
    [InlineData("POST", "/api/v1/map/touchpoints", "[]", "application/json", 400, "JSON")]
    [InlineData("POST", "/api/v1/map/touchpoints", """{"name":"A","colour":"red"}""", "application/json", 400, "colour")]
    [InlineData("POST", "/api/v1/map/touchpoints", """{"name":7}""", "application/json", 400, "name")]
    [InlineData("POST", "/api/v1/map/touchpoints", """{"name":"A","stage":"moon"}""", "application/json", 400, "stage")]
    [InlineData("POST", "/api/v1/map/touchpoints", "name=A", "application/x-www-form-urlencoded", 415, "application/json")]
    [InlineData("POST", "/api/v1/map/touchpoints", "<a/>", "text/xml", 415, "application/json")]
    [InlineData("POST", "/api/v1/map/touchpoints", """{"name":""}""", "application/json", 422, "name")]
    [InlineData("GET", "/api/v1/unify/customers?take=all", null, null, 400, "take")]
    [InlineData("GET", "/api/v1/unify/customers?take=0", null, null, 422, "take")]
    [InlineData("GET", "/api/v1/unify/customers?take=99999999999999999999", null, null, 400, "take")]
    [InlineData("GET", "/api/v1/unify/customers/0?take=1001", null, null, 422, "take")]
    public async Task A_wrong_request_is_told_what_is_wrong(string method, string address, string? body, string? type, int status, string says)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type!);
        var problem = await ProblemAsync(await open.Http.SendAsync(request), status);
        (problem.GetProperty("detail").GetString() + (problem.TryGetProperty("field", out var field) ? field.GetString() : "")).ShouldContain(says);
    }

    [Fact]
    public async Task A_refused_field_stands_in_errors_too()
    {
        var problem = await ProblemAsync(await open.Http.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = " " }), 422);
        problem.GetProperty("errors").GetProperty("name")[0].GetString().ShouldBe(problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_body_without_end_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/map/touchpoints") { Content = new StringContent("\"" + new string('a', 31 << 20), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;
        await ProblemAsync(await open.Http.SendAsync(request), 413);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe((HttpStatusCode)status, text);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
