using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tangent.Access;

namespace Tangent.Tests.Access;

public sealed class SessionsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(demo: false);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_cookie_is_worth_nothing_after_signing_out()
    {
        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        using var thief = _server.Browser();
        var signedIn = await person.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password));
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("tangent=", StringComparison.Ordinal)).Split(';')[0];
        (await WithAsync(thief, cookie)).ShouldBe(HttpStatusCode.OK);
        (await person.SubmitAsync("/access/account", "/access/sign-out")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await WithAsync(thief, cookie)).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_tables_of_a_page_that_answers_a_form_lead_to_the_page()
    {
        using var owner = await _server.ComeInAsync("owner@example.org", Role.Owner);
        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        var people = (await (await owner.GetAsync("/api/v1/access/users")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items");
        var id = people.EnumerateArray().Single(p => p.GetProperty("email").GetString() == "a@example.org").GetProperty("id").GetString();
        var reset = await (await owner.SubmitAsync($"/access/users/{id}", $"/access/users/{id}/reset")).Content.ReadAsStringAsync();
        var refused = await (await person.SubmitAsync("/access/account", "/access/account/password", ("current", "wrong"), ("password", "another long password"))).Content.ReadAsStringAsync();
        foreach (var (page, who, leads) in new[] { (reset, owner, $"/access/users/{id}?"), (refused, person, "/access/account?") })
        {
            var links = System.Text.RegularExpressions.Regex.Matches(page, "href=\"([^\"]+\\?[^\"]*(sort|export|columns)[^\"]*)\"").Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ToList();
            links.ShouldNotBeEmpty();
            links.ShouldAllBe(link => link.StartsWith(leads, StringComparison.Ordinal));
            (await who.GetAsync(links[0])).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Signing_in_begins_a_session_that_nobody_knew_before()
    {
        using var owner = await _server.ComeInAsync("owner@example.org", Role.Owner);
        using var _ = await _server.ComeInAsync("a@example.org", Role.Viewer);
        using var person = _server.Browser();
        async Task<HashSet<string>> SessionsAsync() =>
            [.. (await (await owner.GetAsync("/api/v1/access/sessions")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()!)];
        string Cookie(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Where(c => c.StartsWith("tangent=", StringComparison.Ordinal)).ShouldHaveSingleItem();
        var before = await SessionsAsync();
        var planted = Cookie(await person.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password)));
        planted.ShouldContain("httponly", Case.Insensitive);
        var first = (await SessionsAsync()).Except(before).ShouldHaveSingleItem();

        // Somebody planted the cookie of a session that they know; the person signs in with it.
        using var victim = _server.Browser();
        victim.DefaultRequestHeaders.Add("Cookie", planted.Split(';')[0]);
        var given = Cookie(await victim.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password)));
        var second = (await SessionsAsync()).Except(before).Except([first]).ShouldHaveSingleItem();
        (await owner.DeleteAsync("/api/v1/access/sessions/" + first)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var thief = _server.Browser();
        (await WithAsync(thief, planted.Split(';')[0])).ShouldBe(HttpStatusCode.Redirect);
        (await WithAsync(thief, given.Split(';')[0])).ShouldBe(HttpStatusCode.OK, second);
    }

    [Theory]
    [InlineData("tangent=forged")]
    [InlineData("tangent=")]
    [InlineData("tangent=CfDJ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_cookie_leads_to_signing_in(string cookie)
    {
        using var stranger = _server.Browser();
        (await WithAsync(stranger, cookie)).ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_keeps_this_one()
    {
        using var here = await _server.ComeInAsync("a@example.org", Role.Viewer);
        using var elsewhere = _server.Browser();
        await elsewhere.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password));
        (await elsewhere.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await here.SubmitAsync("/access/account", "/access/account/password", ("current", "not the password"), ("password", "a new long password"))).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await here.SubmitAsync("/access/account", "/access/account/password", ("current", People.Password), ("password", "a new long password"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await here.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await elsewhere.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task People_see_and_end_their_own_sessions_only()
    {
        using var a = await _server.ComeInAsync("a@example.org", Role.Viewer);
        using var b = await _server.ComeInAsync("b@example.org", Role.Viewer);
        using var elsewhere = _server.Browser();
        elsewhere.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (Windows NT 10.0) Firefox/130.0");
        await elsewhere.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password));
        var page = await (await a.GetAsync("/access/account")).Content.ReadAsStringAsync();
        page.ShouldContain("Firefox, Windows");
        var other = System.Text.RegularExpressions.Regex.Match(page, "/access/account/sessions/([0-9a-f-]+)/end").Value;

        await b.SubmitAsync("/access/account", other);
        (await elsewhere.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await a.SubmitAsync("/access/account", other);
        (await elsewhere.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await a.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_change_without_the_forms_token_is_refused()
    {
        using var person = await _server.ComeInAsync("a@example.org", Role.Viewer);
        using var form = new FormUrlEncodedContent([new("current", People.Password), new("password", "a new long password")]);
        (await person.PostAsync("/access/account/password", form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await person.PostAsync("/access/sign-out", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await person.GetAsync("/map/touchpoints")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_language_of_a_person_comes_with_them_to_another_browser()
    {
        using var here = await _server.ComeInAsync("a@example.org", Role.Viewer);
        await here.SubmitAsync("/access/account", "/access/account/preferences", ("language", "pl"), ("theme", "dark"));
        using var elsewhere = _server.Browser();
        await elsewhere.SubmitAsync("/access/sign-in", ("email", "a@example.org"), ("password", People.Password));
        (await (await elsewhere.GetAsync("/access/account")).Content.ReadAsStringAsync()).ShouldContain("<html lang=\"pl\" data-bs-theme=\"dark\"");
    }

    private static async Task<HttpStatusCode> WithAsync(HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/map/touchpoints");
        request.Headers.Add("Cookie", cookie);
        return (await client.SendAsync(request)).StatusCode;
    }
}
