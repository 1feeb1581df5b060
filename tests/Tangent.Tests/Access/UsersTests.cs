using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Tangent.Access;

namespace Tangent.Tests.Access;

public sealed class UsersTests : IAsyncLifetime
{
    private const string Users = "/api/v1/access/users";
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(demo: false);
        _owner = await _server.ComeInAsync("owner@example.org", Role.Owner);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_last_owner_stays()
    {
        var id = await IdAsync("owner@example.org");
        (await _owner.PutAsJsonAsync($"{Users}/{id}/role", new { role = "viewer" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _owner.PutAsJsonAsync($"{Users}/{id}/disabled", new { disabled = true })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _owner.DeleteAsync($"{Users}/{id}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        using var second = await _server.ComeInAsync("second@example.org", Role.Owner);
        var other = await IdAsync("second@example.org");
        (await _owner.PutAsJsonAsync($"{Users}/{other}/disabled", new { disabled = true })).StatusCode.ShouldBe(HttpStatusCode.OK);
        // A disabled owner can invite nobody and does not count.
        (await _owner.PutAsJsonAsync($"{Users}/{id}/role", new { role = "editor" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _owner.PutAsJsonAsync($"{Users}/{other}/disabled", new { disabled = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _owner.PutAsJsonAsync($"{Users}/{id}/role", new { role = "editor" })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_two_owners_who_demote_each_other_at_once_one_remains()
    {
        using var second = await _server.ComeInAsync("second@example.org", Role.Owner);
        var (first, other) = (await IdAsync("owner@example.org"), await IdAsync("second@example.org"));
        await Task.WhenAll(
            _owner.PutAsJsonAsync($"{Users}/{other}/role", new { role = "viewer" }),
            second.PutAsJsonAsync($"{Users}/{first}/role", new { role = "viewer" }));
        await using var scope = _server.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<UserQueries>().ListAsync(CancellationToken.None)).Count(p => p.Role == Role.Owner).ShouldBe(1);
    }

    [Fact]
    public async Task Another_role_counts_from_the_next_request_on()
    {
        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        (await person.GetAsync("/map/touchpoints/new")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await _owner.PutAsJsonAsync($"{Users}/{await IdAsync("a@example.org")}/role", new { role = "editor" })).EnsureSuccessStatusCode();
        (await person.GetAsync("/map/touchpoints/new")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _owner.PutAsJsonAsync($"{Users}/{await IdAsync("a@example.org")}/role", new { role = "viewer" })).EnsureSuccessStatusCode();
        (await person.GetAsync("/map/touchpoints/new")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Who_is_disabled_is_out_at_once_and_does_not_come_in_again()
    {
        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        (await person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _owner.PutAsJsonAsync($"{Users}/{await IdAsync("a@example.org")}/disabled", new { disabled = true })).EnsureSuccessStatusCode();
        (await person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var again = _server.Browser();
        (await again.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_reset_link_works_once_signs_out_everywhere_and_cannot_be_forged()
    {
        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        var answer = await (await _owner.PostAsync($"{Users}/{await IdAsync("a@example.org")}/reset", null)).Content.ReadFromJsonAsync<JsonElement>();
        var link = answer.GetProperty("link").GetString()!;
        using var anyone = _server.Browser();
        (await anyone.GetAsync(link + "x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await anyone.GetAsync(link.Replace(await IdAsync("a@example.org"), await IdAsync("owner@example.org"), StringComparison.Ordinal))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var query = System.Web.HttpUtility.ParseQueryString(link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..]);
        (string, string)[] Fields(string password) => [("user", query["user"]!), ("token", query["token"]!), ("password", password)];
        (await anyone.SubmitAsync(link, "/access/reset", Fields("short"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await anyone.SubmitAsync(link, "/access/reset", Fields("another long password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await anyone.SubmitAsync("/access/sign-in", "/access/reset", Fields("yet another password"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await anyone.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", "another long password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task An_owner_does_on_the_pages_what_the_api_does()
    {
        var invited = await _owner.SubmitAsync("/access/users", ("email", "b@example.org"), ("role", "Editor"));
        var link = System.Text.RegularExpressions.Regex.Match(await invited.Content.ReadAsStringAsync(), "/access/invitations/[0-9a-f]+").Value;
        using var person = _server.Browser();
        (await person.SubmitAsync(link, ("password", People.Password))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await person.SubmitAsync("/access/account", link, ("password", People.Password))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = $"/access/users/{await IdAsync("b@example.org")}";
        (await _owner.SubmitAsync(page, page + "/role", ("role", "Viewer"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await (await person.GetAsync("/api/v1/access/me")).Content.ReadAsStringAsync()).ShouldContain("\"viewer\"");
        (await (await _owner.SubmitAsync(page, page + "/reset")).Content.ReadAsStringAsync()).ShouldContain("/access/reset?user=");
        (await _owner.SubmitAsync(page, page + "/deletion")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await _owner.GetAsync(page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task When_a_person_was_last_seen_is_known_after_they_have_signed_out_and_roles_are_written_as_they_are_read()
    {
        using var person = await _server.ComeInAsync("a@example.org", Role.Contributor);
        (await person.SubmitAsync("/access/account", "/access/sign-out")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var seen = await (await _owner.GetAsync($"{Users}/{await IdAsync("a@example.org")}")).Content.ReadFromJsonAsync<JsonElement>();
        seen.GetProperty("lastSeen").GetDateTime().ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(5));
        seen.GetProperty("role").GetString().ShouldBe("contributor");
        (await _owner.PostAsJsonAsync(Users, new { email = "C@example.org", role = "owner" })).EnsureSuccessStatusCode();
        (await _owner.PostAsJsonAsync(Users, new { email = "c@example.org", role = "editor" })).EnsureSuccessStatusCode();
        var open = await (await _owner.GetAsync("/api/v1/access/invitations")).Content.ReadFromJsonAsync<JsonElement>();
        open.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("role").GetString().ShouldBe("editor");
    }

    [Fact]
    public async Task A_withdrawn_invitation_opens_nothing()
    {
        var made = await (await _owner.PostAsJsonAsync(Users, new { email = "c@example.org" })).Content.ReadFromJsonAsync<JsonElement>();
        var open = await (await _owner.GetAsync("/api/v1/access/invitations")).Content.ReadFromJsonAsync<JsonElement>();
        var id = open.GetProperty("items")[0].GetProperty("id").GetString();
        (await _owner.DeleteAsync($"/api/v1/access/invitations/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var person = _server.Browser();
        (await person.GetAsync(made.GetProperty("link").GetString())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<string> IdAsync(string email)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByEmailAsync(email))!.Id.ToString();
    }
}
