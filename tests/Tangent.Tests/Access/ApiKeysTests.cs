using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;
using Tangent.Data;

namespace Tangent.Tests.Access;

public sealed class ApiKeysTests : IAsyncLifetime
{
    private const string Keys = "/api/v1/access/keys";
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        _owner = await _server.ComeInAsync("owner@example.org", Role.Owner);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("viewer", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("editor", HttpStatusCode.Created, HttpStatusCode.Forbidden)]
    [InlineData("owner", HttpStatusCode.Created, HttpStatusCode.OK)]
    public async Task A_key_may_what_its_scope_says(string scope, HttpStatusCode change, HttpStatusCode own)
    {
        var (secret, _) = await MakeAsync(new { name = "a program", scope });
        using var program = Program(secret);
        (await program.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.PostAsJsonAsync("/api/v1/map/touchpoints", new { name = "From " + scope })).StatusCode.ShouldBe(change);
        (await program.GetAsync(Keys)).StatusCode.ShouldBe(own);
        var who = await (await program.GetAsync("/api/v1/access/me")).Content.ReadFromJsonAsync<JsonElement>();
        (who.GetProperty("kind").GetString(), who.GetProperty("name").GetString()).ShouldBe(("key", "a program"));
    }

    [Fact]
    public async Task A_key_for_one_part_of_the_api_opens_no_other()
    {
        var (secret, _) = await MakeAsync(new { name = "map only", scope = "owner", areas = new[] { "map" } });
        using var program = Program(secret);
        (await program.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.GetAsync("/api/v1/collect/sources")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await program.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _owner.PostAsJsonAsync(Keys, new { name = "wrong", areas = new[] { "nowhere" } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_revoked_key_and_one_that_has_ended_work_no_more()
    {
        var (secret, id) = await MakeAsync(new { name = "to revoke" });
        using var program = Program(secret);
        (await program.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _owner.DeleteAsync($"{Keys}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await program.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _owner.DeleteAsync($"{Keys}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var (brief, _) = await MakeAsync(new { name = "brief", expires = DateTimeOffset.UtcNow.AddSeconds(2) });
        using var late = Program(brief);
        await Task.Delay(2100);
        (await late.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _owner.PostAsJsonAsync(Keys, new { name = "past", expires = DateTimeOffset.UtcNow.AddDays(-1) })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tk_forged")]
    [InlineData("tk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_key_is_refused_also_where_a_session_would_do(string secret)
    {
        _owner.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        (await _owner.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_kept_nowhere()
    {
        var (secret, _) = await MakeAsync(new { name = "secret" });
        secret.Length.ShouldBe(3 + 43);
        (await _owner.GetStringAsync(Keys)).ShouldNotContain(secret);
        await _server.StopAsync();
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_server.DataFolder, "*", SearchOption.AllDirectories))
            System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)).ShouldNotContain(secret, customMessage: file);
    }

    [Fact]
    public async Task An_answer_with_a_secret_is_not_given_twice()
    {
        async Task<HttpResponseMessage> SendAsync(string address, object? body, string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            return await _owner.SendAsync(request);
        }

        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        var people = await (await _owner.GetAsync("/api/v1/access/users")).Content.ReadFromJsonAsync<JsonElement>();
        var id = people.GetProperty("items")[0].GetProperty("id").GetString();
        foreach (var (address, body) in new (string, object?)[] { (Keys, new { name = "once" }), ("/api/v1/access/users", new { email = "b@example.org" }), ($"/api/v1/access/users/{id}/reset", null) })
        {
            var key = Guid.NewGuid().ToString();
            (await SendAsync(address, body, key)).StatusCode.ShouldBe(HttpStatusCode.OK, address);
            var again = await SendAsync(address, body, key);
            again.StatusCode.ShouldBe(HttpStatusCode.Conflict, address);
            (await again.Content.ReadAsStringAsync()).ShouldContain("shown once");
        }

        await using var scope = _server.Services.CreateAsyncScope();
        var kept = await scope.ServiceProvider.GetRequiredService<TangentDb>().Set<Tangent.Web.KeptAnswer>().ToListAsync();
        kept.Count.ShouldBe(3);
        var protector = _server.Get<IDataProtectionProvider>().CreateProtector("Tangent.KeptAnswer");
        kept.ShouldAllBe(a => protector.Unprotect(a.Body!).Length == 0);
    }

    [Fact]
    public async Task The_page_makes_and_revokes_keys_too()
    {
        var made = await (await _owner.SubmitAsync("/access/keys", ("name", "From the page"), ("scope", "Viewer"), ("days", "30"), ("areas", "map"))).Content.ReadAsStringAsync();
        var secret = System.Text.RegularExpressions.Regex.Match(made, "tk_[A-Za-z0-9_-]{43}").Value;
        using var program = Program(secret);
        (await program.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var revocation = System.Text.RegularExpressions.Regex.Match(made, "/access/keys/[0-9a-f-]+/revocation").Value;
        (await _owner.SubmitAsync("/access/keys", revocation)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await program.GetAsync("/api/v1/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _owner.GetStringAsync("/access/keys")).ShouldNotContain(secret);
    }

    private async Task<(string Secret, string Id)> MakeAsync(object key)
    {
        var answer = await _owner.PostAsJsonAsync(Keys, key);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (made.GetProperty("secret").GetString()!, made.GetProperty("key").GetProperty("id").GetString()!);
    }

    private HttpClient Program(string secret)
    {
        var program = _server.Browser();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return program;
    }
}
